/**
 * Loaded first into a process (`node --require`): puts one bug of `bugs.json` into the sources as they are loaded. The
 * file on disk stays as it is. The environment variable PLANTED names the bug.
 */
"use strict";
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { join, resolve } = require("node:path");

const ROOT = resolve(__dirname, "..", "..");
const bug = require(join(__dirname, "bugs.json")).find(({ name }) => name === process.env.PLANTED);
if (bug === undefined) throw new Error(`no bug is named ${process.env.PLANTED}`);
const place = join(ROOT, bug.file);
const load = Module._extensions[".ts"];

Module._extensions[".ts"] = (module, file) => {
  if (file !== place) return load(module, file);
  const source = readFileSync(file, "utf8");
  if (source.split(bug.find).length !== 2) throw new Error(`${bug.file} has not one place for ${bug.name}`);
  const ts = require("typescript");
  const { outputText } = ts.transpileModule(
    source.replace(bug.find, () => bug.put),
    {
      fileName: file,
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.Node16,
        esModuleInterop: true,
      },
    },
  );
  return module._compile(outputText, file);
};
