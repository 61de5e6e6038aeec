import type { FlagKind } from "./model";

/*
 * The lines that resources write into the log of a run: `[sbc1] base: SyslogServerIP: "a" => "b"`.
 */

/** A line of the log, and whose it is. */
export interface Said {
  device: string;
  /** The rest of the line; it may begin with the name of a resource. */
  text: string;
}

/** The lines of a message that are ours, as text or as JSON (`$MEDIANT_LOG`). */
export function saidLines(message: string): Said[] {
  return message.split(/\r?\n/).flatMap((line) => {
    if (line.startsWith('{"device":')) return saidInJson(line);
    const match = /^\[([^[\]]{1,200})\] (.+)$/.exec(line.trim());
    return match === null ? [] : [{ device: match[1] ?? "", text: (match[2] ?? "").trim() }];
  });
}

function saidInJson(line: string): Said[] {
  try {
    const { device, resource, message } = JSON.parse(line) as Record<string, unknown>;
    if (typeof device !== "string" || typeof message !== "string") return [];
    const isNamed = typeof resource === "string" && resource !== device;
    return [{ device, text: isNamed ? `${resource}: ${message}` : message }];
  } catch {
    return [];
  }
}

/** A secret that changes: no state shows it, so the log alone tells. */
export interface SecretChange {
  address: string;
  drift: boolean;
  what: "added" | "removed" | "changed";
}

export function secretChange(text: string): SecretChange | undefined {
  const end = / \(secret\) (added|removed|changed)$/.exec(text);
  if (end === null) return undefined;
  const [, mark = "", address] =
    /^(drift: )?([^:]+(?::(?! )[^:]*)*): /.exec(text.slice(0, end.index + 1)) ?? [];
  if (address === undefined) return undefined;
  return { drift: mark !== "", address, what: end[1] as SecretChange["what"] };
}

/** A drift that the log tells; the values are as they may be shown. */
export interface ToldDrift {
  address: string;
  before: string | undefined;
  found: string | undefined;
}

const SHOWN = String.raw`(\(none\)|"(?:[^"\\]|\\.)*"|"[^"]*… \(\d+ characters\)|\[.*\])`;
const DRIFT = new RegExp(`^drift: (.+?): ${SHOWN} => ${SHOWN}$`);

export function toldDrift(text: string): ToldDrift | undefined {
  const match = DRIFT.exec(text);
  if (match === null) return undefined;
  const value = (shown: string | undefined) => (shown === "(none)" ? undefined : shown);
  return { address: match[1] ?? "", before: value(match[2]), found: value(match[3]) };
}

/** Whether a line tells a change of a value, which the states tell as well. */
export function tellsChange(text: string): boolean {
  return (
    / => /.test(text) ||
    /\(secret\) (added|removed|changed)$/.test(text) ||
    /: no longer managed, stays on the device$/.test(text) ||
    /^(drift: )?… and \d+ more/.test(text)
  );
}

/** What a line says will happen to the device. */
export function flagKinds(text: string): FlagKind[] {
  const kinds: FlagKind[] = [];
  if (/\buploads\b/.test(text)) kinds.push("upload");
  if (/\bresets the device\b|\bthe device is reset\b/.test(text)) kinds.push("reset");
  // Of a pair that may be none both are said.
  if (/\bswitchover\b/.test(text)) kinds.push("switchover");
  return kinds;
}
