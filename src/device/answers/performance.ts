import { present } from "../../declare/present";
import { parseAnswer } from "./lenient-json";

/** `current`: now. `last15Minutes`: the average of the last interval of 15 minutes. `previous15Minutes`: of the one before. */
export type PerformanceInterval = "current" | "last15Minutes" | "previous15Minutes";

/** By the number that the device has for them. LTRT-41760 section 9.1. */
export const PERFORMANCE_INTERVALS: readonly PerformanceInterval[] = [
  "current",
  "last15Minutes",
  "previous15Minutes",
];

/** What a performance monitor can tell, and its thresholds. What the device leaves out is undefined, or empty. */
export interface PerformanceMonitor {
  /** What an index counts is the monitor's own: an IP Group, a trunk, a media realm. */
  indexes: number[];
  intervals: PerformanceInterval[];
  lowThreshold?: number;
  highThreshold?: number;
}

/** A measurement of a performance monitor, in the monitor's own unit; undefined if nothing was measured. */
export interface PerformanceValue {
  index: number;
  interval: PerformanceInterval;
  value?: number;
  min?: number;
  max?: number;
  average?: number;
}

/** Reads the list of names; undefined if the answer is something else. Never throws. */
export function parsePerformanceMonitors(body: Buffer | string): string[] | undefined {
  const { fields, description } = parseAnswer(body);
  const { items } = fields;
  if (Array.isArray(items)) {
    return items.filter((item): item is string => typeof item === "string" && item.trim() !== "");
  }
  return description === undefined && Object.keys(fields).length === 0 ? [] : undefined;
}

/** Reads the answer without an index; undefined if it is something else. Never throws. */
export function parsePerformanceMonitor(body: Buffer | string): PerformanceMonitor | undefined {
  const { indexes, intervalsPerIndex, lowThreshold, highThreshold } = parseAnswer(body).fields;
  if (!Array.isArray(indexes)) return undefined;
  return present({
    indexes: numbersOf(indexes),
    intervals: PERFORMANCE_INTERVALS.filter((_, number) => numbersOf(intervalsPerIndex).includes(number)),
    lowThreshold: numberOf(lowThreshold),
    highThreshold: numberOf(highThreshold),
  });
}

/**
 * Reads the answer for an index; undefined if it is something else. -1 stands for no measurement, and so do the zeros
 * beside it (the manual's example). Never throws.
 */
export function parsePerformanceValue(
  body: Buffer | string,
  asked: { index: number; interval: PerformanceInterval },
): PerformanceValue | undefined {
  const { fields } = parseAnswer(body);
  if (!MEASURES.some((measure) => measure in fields)) return undefined;
  const measured = MEASURES.map((measure) => [measure, numberOf(fields[measure])] as const);
  const idle =
    numberOf(fields["value"]) === NOT_MEASURED &&
    measured.every(([measure, number]) => measure === "value" || (number ?? 0) === 0);
  const values = measured.filter(([, number]) => number !== undefined && number !== NOT_MEASURED && !idle);
  return { ...asked, ...Object.fromEntries(values) };
}

const MEASURES = ["value", "min", "max", "average"] as const;
const NOT_MEASURED = -1;

/** Later firmware writes numbers as text. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function numbersOf(value: unknown): number[] {
  return (Array.isArray(value) ? value.flat() : []).flatMap((item: unknown) => numberOf(item) ?? []);
}
