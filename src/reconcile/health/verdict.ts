import {
  type ConfirmChecks,
  type ConfirmMonitorCheck,
  PATTERN_FLAGS,
  type ShowCheck,
} from "../../declare/checks";
import { present } from "../../declare/present";
import { ALARM_SEVERITIES, type Alarm, type AlarmSeverity, rankOf } from "../../device/answers/alarms";
import type { PerformanceValue } from "../../device/answers/performance";
import type { DeviceStatus } from "../../device/answers/status";
import { compareVersions } from "../../device/answers/version";
import { shownWords } from "../../secrets/words";
import { describeValue } from "../../text/describe";
import { sanitise } from "../../text/sanitise";

/** What one look at a device has shown, as far as the checks ask for it. */
export interface Seen {
  status: DeviceStatus;
  /** The active alarms; empty if no check asks for them. */
  alarms: readonly Alarm[];
  /** A measurement for each of the checks' monitors. */
  measured: readonly PerformanceValue[];
  /** What each of the checks' commands printed. */
  printed: readonly string[];
}

/** What a look before a change leaves to compare with; it stands in the state until the change is confirmed. */
export interface SeenBefore {
  /** The active alarms. */
  alarms: Pick<Alarm, "id" | "source" | "description">[];
  /** The value of each monitor that had one, by what people call it. */
  measured: Record<string, number>;
}

/** What later looks are compared with. */
export function seenBefore({ monitors = [] }: ConfirmChecks, { alarms, measured }: Seen): SeenBefore {
  const values: Record<string, number> = {};
  for (const [at, monitor] of monitors.entries()) {
    const value = measured[at]?.value;
    if (value !== undefined) values[monitorName(monitor)] = value;
  }
  const known = alarms.map(({ id, source, description }) => present({ id, description, source }));
  return { alarms: known, measured: values };
}

const ALARMS_SHOWN = 20;

/**
 * What is wrong with a device, a sentence each with the value found; empty if all checks hold.
 * @param before the device before a change. Without it nothing is known to have been there: each alarm may be new, and
 *   no value is known to have held
 */
export function faultsOf(checks: ConfirmChecks, seen: Seen, before?: SeenBefore): string[] {
  const { maxSeverity, newAlarms, monitors = [], show = [] } = checks;
  return [
    ...statusFaults(checks, seen.status),
    ...(maxSeverity === undefined ? [] : alarmFaults("", maxSeverity, seen.alarms)),
    ...(newAlarms === undefined ? [] : newAlarmFaults(newAlarms, seen.alarms, before)),
    ...monitors.flatMap((check, at) => monitorFaults(check, seen.measured[at], before)),
    ...show.flatMap((check, at) => showFaults(check, seen.printed[at] ?? "")),
  ];
}

function statusFaults(
  { version, unlocked, highAvailability }: ConfirmChecks,
  status: DeviceStatus,
): string[] {
  const faults: string[] = [];
  if (version !== undefined && !isVersion(version, status.version)) {
    faults.push(`it runs ${said(status.version, "a version that it does not tell")}, not ${version}`);
  }
  if (unlocked && status.operationalState?.toUpperCase() !== "UNLOCKED") {
    faults.push(`it is ${said(status.operationalState, "in an operational state that it does not tell")}`);
  }
  // A pair that still synchronises has another word, and could not take over.
  if (highAvailability && status.highAvailability?.toUpperCase() !== "OPERATIONAL") {
    faults.push(
      `its high-availability partner is missing or not ready (${said(status.highAvailability, "it does not tell of one")})`,
    );
  }
  return faults;
}

/** By number, so that `7.40A.5.9` is `7.40A.005.009`. */
function isVersion(wanted: string, running = ""): boolean {
  return wanted.toUpperCase() === running.toUpperCase() || compareVersions(wanted, running) === 0;
}

function newAlarmFaults(
  tolerated: AlarmSeverity,
  alarms: readonly Alarm[],
  before: SeenBefore | undefined,
): string[] {
  if (before !== undefined) return alarmFaults("new ", tolerated, newOnes(alarms, before.alarms));
  const faults = alarmFaults("", tolerated, alarms);
  return faults.length === 0 ? [] : [...faults, MAYBE_NEW];
}

const NOT_LOOKED = "this run did not make the change, so how the device was before it is not known";
const MAYBE_NEW = `${NOT_LOOKED}: each of these alarms may be new. Clear them, raise newAlarms, or run once without confirm`;

