import { UNKNOWN } from "../../declare/unknown";
import type { Change } from "../../ini/compare";
import type { SecretTest } from "../../ini/secrets";
import { describeChange, safeLine } from "../../text/describe";

/** Writes one line of a resource's life where the engine shows it. */
export type Log = (line: string) => void;

/**
 * Lines that begin with the device and the resource: `[sbc1] base: …`; a resource that is called like its device is
 * not named again.
 */
export function resourceLog(device: string, resource: string): Log {
  const head = device === resource ? `[${device}]` : `[${device}] ${resource}:`;
  return (line) => console.log(`${head} ${safeLine(line)}`);
}

/** Lines about a device as a whole: `[sbc1] …`. */
export function deviceLog(device: string): Log {
  return (line) => console.log(`[${device}] ${safeLine(line)}`);
}

/** So many changes are listed one by one; the rest is counted. */
export const LISTED = 50;

/** Names in one line: the first `most` of them, and a count of the rest. */
export function listed(names: readonly string[], most = 20): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/**
 * Tells a list of changes, a parameter or a cell a line.
 * @param what stands before each: `drift: `
 */
export function tellChanges(log: Log, changes: readonly Change[], isSecret: SecretTest, what = ""): void {
  for (const change of changes.slice(0, LISTED))
    log(`${what}${describeChange(change, { secret: isSecret(change.address), unknown: UNKNOWN })}`);
  const rest = changes.length - LISTED;
  if (rest > 0) log(`${what}… and ${rest} more changes`);
}

/** Tells the same of many addresses, one a line. */
export function tellEach(log: Log, addresses: readonly string[], what: string): void {
  for (const address of addresses.slice(0, LISTED)) log(`${address}: ${what}`);
  const rest = addresses.length - LISTED;
  if (rest > 0) log(`… and ${rest} more: ${what}`);
}

/** What becomes of what leaves a declaration if nothing takes it away or back. */
export const STAYS = "no longer managed, stays on the device";

/**
 * Sees that one change is told once: in a refresh the engine calls read, then diff on what read gave, then diff
 * again for the update that heals it.
 */
export class ToldOnce {
  private readonly told = new Set<string>();
  private readonly justRead = new Set<string>();

  /**
   * Of a read, which tells the drift: the diff that follows within the refresh compares with inputs that may be
   * older than the program's, and stays silent.
   */
  read(id: string): void {
    this.justRead.add(id);
  }

  /** Of a diff: whether these changes still have to be told. */
  mustTell(id: string, changes: readonly Change[]): boolean {
    if (this.justRead.delete(id)) return false;
    const key = JSON.stringify([
      id,
      changes.map(({ address, before, after }) => [address, before ?? null, after ?? null]),
    ]);
    if (this.told.has(key)) return false;
    this.told.add(key);
    return true;
  }
}

/** What a whole configuration leaves out. */
export function tellLeftOut(log: Log, changes: readonly Change[]): void {
  const released = changes.filter(({ after }) => after === undefined).map(({ address }) => address);
  if (released.length > 0) log(`left out, so back to the default or gone: ${listed(released)}`);
}
