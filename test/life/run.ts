import { createRequire } from "node:module";
import { sep } from "node:path";
import type * as provider from "../../src/provider";

const load = createRequire(__filename);
const OWN = ["reconcile", "device", "provider.ts"].map((room) => `${sep}src${sep}${room}`);

/** The entry as a provider process that has just begun has it: what a run declares is remembered in its modules. */
export function newRun(): typeof provider {
  for (const path of Object.keys(load.cache)) {
    if (OWN.some((room) => path.includes(room))) delete load.cache[path];
  }
  return load("../../src/provider") as typeof provider;
}
