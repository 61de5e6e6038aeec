import { shownWords } from "../secrets/words";
import { redact } from "../text/redact";
import { type CanonicalScript, type CliLine, headerText } from "./canonical";
import { addressOf, type CliChange, valueText } from "./compare";
import type { DeclaredScript } from "./declared";

/** One line that differs between two scripts: values as exact text, a list where a script gives several. */
export interface ScriptChange {
  /** `configure voip / proxy-set 3 / proxy-name`. */
  address: string;
  before: string | string[] | undefined;
  /** `no` where the script takes it away, `present` for a row or a sub-mode. */
  after: string | string[] | undefined;
  secret: boolean;
  /** Whether the script leaves it out and nothing in it takes it away: an incremental script leaves it as it is then. */
  stays: boolean;
}

/**
 * What leads from one declared script to another, a line at a time, in the order of `after`. Comments, indentation
 * and the order of different settings do not count; what one setting is given, and in which order, does.
 */
export function scriptChanges(before: DeclaredScript, after: DeclaredScript): ScriptChange[] {
  const earlier = settingsOf(before);
  const now = settingsOf(after);
  const taken = new Set(after.lines.filter(({ negated }) => negated).map(settingKey));
  const changes: ScriptChange[] = [];
  const left = [...earlier].filter(([key]) => !now.has(key));
  for (const [key, { address }] of [...now, ...left]) {
    const old = earlier.get(key);
    const own = now.get(key);
    if (JSON.stringify(old?.values) === JSON.stringify(own?.values)) continue;
    changes.push({
      address,
      before: oneOrMore(old?.values),
      after: oneOrMore(own?.values),
      secret: old?.secret === true || own?.secret === true,
      stays: own === undefined && key !== QUERIES && !isInside(key, taken),
    });
  }
  return changes;
}

/** The address of all queries of a script together. */
const QUERIES = "queries";

/** One setting and all that a script says of it. */
interface Setting {
  address: string;
  values: string[];
  secret: boolean;
}

/** The settings of a script; its queries are one, for only their order tells them apart. */
function settingsOf(script: DeclaredScript): Map<string, Setting> {
  const settings = new Map<string, Setting>();
  const add = (key: string, address: string, value: string, secret: boolean) => {
    const setting = settings.get(key) ?? { address, values: [], secret: false };
    settings.set(key, setting);
    setting.secret ||= secret;
    // A row or a mode that is entered again is the same one.
    if (value !== "present" || setting.values.at(-1) !== value) setting.values.push(value);
  };
  script.lines.forEach((line, at) => {
    const value = line.opens !== undefined ? "present" : line.negated ? "no" : valueText(line);
    const address = redact(addressOf(line), script.secrets);
    add(settingKey(line), address, value, script.secretAt.has(at));
  });
  for (const { mode, text } of script.queries)
    add(QUERIES, QUERIES, [...mode, redact(text, script.secrets)].join(" / "), false);
  return settings;
}

/** Whether a setting stands in one of some rows. */
function isInside(key: string, rows: ReadonlySet<string>): boolean {
  const path = key.split("\n");
  return path.some((_text, depth) => rows.has(path.slice(0, depth).join("\n")));
}

/** `no proxy-set 3` is about the row, `no proxy-name` about the field. */
function settingKey({ mode, name, args, negated, opens }: CliLine): string {
  const whole = opens !== undefined || negated;
  return [...mode, whole ? headerText(name, args) : name].join("\n");
}

/** A comparison's changes with what the placeholders tell of secrets, and without secrets in what the device has. */
export function withoutSecrets(changes: readonly CliChange[], declared: DeclaredScript): CliChange[] {
  return changes.map((change) => {
    const secret = change.secret || change.at.some((at) => declared.secretAt.has(at));
    const found = change.found.map((line) => hidden(line, secret && change.kind === "value", declared));
    return { ...change, secret, found, address: redact(change.address, declared.secrets) };
  });
}

/** What stands in a script in the place of a secret that changed on the device. */
const HIDDEN = "[secret, changed on the device]";

/** What stands on a device beside a script, without secrets. */
export function hiddenLines(lines: readonly CliLine[], declared: DeclaredScript): CliLine[] {
  return lines.map((line) => hidden(line, false, declared));
}

function hidden(line: CliLine, whole: boolean, { secrets }: DeclaredScript): CliLine {
  if (whole) return { ...line, args: [HIDDEN] };
  const shown = shownWords(line.name, line.args, () => HIDDEN);
  return { ...line, args: shown.map((arg) => redact(arg, secrets)) };
}

/** What a device exports of settings and rows that a script does not name, in the order of the export. */
export function besideLines(exported: CanonicalScript, declared: CanonicalScript): CliLine[] {
  const named = new Set(declared.lines.map(settingKey));
  return exported.lines.filter((line) => !named.has(settingKey(line)));
}

function oneOrMore(values: string[] | undefined): string | string[] | undefined {
  return values?.length === 1 ? values[0] : values;
}
