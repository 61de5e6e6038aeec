import { isObscured } from "../secrets/values";
import type { Value } from "./configuration";
import { canonicalIndex } from "./parse";

/**
 * Whether two texts are plausible forms of one value: the same number but for leading zeros, the same address, or
 * texts that differ in case, blanks or quotes, or in the words for 0 and 1. An obscured secret has no other form.
 */
export function isPlausibleForm(a: Value, b: Value): boolean {
  const left = typeof a === "string" ? [a] : a;
  const right = typeof b === "string" ? [b] : b;
  return left.length === right.length && left.every((text, at) => isFormOf(text, right[at] ?? ""));
}

function isFormOf(a: string, b: string): boolean {
  if (a === b) return true;
  if (isObscured(a) || isObscured(b)) return false;
  return canonical(a) === canonical(b);
}

/** One text for all forms of a value, so that being a form of each other is symmetric and transitive. */
function canonical(text: string): string {
  const plain = withoutQuotes(text.trim()).toLowerCase();
  const word = plain.split(/\s/).filter(Boolean).join(" ").replace(/ ?, ?/g, ",");
  return SWITCH.get(word) ?? number(word) ?? address(word) ?? word;
}

const SWITCH: ReadonlyMap<string, string> = new Map([
  ...["on", "enable", "enabled", "yes", "true"].map((word) => [word, "1"] as const),
  ...["off", "disable", "disabled", "no", "false"].map((word) => [word, "0"] as const),
]);

function withoutQuotes(text: string): string {
  const quote = text[0];
  const quoted = text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote);
  return quoted ? text.slice(1, -1) : text;
}

/** A number without leading zeros. `+` stays: it is part of what people dial. */
function number(text: string): string | undefined {
  const [, sign, digits, fraction = ""] = /^(-?)([0-9]+)(\.[0-9]+)?$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const plain = `${withoutLeadingZeros(digits)}${fraction}`;
  return sign === "-" && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

/** A text without the zeros that lead its numbers. */
function withoutLeadingZeros(text: string): string {
  return text.replace(/[0-9]+/g, (digits) => canonicalIndex(digits));
}

const IPV4 = /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:[:/][0-9]{1,5})?$/;
const IPV6 = /^([0-9a-f:.]{2,45})(|\/[0-9]{1,5})$/;
/** `::1:5060` is an address; only brackets part a port from it. */
const IPV6_IN_BRACKETS = /^\[([0-9a-f:.]{2,45})\](|[/:][0-9]{1,5})$/;

/** An address in its shortest form, with what follows it: a prefix length or a port. */
function address(text: string): string | undefined {
  if (IPV4.test(text)) return withoutLeadingZeros(text);
  const [, host = "", behind = ""] = IPV6.exec(text) ?? IPV6_IN_BRACKETS.exec(text) ?? [];
  if (!URL.canParse(`http://[${host}]`)) return undefined;
  return new URL(`http://[${host}]`).hostname + withoutLeadingZeros(behind);
}
