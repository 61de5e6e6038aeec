import { UNKNOWN } from "../../declare/unknown";
import { type LoggedChange, logsJson, writeLine } from "../../device/log";
import type { Change } from "../../ini/compare";
import type { SecretTest } from "../../ini/secrets";
import { type DescribableChange, describeChange, shownChange } from "../../text/describe";
import { listed } from "../../text/listed";
import { redact } from "../../text/redact";

/** Writes one line of a resource's life where the engine shows it; `change` is what it tells of one value. */
export type Log = (line: string, change?: LoggedChange) => void;

/**
 * Lines that begin with the device and the resource: `[sbc1] base: …`; a resource that is called like its device is
 * not named again.
 */
export function resourceLog(device: string, resource: string): Log {
  return (message, change) => writeLine({ device, resource, message, change });
}

/** Lines about a device as a whole: `[sbc1] …`. */
export function deviceLog(device: string): Log {
  return (message, change) => writeLine({ device, message, change });
}

/** So many changes are listed one by one; the rest is counted. */
export const LISTED = 50;

/** How many of so many lines are written: programs get all of them. */
export function listedLines<T>(all: readonly T[]): readonly T[] {
  return logsJson() ? all : all.slice(0, LISTED);
}

/**
 * Tells a list of changes, a parameter or a cell a line.
 * @param what stands before each: `drift: `
 */
export function tellChanges(
  log: Log,
  changes: readonly Change[],
  isSecret: SecretTest,
  what = "",
  kind: LoggedChange["change"] = what === DRIFT ? "drift" : what === "" ? "update" : "beside",
): void {
  for (const change of listedLines(changes)) tellChange(log, change, isSecret(change.address), what, kind);
  tellRest(log, changes, (rest) => `${what}… and ${rest} more changes`);
}

/** What stands before a change that somebody made on the device. */
export const DRIFT = "drift: ";

/** One of them. `secrets`: texts that are not shown wherever they stand. */
export function tellChange(
  log: Log,
  change: DescribableChange,
  secret: boolean,
  what: string,
  kind: LoggedChange["change"],
  secrets: readonly string[] = [],
): void {
  const options = { secret, unknown: UNKNOWN };
  const shown = Object.entries(shownChange(change, options)).map(([key, value]) => [
    key,
    redacted(value, secrets),
  ]);
  log(redact(`${what}${describeChange(change, options)}`, secrets), {
    change: kind,
    ...(Object.fromEntries(shown) as ReturnType<typeof shownChange>),
  });
}

function redacted(value: unknown, secrets: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((part) => redacted(part, secrets));
  return typeof value === "string" ? redact(value, secrets) : value;
}

/** Tells how many there are beyond those that were listed. */
export function tellRest(log: Log, all: readonly unknown[], words: (rest: number) => string): void {
  const rest = all.length - listedLines(all).length;
  if (rest > 0) log(words(rest));
}

/** Tells the same of many addresses, one a line. */
export function tellEach(
  log: Log,
  addresses: readonly string[],
  what: string,
  change: LoggedChange["change"] = "released",
): void {
  for (const address of listedLines(addresses)) log(`${address}: ${what}`, { change, address });
  tellRest(log, addresses, (rest) => `… and ${rest} more: ${what}`);
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
