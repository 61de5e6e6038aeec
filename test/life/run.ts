import { ProviderProcess } from "../../src/reconcile/life/provider-process";
import { livesOf } from "../../src/reconcile/lives";

/** The lives of all resources, as a provider process that has just begun has them. */
export function newRun() {
  return livesOf(new ProviderProcess());
}
