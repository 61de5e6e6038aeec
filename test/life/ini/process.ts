import { incrementalIniConfig } from "../../../src/reconcile/ini/incremental-ini-config";
import { newLife } from "../../shared/life";

export type Life = ReturnType<typeof newProcess>;

/** The life of IncrementalIniConfig as a provider process that has just begun has it. */
export function newProcess() {
  return newLife(incrementalIniConfig);
}
