import { createRequire } from "node:module";
import { sep } from "node:path";
import type * as incrementalIni from "../../src/reconcile/ini/incremental-ini-config";

export type Life = typeof incrementalIni;

const load = createRequire(__filename);
const OWN = [`${sep}src${sep}reconcile${sep}`, `${sep}src${sep}device${sep}`];

/**
 * The life of IncrementalIniConfig as a provider process that has just begun has it: queues, caches, closed
 * credentials and the registry of a run are module-level, so its modules are loaded anew.
 */
export function newProcess(): Life {
  for (const path of Object.keys(load.cache)) {
    if (OWN.some((room) => path.includes(room))) delete load.cache[path];
  }
  return load("../../src/reconcile/ini/incremental-ini-config") as Life;
}
