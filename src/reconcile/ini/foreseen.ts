import type { DeviceSettings } from "../../declare/device";
import type { DeviceClient } from "../../device/client";
import { Slot } from "../../device/shared/device";
import { type Address, rowAddress, splitAddress } from "../../ini/address";
import type { Change } from "../../ini/compare";
import { nameKey } from "../../ini/names";
import { liveValue, type Observed, sameLive } from "../../ini/observe";
import type { SecretTest } from "../../ini/secrets";
import { type Log, STAYS, tellChanges, tellEach } from "../life/log";
import type { ProviderProcess } from "../life/provider-process";
import type { Restoration } from "./restore";

/*
 * What a preview says of changes between a state and a declaration: what becomes of them on the device, which is not
 * always what the two texts look like beside each other.
 */

/** Changes by what becomes of them. */
export interface Foreseen {
  /** The device is changed, as far as is known. */
  changes: Change[];
  /** Newly declared, and the device holds it already. */
  held: Address[];
  /** No longer declared, and left on the device. */
  staying: Address[];
}

/**
 * @param released what becomes of what leaves the declaration; undefined if all of it stays
 * @param ownTables tables in which undeclared rows are removed
 * @param live what the device showed when it was read last in this run; undefined if it was not
 */
export function foresee(
  changes: readonly Change[],
  {
    released,
    ownTables = [],
    live,
  }: { released?: Restoration; ownTables?: readonly string[]; live?: Observed },
): Foreseen {
  const foreseen: Foreseen = { changes: [], held: [], staying: [] };
  const owned = new Set(ownTables.map(nameKey));
  for (const change of changes) {
    const { address, before, after } = change;
    if (after === undefined) {
      const split = splitAddress(address);
      const restored = released?.restored.get(address);
      const isRemoved =
        split.kind === "cell" &&
        (owned.has(nameKey(split.table)) || released?.removedRows.has(rowAddress(split.table, split.index)));
      if (restored !== undefined) foreseen.changes.push({ ...change, after: restored });
      else if (isRemoved) foreseen.changes.push(change);
      else foreseen.staying.push(address);
      continue;
    }
    const shown = before === undefined && live !== undefined ? liveValue(live, address) : undefined;
    if (shown === undefined) foreseen.changes.push(change);
    else if (sameLive(after, shown)) foreseen.held.push(address);
    else foreseen.changes.push({ ...change, before: shown });
  }
  return foreseen;
}

/** Tells what was foreseen, a parameter or a cell a line. */
export function tellForeseen(log: Log, { changes, held, staying }: Foreseen, isSecret: SecretTest): void {
  tellChanges(log, changes, isSecret);
  tellEach(log, held, "managed from now on, the device holds the declared value already", "adopted");
  tellEach(log, staying, STAYS);
}

/** What a refresh of this run has read of a device. */
const SEEN = new Slot((): { observed?: Observed } => ({}));

/** Keeps what a refresh read of a device, for the diffs that follow it. */
export function rememberSeen(client: DeviceClient, observed: Observed): void {
  client.device.recall(SEEN).observed = observed;
}

/** What a refresh of this run has read of a device. Sends nothing. */
export function seenOf(process: ProviderProcess, device: DeviceSettings): Observed | undefined {
  try {
    return process.client(device).device.recall(SEEN).observed;
  } catch {
    // Settings that are not all known yet: it was not read with them.
    return undefined;
  }
}
