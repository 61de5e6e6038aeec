import { isIP } from "node:net";
import { listItems, scalarText } from "./grammar";
import type { FieldModel } from "./model";
import { reveal } from "./secrets";

const INTEGER = /^[+-]?\d+$/;

/**
 * The value as the device holds it: `01` becomes `1`, an obscured secret becomes plain.
 * Undefined if the device refuses it (no number, out of range, no address).
 */
export function normalise(field: FieldModel, text: string): string | undefined {
  if (field.type === "integer") return normaliseInteger(field, text.trim());
  if (field.type === "address") return isIP(text.trim()) ? text.trim() : undefined;
  return field.secret ? reveal(text) : text;
}

function normaliseInteger(field: FieldModel, text: string): string | undefined {
  const value = Number(text);
  if (!INTEGER.test(text) || value < field.minimum || value > field.maximum) return undefined;
  return String(value === 0 ? 0 : value);
}

/** The items of a parameter as written in a file: one for a single value. Undefined if the device refuses it. */
export function parameterItems(field: FieldModel, raw: string): string[] | undefined {
  if (field.type === "list") return listItems(raw);
  const value = normalise(field, scalarText(raw));
  return value === undefined ? undefined : [value];
}

/** Whether these items are the default, which no dump shows. */
export function isDefault(field: FieldModel, items: readonly string[]): boolean {
  return items.length === 0 || (items.length === 1 && items[0] === field.default);
}
