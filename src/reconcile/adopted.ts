import { NameMap } from "../ini/names";
import type { Observed } from "../ini/observe";
import {
  type IncrementalIniInputs,
  type IncrementalIniState,
  managedBy,
  stateAfter,
} from "./ini/incremental-ini-config";
import { unconfirmed } from "./ini/likely-causes";
import { nothingToRestore } from "./ini/restore";
import { verifyFragment } from "./ini/verify";
import { ReconcileError } from "./life/errors";
import { SCHEMA_VERSION } from "./life/life";

/**
 * The state in which the creation of a resource ends if a device holds all that it declares. Nothing is asked or sent.
 *
 * @param observed what the device shows
 * @throws ReconcileError if it shows something else
 */
export function adoptedIni(inputs: IncrementalIniInputs, observed: Observed): IncrementalIniState {
  const managed = managedBy(inputs);
  const fragment = { ...managed, ...nothingToRestore(), forms: new NameMap<never>() };
  const verdict = verifyFragment(fragment, observed, observed, new NameMap());
  const reasons = [...verdict.problems, ...verdict.mayComeLater];
  if (verdict.unconfirmed.length > 0)
    reasons.push(unconfirmed(verdict.unconfirmed, { fragment, before: observed, after: observed }));
  if (reasons.length > 0) throw new ReconcileError(reasons);
  const outcome = { before: observed, after: observed, verdict, written: new NameMap<never>() };
  return { ...stateAfter(inputs, managed, undefined, outcome), __mediantSchema: SCHEMA_VERSION };
}
