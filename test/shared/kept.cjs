/** What tests compile once and keep from run to run, in `node_modules/.cache`. */
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { join, resolve } = require("node:path");

const ROOT = resolve(__dirname, "..", "..");
const CACHE = join(ROOT, "node_modules", ".cache", "quick-start");
fs.mkdirSync(CACHE, { recursive: true });

/** Where something that was made of a file, as it is now, is kept. */
function placeOf(kind, file) {
  const { size, mtimeMs } = fs.statSync(file);
  return join(CACHE, createHash("sha1").update(`${kind} ${file} ${size} ${mtimeMs}`).digest("hex"));
}

/** Undefined if nothing is kept there. */
function readKept(place) {
  try {
    return fs.readFileSync(place);
  } catch {
    return undefined;
  }
}

/** Whole or not at all: other processes read it. */
function keep(place, content) {
  const half = `${place}.${process.pid}`;
  fs.writeFileSync(half, content);
  fs.renameSync(half, place);
}

module.exports = { CACHE, ROOT, placeOf, readKept, keep };
