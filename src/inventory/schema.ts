import * as v from "valibot";
import { parseVersion } from "../device/answers/version";
import { secretNameTest } from "../secrets/names";
import { isSecretValue } from "../secrets/values";
import { DAYS, type InventoryValue, SEVERITIES } from "./form";
import { isTimeZone, minutesOf } from "./window";

/*
 * What may stand where. The messages are ends of sentences that begin with the place.
 */

const oneLine = v.pipe(
  v.string("must be a text"),
  v.trim(),
  v.nonEmpty("must not be empty"),
  v.regex(/^[^\p{Cc}]*$/u, "must be a text of one line"),
);

/** One, or a list of them. */
function oneOrMore<T extends v.GenericSchema>(schema: T) {
  const list = v.pipe(v.array(schema), v.minLength(1, "must not be an empty list"));
  return v.lazy((input): T | typeof list => (Array.isArray(input) ? list : schema));
}

export function listOf<T>(given: T | readonly T[] | undefined): readonly T[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given as T];
}

const texts = oneOrMore(oneLine);

const version = v.pipe(
  v.string('must be a version in quotes, such as "7.40A.250.440"'),
  v.check(
    (text) => parseVersion(text) !== undefined,
    'must be a version as the device tells it, such as "7.40A.250.440"',
  ),
);

const time = v.pipe(
  v.string('must be a time such as "22:00"'),
  v.check((text) => minutesOf(text) !== undefined, 'must be a time such as "22:00"'),
);

const window = v.pipe(
  v.strictObject(
    {
      days: v.optional(
        v.pipe(
          v.array(
            v.picklist(DAYS, `must be one of ${DAYS.join(", ")}`),
            "must be a list of days: [sat, sun]",
          ),
          v.minLength(1, "must name a day"),
        ),
      ),
      from: time,
      to: time,
      timeZone: v.optional(
        v.pipe(
          v.string("must be the name of a time zone, such as Europe/London"),
          v.check(isTimeZone, "must be the name of a time zone, such as Europe/London"),
        ),
      ),
    },
    "must be an object such as { days: [sat], from: 22:00, to: 04:00, timeZone: Europe/London }",
  ),
  v.check(({ from, to }) => from !== to, "must not end when it begins; a whole day is 00:00 to 24:00"),
);

const frozen = v.union([v.boolean(), oneLine], "must be true, false or the reason");
const windows = oneOrMore(window);

const values = v.record(v.string(), v.unknown(), "must be an object of values by name");

/** How devices are reached; `checkSettings` looks at the values. */
export const connectionKeys = [
  "username",
  "tls",
  "allowHttp",
  "upload",
  "incrementalTables",
  "keepBefore",
  "timeouts",
] as const;
export const ownConnectionKeys = ["url", "profile"] as const;

const loose = v.optional(v.unknown());
const connection = {
  username: loose,
  tls: loose,
  allowHttp: loose,
  upload: loose,
  incrementalTables: loose,
  keepBefore: loose,
  timeouts: loose,
} satisfies Record<(typeof connectionKeys)[number], unknown>;

const layer = {
  ...connection,
  firmware: v.optional(version),
  frozen: v.optional(frozen),
  window: v.optional(windows),
  values: v.optional(values),
};

const goldenObject = v.strictObject(
  {
    file: oneLine,
    severity: v.optional(v.picklist(SEVERITIES, `must be one of ${SEVERITIES.join(", ")}`)),
    ownTables: v.optional(texts),
    atDefault: v.optional(texts),
  },
  "must be the path of a file, or an object such as { file: golden.ini, severity: critical }",
);
const golden = v.lazy((input): typeof oneLine | typeof goldenObject =>
  typeof input === "string" ? oneLine : goldenObject,
);

const date = v.pipe(
  v.string("must be a day such as 2027-01-31"),
  v.check(
    (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)),
    "must be a day such as 2027-01-31",
  ),
);

