#!/usr/bin/env node
import { tolerateLostReaders } from "./outcome";
import { runProgram } from "./program";

tolerateLostReaders();
runProgram(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
