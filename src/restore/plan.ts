import type { Address } from "../ini/address";
import { liveValue, type Observed } from "../ini/observe";
import { secretTest } from "../ini/secrets";
import { dumpChanges, NOTHING_COUNTS } from "../reconcile/ini/beside";
import { type WentOut, wayBack, wentOut } from "../reconcile/ini/way-back";
import { describeChange, safeLine } from "../text/describe";

/** What brings a device back to a dump of before. */
export interface RestorePlan {
  /** What is to be taken back, in the terms of the two dumps. */
  out: WentOut;
  /** What an incremental ini brings back, a line each. */
  lines: string[];
  /** What it cannot bring back, one sentence each. */
  cannot: string[];
  /** The parameters among that. */
  lasting: ReadonlySet<Address>;
}

const isSecret = secretTest([]);

/**
 * Compares what a device holds now with a dump of before; what the device obscures is not compared.
 * @param before the dump to go back to
 * @param now what the device holds
 */
export function planRestore(before: Observed, now: Observed): RestorePlan {
  const out = wentOut(before, dumpChanges(before, now, NOTHING_COUNTS));
  const { restored, removedRows, unsetParameters } = wayBack(out, now);
  const lines = [...restored].map(([address, value]) =>
    describeChange({ address, before: liveValue(now, address), after: value }, { secret: isSecret(address) }),
  );
  for (const row of removedRows.keys())
    lines.push(safeLine(`${row}: will be removed, it was not there before`));
  const cannot = unsetParameters.map(
    (name) => `${name} was at its default, which an incremental ini cannot set: it stays as it is`,
  );
  for (const { name, hidden } of [...before.tables.values(), ...now.tables.values()])
    if (hidden) cannot.push(`table ${name} has hidden elements: it stays as it is`);
  return { out, lines, cannot: [...new Set(cannot.map(safeLine))], lasting: new Set(unsetParameters) };
}
