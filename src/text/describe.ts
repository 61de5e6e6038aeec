import { withoutObscured } from "./redact";

/** A change that people can read: the parts of a `Change` of the ini or the cli room. */
export interface DescribableChange {
  /** What changes, as people write it: `ProxySet 3 ProxyName`. */
  address: string;
  before: string | readonly string[] | undefined;
  after: string | readonly string[] | undefined;
}

export interface DescribeOptions {
  /** Whether the value is a secret: neither side is shown then. */
  secret: boolean;
  /** The value for which the engine does not know the text yet. */
  unknown?: string;
}

const LONGEST_VALUE = 200;

/** One line for one change: `ProxySet 3 ProxyName: "PS_T" => "PS_X"`, or `… : (secret) changed`. */
export function describeChange(change: DescribableChange, options: DescribeOptions): string {
  const { address, before, after } = change;
  if (options.secret) {
    const what = before === undefined ? "added" : after === undefined ? "removed" : "changed";
    return `${address}: (secret) ${what}`;
  }
  return `${address}: ${describeValue(before, options.unknown)} => ${describeValue(after, options.unknown)}`;
}

/**
 * A value in quotes, escaped so that it stays on its line and cannot steer a terminal; a list in brackets. An
 * obscured value is not shown, whoever forgot to call it a secret.
 */
export function describeValue(value: string | readonly string[] | undefined, unknown?: string): string {
  if (value === undefined) return "(none)";
  if (value === unknown && unknown !== undefined) return "(known after apply)";
  const hidden = typeof value === "string" ? withoutObscured(value) : value.map(withoutObscured);
  const text = JSON.stringify(hidden).replace(UNPRINTABLE, escaped);
  if (text.length <= LONGEST_VALUE) return text;
  return `${text.slice(0, LONGEST_VALUE).replace(/[\uD800-\uDBFF]$/, "")}… (${text.length} characters)`;
}

/** What JSON leaves as it is although it ends lines, moves the cursor or turns the direction of the text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function escaped(character: string): string {
  const units = character.split("");
  return units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}
