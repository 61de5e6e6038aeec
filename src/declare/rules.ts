import * as v from "valibot";
import { safeLine } from "../text/describe";
import { suggest } from "../text/suggest";

/*
 * What the arguments of an object must be, as tables of rules.
 */

type Rule = v.GenericSchema<unknown, unknown>;

/** The arguments that an object may have, by name. */
export interface Rules {
  [key: string]: Rule | Rules | ListOf;
}

/** A list of objects. */
export class ListOf {
  /** @param faults what is wrong with an object as a whole, or with one of its arguments beside the others */
  constructor(
    readonly rules: Rules,
    readonly faults: (one: Record<string, unknown>) => { key?: string; message: string }[],
  ) {}
}

export const flag = v.boolean("must be true or false");

export function oneOf(words: readonly string[]): Rule {
  return v.picklist(words, `must be one of ${words.join(", ")}`);
}

export function numberFrom(least: number, most: number): Rule {
  const what = `must be a number from ${least} to ${most}`;
  return v.pipe(v.number(what), v.minValue(least, what), v.maxValue(most, what));
}

/**
 * What is wrong with the arguments of an object, a sentence each that begins with the argument (`device.tls.ca: …`).
 * No sentence shows a value.
 * @param path the name of the argument that holds the object; empty if nothing does
 * @param passes true for a value that stands in for one not known yet: it is accepted anywhere
 */
export function checkKeys(
  value: unknown,
  rules: Rules,
  path: string,
  passes: (value: unknown) => boolean,
): string[] {
  if (!isRecord(value)) return [`${path}: must be an object`];
  return Object.entries(value).flatMap(([key, item]) => {
    const place = `${path === "" ? "" : `${path}.`}${safeLine(key)}`;
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule === undefined) {
      const meant = suggest(key, Object.keys(rules));
      return [`${place}: is not an argument${meant === undefined ? "" : `; did you mean ${meant}?`}`];
    }
    // Left out, or known later only.
    if (item === undefined || passes(item)) return [];
    if (rule instanceof ListOf) return checkList(item, rule, place, passes);
    if (!isRule(rule)) return checkKeys(item, rule, place, passes);
    const { issues = [] } = v.safeParse(rule, item, { abortPipeEarly: true });
    return issues.map(({ message }) => `${place}: ${message}`);
  });
}

function checkList(
  value: unknown,
  { rules, faults }: ListOf,
  path: string,
  passes: (value: unknown) => boolean,
): string[] {
  if (!Array.isArray(value)) return [`${path}: must be a list`];
  return value.flatMap((one, at) => {
    if (passes(one)) return [];
    const place = `${path}[${at}]`;
    const problems = checkKeys(one, rules, place, passes);
    if (!isRecord(one)) return problems;
    const whole = faults(one).map(
      ({ key, message }) => `${place}${key === undefined ? "" : `.${key}`}: ${message}`,
    );
    return [...problems, ...whole];
  });
}

function isRule(rule: Rule | Rules): rule is Rule {
  return rule["kind"] === "schema";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
