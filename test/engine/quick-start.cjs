/**
 * Loaded first into the processes of tests, programs and providers, so that they start in a third of the time; what they do
 * stays the same. Compiled code is kept from run to run, and what the SDK loads but hardly ever calls is loaded at its
 * first use.
 */
"use strict";
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join, resolve } = require("node:path");
const { Script } = require("node:vm");

const ROOT = resolve(__dirname, "..", "..");
const CACHE = join(ROOT, "node_modules", ".cache", "quick-start");

/** What the SDK needs to store a program's code and packages; a provider does neither. */
const SELDOM = ["@npmcli/arborist", "typescript"];
const SDK = /[\\/]@pulumi[\\/]pulumi[\\/]/;

const load = Module._load;
Module._load = function (request, parent, ...others) {
  if (!SELDOM.includes(request) || !SDK.test(parent?.filename))
    return load.call(this, request, parent, ...others);
  let loaded;
  const real = () => {
    loaded ??= load.call(this, request, parent, ...others);
    return loaded;
  };
  return new Proxy(
    {},
    {
      // Else the SDK copies each property into an object of its own.
      get: (_, name) => (name === "__esModule" ? true : real()[name]),
      has: (_, name) => name in real(),
      ownKeys: () => Reflect.ownKeys(real()),
      getOwnPropertyDescriptor: (_, name) => {
        const found = Object.getOwnPropertyDescriptor(real(), name);
        return found && { ...found, configurable: true };
      },
    },
  );
};

/** Of what comes from Node's own cache V8 counts less exactly how often it ran, and tests count that. */
const isTest = /(?:\.test\.ts|group-\d+\.cjs)$/.test(process.argv[1] ?? "");

if (Module.enableCompileCache) {
  if (!isTest) Module.enableCompileCache(CACHE);
} else {
  mkdirSync(CACHE, { recursive: true });
  const compile = Module.prototype._compile;
  const isOurs = (file) => file.startsWith(ROOT) && /[\\/](?:node_modules|dist)[\\/]/.test(file);
  Module.prototype._compile = function (content, file, ...others) {
    return isOurs(file) && !content.startsWith("#!")
      ? run(this, content, file)
      : compile.call(this, content, file, ...others);
  };
}

/** Compiles a module from what is kept of it, or keeps it. */
function run(module, content, file) {
  const { size, mtimeMs } = statSync(file);
  const kept = join(
    CACHE,
    createHash("sha1").update(`${process.version} ${file} ${size} ${mtimeMs}`).digest("hex"),
  );
  let cachedData;
  try {
    cachedData = readFileSync(kept);
  } catch {
    // It is compiled for the first time.
  }
  const script = new Script(Module.wrap(content), { filename: file, cachedData });
  const own = (request) => module.require(request);
  const { resolve: find } = Module.createRequire(file);
  Object.assign(own, {
    resolve: find,
    main: process.mainModule,
    extensions: Module._extensions,
    cache: Module._cache,
  });
  const result = script
    .runInThisContext()
    .call(module.exports, module.exports, own, module, file, dirname(file));
  if (cachedData === undefined || script.cachedDataRejected) {
    const half = `${kept}.${process.pid}`;
    writeFileSync(half, script.createCachedData());
    renameSync(half, kept);
  }
  return result;
}
