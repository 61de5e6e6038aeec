import { placeholders } from "../../ini/variables";
import { isObscured, REDACTED, sameText, secretShare } from "../../secrets/values";

type SomeValue = string | readonly string[];

/** One parameter, cell or line that differs. Whoever shows it leaves out the values of a secret. */
export interface FileChange {
  /** `EnableSyslog`, `ProxySet 3 ProxyName`, `configure voip / proxy-set 3 / proxy-name`. */
  address: string;
  /** Undefined if it is added. */
  before: SomeValue | undefined;
  /** Undefined if it is removed. */
  after: SomeValue | undefined;
  secret: boolean;
}

/** What differs, and the addresses at which nothing can be said of that. */
export interface FileDiff {
  changes: FileChange[];
  uncompared: string[];
}

/** What a file is held against: another file, or what a device gave. */
export type Against = "file" | "device";

/** Parts what differs from what cannot be compared, and leaves out what only looks different. */
export function diffOf(candidates: readonly FileChange[], against: Against): FileDiff {
  const diff: FileDiff = { changes: [], uncompared: [] };
  for (const change of candidates) {
    const { before, after, secret } = change;
    if (typeof before === "string" && typeof after === "string" && sameText(before, after)) continue;
    const opaque = before !== undefined && after !== undefined && isOpaque(before, after, against);
    if (opaque) diff.uncompared.push(change.address);
    else diff.changes.push({ ...change, secret: secret || isWhollySecret(before) || isWhollySecret(after) });
  }
  return diff;
}

function isWhollySecret(value: SomeValue | undefined): boolean {
  return value !== undefined && secretShare(value) === "all";
}

/** Whether one side hides its value: a backup does, a device that obscures, a placeholder. */
function isOpaque(before: SomeValue, after: SomeValue, against: Against): boolean {
  const [old, now] = [before, after].map((value) => (typeof value === "string" ? [value] : value));
  if (old === undefined || now === undefined) return false;
  const texts = [...old, ...now];
  if (texts.some((text) => text.includes(REDACTED))) return true;
  if (against === "device" && texts.some((text) => placeholders(text).length > 0)) return true;
  return old.some(isObscured) !== now.some(isObscured);
}
