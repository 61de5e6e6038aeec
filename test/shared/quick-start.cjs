/**
 * Loaded first into the processes of tests, programs and providers, so that they start in a third of the time; what they do
 * stays the same. Compiled code and the JavaScript of our TypeScript are kept from run to run, and what the SDK loads
 * but hardly ever calls is loaded at its first use.
 */
"use strict";
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { cachedDataVersionTag, setFlagsFromString } = require("node:v8");
const { Script } = require("node:vm");
const { CACHE, keep, placeOf, readKept, ROOT } = require("./kept.cjs");

// The SDK sets it when it is loaded; V8 throws away what was kept under other flags.
setFlagsFromString("--allow-natives-syntax");
const KIND = `${process.version} ${cachedDataVersionTag()}`;

/** What the SDK needs to store a program's code and packages, which a provider does not, and to start an engine. */
const SELDOM = ["@npmcli/arborist", "typescript", "normalize-package-data", "./automation"];
const SDK = /[\\/]@pulumi[\\/]pulumi[\\/]/;
/** Runs a program or a policy pack. */
const SDK_RUN = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run/;

const load = Module._load;
Module._load = function (request, parent, ...others) {
  if (request === "./debuggable" && SDK.test(parent?.filename))
    return withoutStacks(load.call(this, request, parent, ...others));
  if (!SELDOM.includes(request) || !SDK.test(parent?.filename))
    return load.call(this, request, parent, ...others);
  let loaded;
  const real = () => {
    loaded ??= load.call(this, request, parent, ...others);
    return loaded;
  };
  return new Proxy(() => {}, {
    apply: (_, self, args) => Reflect.apply(real(), self, args),
    // Else the SDK copies each property into an object of its own.
    get: (_, name) => {
      if (name === "__esModule") return true;
      return name === "default" ? (real().default ?? real()) : real()[name];
    },
    has: (_, name) => name in real(),
    ownKeys: () => Reflect.ownKeys(real()),
    getOwnPropertyDescriptor: (_, name) => {
      // How a loader asks for what an ES module exports to CommonJS.
      if (name === "module.exports") return undefined;
      const found = Object.getOwnPropertyDescriptor(real(), name);
      return found && { ...found, configurable: true };
    },
  });
};

/** The SDK asks for its stack at each promise, in case it is never settled, and the lines of a stack are looked up in maps. */
function withoutStacks(debuggable) {
  const { debuggablePromise } = debuggable;
  return {
    ...debuggable,
    debuggablePromise(...args) {
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = 0;
      try {
        return debuggablePromise(...args);
      } finally {
        Error.stackTraceLimit = stackTraceLimit;
      }
    },
  };
}

if (SDK.test(process.argv[1])) {
  // It asks for its stack at each resource, and maps of its own lines take longer to read than all the rest.
  const read = fs.readFileSync;
  fs.readFileSync = (file, ...others) => {
    if (typeof file === "string" && file.endsWith(".js.map") && file.includes("node_modules"))
      throw Object.assign(new Error(`${file} is not read`), { code: "ENOENT" });
    return read.call(fs, file, ...others);
  };
} else {
  process.setSourceMapsEnabled(true);
}

// What the SDK runs, it compiles itself.
if (!SDK_RUN.test(process.argv[1]))
  Module._extensions[".ts"] = (module, file) => module._compile(javascriptOf(file), file);

/** The JavaScript of a TypeScript file, with a map to its lines. */
function javascriptOf(file) {
  const place = placeOf("JavaScript", file);
  const kept = () => readKept(place)?.toString("utf8");
  const found = kept();
  if (found !== undefined) return found;
  execFileSync(process.execPath, [join(__dirname, "compile-all.cjs"), file]);
  return kept() ?? fail(file);
}

function fail(file) {
  throw new Error(`${file} changed while it was compiled: run again`);
}

/** Of what comes from Node's own cache V8 counts less exactly how often it ran, and tests count that. */
const isTest = /(?:\.test\.ts|group-\d+\.cjs)$/.test(process.argv[1] ?? "");

if (Module.enableCompileCache) {
  if (!isTest) Module.enableCompileCache(CACHE);
} else {
  const compile = Module.prototype._compile;
  const isOurs = (file) =>
    file.startsWith(ROOT) && /[\\/](?:node_modules|dist)[\\/]/.test(file) && !file.endsWith(".ts");
  Module.prototype._compile = function (content, file, ...others) {
    return isOurs(file) && !content.startsWith("#!")
      ? run(this, content, file)
      : compile.call(this, content, file, ...others);
  };
}

/** Compiles a module from what is kept of it, or keeps it. */
function run(module, content, file) {
  const place = placeOf(KIND, file);
  const cachedData = readKept(place);
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
  if (cachedData === undefined || script.cachedDataRejected) keep(place, script.createCachedData());
  return result;
}