const LONGEST_WAIT = 86_400;
const whole = (least: number, what: string) =>
  v.pipe(v.number(what), v.safeInteger(what), v.minValue(least, what));
const waitSeconds = `must be a number of seconds from 0 to ${LONGEST_WAIT}`;

const rollout = v.strictObject(
  {
    canary: v.optional(texts),
    wave: v.optional(whole(1, "must be a number of sites from 1")),
    atOnce: v.optional(whole(1, "must be a number of sites from 1")),
    maxFailures: v.optional(whole(0, "must be a number of sites from 0")),
    health: v.optional(v.unknown()),
    waitSeconds: v.optional(
      v.pipe(v.number(waitSeconds), v.minValue(0, waitSeconds), v.maxValue(LONGEST_WAIT, waitSeconds)),
    ),
  },
  "must be an object such as { canary: lab, wave: 5, maxFailures: 1 }",
);
export const rolloutKeys = Object.keys(rollout.entries);

const anObject = "must be an object";
const byName = (what: string) => `must be an object of ${what} by name`;

/** A site, a role or a device may have nothing to say: `sbc1:` alone is null. */
const orNothing = <T extends v.GenericSchema>(schema: T) => v.nullable(schema);

export const inventorySchema = v.strictObject(
  {
    defaults: v.optional(v.strictObject(layer, anObject)),
    sites: v.optional(v.record(v.string(), orNothing(v.strictObject(layer, anObject)), byName("sites"))),
    roles: v.optional(
      v.record(
        v.string(),
        orNothing(
          v.strictObject(
            { ...layer, golden: v.optional(v.array(golden, "must be a list of files")) },
            anObject,
          ),
        ),
        byName("roles"),
      ),
    ),
    devices: v.record(
      v.string(),
      orNothing(
        v.strictObject(
          { ...layer, url: loose, profile: loose, site: v.optional(oneLine), role: v.optional(oneLine) },
          anObject,
        ),
      ),
      byName("devices"),
    ),
    rollout: v.optional(v.nullable(rollout)),
    waivers: v.optional(
      v.array(
        v.strictObject(
          {
            devices: v.optional(texts),
            sites: v.optional(texts),
            roles: v.optional(texts),
            names: texts,
            until: date,
            reason: oneLine,
          },
          anObject,
        ),
        "must be a list of waivers",
      ),
    ),
  },
  "must be an object with devices",
);

export type InventoryFile = v.InferOutput<typeof inventorySchema>;

/** The names of placeholders of an ini. */
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,100}$/;
const isSecretName = secretNameTest();

const KEEP_OUT =
  "keep secrets out of the inventory: refer to a variable of the environment with { env: NAME }";

/** What is wrong with values, by the keys that lead to it. */
export function valueProblems(
  values: Readonly<Record<string, unknown>>,
): { path: string[]; message: string }[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (!NAME.test(name)) {
      return [{ path: [name], message: "must be called as a placeholder: letters, digits, _ . -" }];
    }
    return secretsIn(value, [name]);
  });
}

function secretsIn(value: unknown, path: string[]): { path: string[]; message: string }[] {
  if (typeof value === "object" && value !== null) {
    if (environmentName(value as InventoryValue) !== undefined) return [];
    return Object.entries(value).flatMap(([key, each]) => secretsIn(each, [...path, key]));
  }
  const name = [...path].reverse().find((part) => !/^\d+$/.test(part)) ?? "";
  const named = isSecretName(name.split(".").at(-1) ?? "") && value !== "" && value !== null;
  return named || isSecretValue(String(value)) ? [{ path, message: KEEP_OUT }] : [];
}

/** The variable of the environment that a value refers to. */
export function environmentName(value: InventoryValue | undefined): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { env } = value;
  const isReference =
    Object.keys(value).length === 1 && typeof env === "string" && /^[A-Za-z_]\w*$/.test(env);
  return isReference ? env : undefined;
}
