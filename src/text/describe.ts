import { secretShare, shownValue, withoutSecretParts } from "../secrets/values";

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

/**
 * One line for one change: `ProxySet 3 ProxyName: "PS_T" => "PS_X"`, or `… : (secret) changed`. What is secret by its
 * look is not shown, whoever forgot to call it a secret; of an address only the credentials go.
 */
export function describeChange(change: DescribableChange, options: DescribeOptions): string {
  const { before, after } = change;
  const address = safeLine(change.address);
  if (isHidden(change, options)) {
    const what = before === undefined ? "added" : after === undefined ? "removed" : "changed";
    return `${address}: (secret) ${what}`;
  }
  const [from, to] = [before, after].map((value) => describeValue(value, options.unknown));
  return from === to ? `${address}: ${to} (secret) changed` : `${address}: ${from} => ${to}`;
}

/** Whether neither side of a change is shown. */
function isHidden({ before, after }: DescribableChange, { secret }: DescribeOptions): boolean {
  return secret || [before, after].some((value) => value !== undefined && secretShare(value) === "all");
}

/** The values of a change as they may be shown, for programs; none of a secret, and none that is not known yet. */
export function shownChange(
  change: DescribableChange,
  options: DescribeOptions,
): Pick<DescribableChange, "address"> &
  Partial<Pick<DescribableChange, "before" | "after">> & { secret?: true } {
  const { address } = change;
  if (isHidden(change, options)) return { address, secret: true };
  const [before, after] = [change.before, change.after].map((value) =>
    value === undefined || isUnknown(value, options.unknown) ? undefined : shownValue(value, false),
  );
  return { address, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** A list is not known yet if one of its values is not. */
function isUnknown(value: string | readonly string[], unknown: string | undefined): boolean {
  return typeof value === "string" ? value === unknown : value.some((one) => one === unknown);
}

/**
 * A value in quotes, escaped so that it stays on its line and cannot steer a terminal; a list in brackets. What is
 * secret by its look is not shown.
 */
export function describeValue(value: string | readonly string[] | undefined, unknown?: string): string {
  if (value === undefined) return "(none)";
  if (isUnknown(value, unknown)) return "(known after apply)";
  const text = printable(JSON.stringify(shownValue(value, false)));
  if (text.length <= LONGEST_VALUE) return text;
  return `${text.slice(0, LONGEST_VALUE).replace(/[\uD800-\uDBFF]$/, "")}… (${text.length} characters)`;
}

/**
 * A sentence of ours as it may be shown, whatever of a device or of a declaration it repeats: without what is secret
 * by its look, and with what would end the line, move the cursor or turn the direction of the text escaped.
 */
export function safeLine(text: string): string {
  return printable(withoutSecretParts(text));
}

/** A text with what would end its line, move the cursor or turn the direction escaped. JSON stays the same JSON. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** The same of a text of several lines. */
export function safeLines(text: string): string {
  return withoutSecretParts(text).split("\n").map(safeLine).join("\n");
}

/** What JSON leaves as it is although it ends lines, moves the cursor or turns the direction of the text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function escaped(character: string): string {
  const units = character.split("");
  return units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}
