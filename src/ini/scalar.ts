/** What stands around a text: a parameter's takes single quotes, a cell's double ones (device manuals, "ini file"). */
export type Quote = "'" | '"';

/**
 * In a cell: the default of its column, which no dump tells. It stands without quotes (device manuals, "ini file
 * tables").
 */
export const COLUMN_DEFAULT = "$$";

/** Control characters could end the line that a value stands in, and the device has no escape for them. */
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;
const HALF_OR_CONTROL = new RegExp(`${CONTROL.source}|\\p{Surrogate}`, "u");

/** Why no line can carry a text, whatever stands around it; undefined if one can. Half a surrogate pair has no bytes. */
export function characterFault(text: string): string | undefined {
  if (!HALF_OR_CONTROL.test(text)) return undefined;
  return CONTROL.test(text)
    ? "must not contain a line end or another control character"
    : "must not contain half a character (a lone surrogate)";
}

/** Why a text cannot stand in these quotes; undefined if it can. The manual knows no escape for a quote. */
export function textFault(text: string, quote: Quote): string | undefined {
  const fault = characterFault(text);
  if (fault !== undefined) return fault;
  return text.includes(quote) ? `must not contain ${quote}: the device knows no escape for it` : undefined;
}

/** A single value as users may write it, in the form in which a device takes it; or what is wrong with it. */
export function readScalar(input: unknown): { text: string } | { fault: string } {
  if (typeof input === "boolean") return { text: input ? "1" : "0" };
  if (typeof input === "number") {
    const text = String(input);
    // Neither NaN nor 1e21: the device knows no such form.
    return /^-?[0-9]+(\.[0-9]+)?$/.test(text)
      ? { text }
      : { fault: "is a number that has no plain decimal form" };
  }
  if (typeof input !== "string") return { fault: "must be a text, a number, true or false" };
  const fault = characterFault(input);
  return fault === undefined ? { text: input } : { fault };
}
