import type { Address } from "../../ini/address";
import type { Change } from "../../ini/compare";
import { type Configuration, sameValue, type Value } from "../../ini/configuration";
import { declaredBy } from "../../ini/declared";
import { NameMap } from "../../ini/names";

/**
 * The values of the last run, by address, if a refresh has found others since; null for a value that was not there.
 * Who changed them is not known: it may have been a run of ours that was cut off before it saved.
 */
export type CameSince = Record<Address, Value | null>;

/**
 * What came since the last run, after one more refresh; undefined if all is as that run left it. What is as before again
 * may have been brought back by a run that was cut off before it saved, and somebody may have saved in between.
 * @param drift what this refresh found against the one before
 * @param isAllSaved asks whether all that the device holds is in flash
 */
export async function cameSince(
  earlier: CameSince | undefined,
  drift: readonly Change[],
  found: Configuration,
  isAllSaved: () => Promise<boolean>,
): Promise<CameSince | undefined> {
  const since = new NameMap<Value | null>(Object.entries(earlier ?? {}));
  for (const { address, before } of drift) if (!since.has(address)) since.set(address, before ?? null);
  if (since.size === 0) return undefined;
  const { values } = declaredBy(found);
  const returned = [...since].filter(([address, value]) => isAsBefore(value, values.get(address)));
  if (returned.length > 0 && (await isAllSaved())) for (const [address] of returned) since.delete(address);
  return since.size === 0 ? undefined : since.toObject();
}

function isAsBefore(before: Value | null, now: Value | undefined): boolean {
  return before === null || now === undefined ? (before ?? undefined) === now : sameValue(before, now);
}