/** Alarms are told apart by what they say: one that is cleared and raised again comes with another id. */
function newOnes(alarms: readonly Alarm[], before: SeenBefore["alarms"]): Alarm[] {
  const key = ({ source, description }: Pick<Alarm, "source" | "description">) =>
    JSON.stringify([source ?? "", description]);
  const known = new Set(before.map(key));
  const ids = new Set(before.map(({ id }) => id));
  return alarms.filter((alarm) => !ids.has(alarm.id) && !known.has(key(alarm)));
}

function alarmFaults(what: string, tolerated: AlarmSeverity, alarms: readonly Alarm[]): string[] {
  const worstFirst = alarms
    .filter((alarm) => rank(alarm) > rankOf(tolerated))
    .sort((a, b) => rank(b) - rank(a));
  const rest = worstFirst.slice(ALARMS_SHOWN);
  const shown = worstFirst.slice(0, ALARMS_SHOWN).map((alarm) => {
    const source = alarm.source === undefined ? "" : ` of ${sanitise(alarm.source)}`;
    const date = alarm.date === undefined ? "" : ` (${sanitise(alarm.date)})`;
    return `${what}${wordFor(alarm)} alarm${source}: ${sanitise(alarm.description) || `id ${sanitise(alarm.id)}`}${date}`;
  });
  return rest.length === 0 ? shown : [...shown, `and ${counted(rest)}`];
}

/** `12 more alarms above minor: 2 major, 10 warning`, the worst first. */
function counted(alarms: readonly Alarm[]): string {
  const words = [UNTOLD, ...ALARM_SEVERITIES.toReversed()];
  const counts = words.flatMap((word) => {
    const count = alarms.filter((alarm) => wordFor(alarm) === word).length;
    return count === 0 ? [] : `${count} ${word}`;
  });
  return `${alarms.length} more: ${counts.join(", ")}`;
}

const UNTOLD = "unclassified";

function wordFor({ severity }: Alarm): string {
  return severity ?? UNTOLD;
}

/** A severity that cannot be read is not taken for a harmless one. */
function rank({ severity }: Alarm): number {
  return severity === undefined ? ALARM_SEVERITIES.length : rankOf(severity);
}

function monitorFaults(
  check: ConfirmMonitorCheck,
  measured: PerformanceValue | undefined,
  before: SeenBefore | undefined,
): string[] {
  const { min, max, drop } = check;
  const monitor = monitorName(check);
  const value = measured?.value;
  if (value === undefined) return [`${monitor}: the device has no measurement`];
  const faults: string[] = [];
  if (min !== undefined && value < min) faults.push(`${monitor} is ${value}, below ${min}`);
  if (max !== undefined && value > max) faults.push(`${monitor} is ${value}, above ${max}`);
  if (drop !== undefined && before === undefined)
    faults.push(
      `${monitor} is ${value}: ${NOT_LOOKED}, nor whether it fell by more than ${drop} %. Give min in place of drop, or run once without confirm`,
    );
  const earlier = before?.measured[monitor];
  if (drop !== undefined && earlier !== undefined && value < earlier * (1 - drop / 100)) {
    const fall = Math.round((1 - value / earlier) * 100);
    faults.push(`${monitor} fell by ${fall} % from ${earlier} to ${value}, more than ${drop} %`);
  }
  return faults;
}

function monitorName({ name, index = 0, interval = "current" }: ConfirmMonitorCheck): string {
  return `${name}, index ${index}, ${interval}`;
}

function showFaults({ command, matches, lacks }: ShowCheck, printed: string): string[] {
  const faults: string[] = [];
  if (matches !== undefined && !new RegExp(matches, PATTERN_FLAGS).test(printed)) {
    const first = printed.split(/\r?\n/).find((line) => line.trim() !== "");
    const found = first === undefined ? "it prints nothing" : `it prints ${shownLine(first)}`;
    faults.push(`\`${command.trim()}\` does not match ${JSON.stringify(matches)}: ${found}`);
  }
  const match = lacks === undefined ? null : new RegExp(lacks, PATTERN_FLAGS).exec(printed);
  if (match !== null) {
    const begin = printed.lastIndexOf("\n", match.index) + 1;
    const line = printed.slice(begin).split(/\r?\n/, 1)[0] ?? "";
    faults.push(
      `\`${command.trim()}\` must not match ${JSON.stringify(lacks)}: it prints ${shownLine(line)}`,
    );
  }
  return faults;
}

/** A line of a device's output without what the words before it say is a secret. */
function shownLine(line: string): string {
  const [name = "", ...words] = line.trim().split(/\s+/);
  return describeValue([name, ...shownWords(name, words)].join(" "));
}

function said(text: string | undefined, otherwise: string): string {
  return text === undefined || text === "" ? otherwise : sanitise(text);
}
