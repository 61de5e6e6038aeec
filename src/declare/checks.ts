import { ALARM_SEVERITIES, type AlarmSeverity } from "../device/answers/alarms";
import { PERFORMANCE_INTERVALS, type PerformanceInterval } from "../device/answers/performance";
import { safeLine } from "../text/describe";
import { isPathPart } from "./path-part";
import { flagProblems, isUnknown } from "./unknown";

/*
 * What a device is judged by, as data: functions would end up in the state.
 */

/** What a device has to be like. Only what is given is looked at. */
export interface HealthChecks {
  /**
   * The highest severity that is tolerated of an active alarm: `cleared` < `indeterminate` < `warning` < `minor` <
   * `major` < `critical`. An alarm whose severity the device does not tell is never tolerated.
   */
  maxSeverity?: AlarmSeverity;
  /** The firmware that has to run: `7.40A.250.440`, compared number by number. */
  version?: string;
  /** Whether the device has to be unlocked. Default: false. */
  unlocked?: boolean;
  /** Whether the device has to be one of a high-availability pair in operation. Default: false. */
  highAvailability?: boolean;
  /** Bounds of performance monitors (LTRT-41760 section 9). */
  monitors?: MonitorCheck[];
  /** What `show` commands have to print (LTRT-41760 section 6.2.2). */
  show?: ShowCheck[];
}

/** Bounds of one performance monitor. A monitor that has no measurement fails. */
export interface MonitorCheck {
  /** As `getPerformanceMonitors` lists it; case does not count. */
  name: string;
  /** One of the monitor's indexes. Default: 0. */
  index?: number;
  /** One of the monitor's intervals. Default: `current`. */
  interval?: PerformanceInterval;
  /** The least value that is tolerated, in the monitor's own unit. */
  min?: number;
  /** The greatest value that is tolerated, in the monitor's own unit. */
  max?: number;
}

/** What one `show` command has to print. */
export interface ShowCheck {
  /** One line that begins with `show`, without a line end, a `;` or a redirection (`>`, `|`). */
  command: string;
  /** A regular expression that has to match somewhere in what is printed. */
  matches?: string;
  /** A regular expression that must not match anywhere in what is printed. */
  lacks?: string;
}

/** What a device has to be like after a change; some checks compare with how it was before. */
export interface ConfirmChecks extends Omit<HealthChecks, "monitors"> {
  /**
   * The highest severity that is tolerated of an active alarm that was not there before the change. An alarm of the
   * same source and with the same words was there.
   */
  newAlarms?: AlarmSeverity;
  monitors?: ConfirmMonitorCheck[];
}

/** Bounds of one performance monitor after a change. */
export interface ConfirmMonitorCheck extends MonitorCheck {
  /** How far the value may fall against the one before the change, in per cent from 0 to 100. */
  drop?: number;
}

/**
 * How a change is confirmed: it goes to the running configuration, is read back, is watched, and is saved only then.
 */
export interface ConfirmArgs {
  checks: ConfirmChecks;
  /** Seconds for which all checks have to hold without a break before the change is saved. Default: 30. */
  holdSeconds?: number;
  /** Seconds from one look at the device to the next. Default: 5. */
  everySeconds?: number;
  /**
   * What becomes of a change after which a check fails; it is never saved. `restore`: what was changed is put back to
   * what it was. `reset`: the device is reset without saving, which ends calls. `leave`: the change stays in the
   * running configuration until the next reset. Default: `restore`.
   */
  onFailure?: "restore" | "reset" | "leave";
  /**
   * Whether a device that reports unsaved changes of somebody else is changed all the same: the save keeps them, a
   * reset loses them. Default: false.
   */
  allowUnsaved?: boolean;
}

const LONGEST_SECONDS = 86_400;

/** What is wrong with a `confirm` argument, one sentence each. */
export function confirmProblems(confirm: unknown): string[] {
  if (confirm === undefined || isUnknown(confirm)) return [];
  if (!isRecord(confirm)) return ["confirm must be an object with checks"];
  const { checks, holdSeconds, everySeconds, onFailure, allowUnsaved, ...others } = confirm;
  return [
    ...unknownNames(others, "confirm"),
    ...(checks === undefined
      ? ["confirm.checks is missing: what has to hold for the change to be saved"]
      : checksProblems(checks, "confirm.checks", { compared: true })),
    ...numberProblems(holdSeconds, "confirm.holdSeconds", 0, LONGEST_SECONDS),
    ...numberProblems(everySeconds, "confirm.everySeconds", 1, LONGEST_SECONDS),
    ...oneOfProblems(onFailure, "confirm.onFailure", ["restore", "reset", "leave"]),
    ...flagProblems({ "confirm.allowUnsaved": allowUnsaved }, "confirm.allowUnsaved"),
  ];
}

/**
 * What is wrong with checks, one sentence each.
 * @param compared whether there is a state of before to compare with
 */
export function checksProblems(
  checks: unknown,
  where: string,
  { compared }: { compared: boolean },
): string[] {
  if (isUnknown(checks)) return [];
  const at = (name: string) => (where === "" ? name : `${where}.${name}`);
  if (!isRecord(checks)) return [`${where} must be an object`];
  const { maxSeverity, newAlarms, version, unlocked, highAvailability, monitors, show, ...others } = checks;
  const problems = [
    ...unknownNames(others, where),
    ...oneOfProblems(maxSeverity, at("maxSeverity"), ALARM_SEVERITIES),
    ...oneOfProblems(newAlarms, at("newAlarms"), ALARM_SEVERITIES),
    ...flagProblems({ [at("unlocked")]: unlocked }, at("unlocked")),
    ...flagProblems({ [at("highAvailability")]: highAvailability }, at("highAvailability")),
    ...listProblems(monitors, at("monitors"), (one, place) => monitorProblems(one, place, compared)),
    ...listProblems(show, at("show"), showProblems),
  ];
  if (version !== undefined && !isUnknown(version) && (typeof version !== "string" || version.trim() === ""))
    problems.push(`${at("version")} must be a text such as 7.40A.250.440`);
  if (compared && Object.values(checks).every((check) => check === undefined))
    problems.push(`${where} judges nothing: give at least one check`);
  if (newAlarms !== undefined && !compared) problems.push(`${at("newAlarms")} ${NOTHING_BEFORE}`);
  return problems;
}

const NOTHING_BEFORE = "compares with how the device was before a change: it belongs to confirm";

function monitorProblems(check: Record<string, unknown>, where: string, compared: boolean): string[] {
  const { name, index, interval, min, max, drop, ...others } = check;
  const problems = [
    ...unknownNames(others, where),
    ...oneOfProblems(interval, `${where}.interval`, PERFORMANCE_INTERVALS),
    ...numberProblems(min, `${where}.min`),
    ...numberProblems(max, `${where}.max`),
    ...numberProblems(drop, `${where}.drop`, 0, 100),
  ];
  if (!isUnknown(name) && !isPathPart(name))
    problems.push(`${where}.name must be the name of a performance monitor`);
  if (index !== undefined && !isUnknown(index) && !(Number.isSafeInteger(index) && Number(index) >= 0))
    problems.push(`${where}.index must be a whole number from 0`);
  if (min === undefined && max === undefined && drop === undefined)
    problems.push(`${where} judges nothing: give min, max${compared ? " or drop" : ""}`);
  if (drop !== undefined && !compared) problems.push(`${where}.drop ${NOTHING_BEFORE}`);
  return problems;
}

function showProblems(check: Record<string, unknown>, where: string): string[] {
  const { command, matches, lacks, ...others } = check;
  const problems = unknownNames(others, where);
  if (!isUnknown(command)) {
    const fault = showCommandFault(command);
    if (fault !== undefined) problems.push(`${where}.command ${fault}`);
  }
  for (const [name, pattern] of Object.entries({ matches, lacks })) {
    if (pattern !== undefined && !isUnknown(pattern) && !isPattern(pattern))
      problems.push(`${where}.${name} must be a regular expression, as a text`);
  }
  if (matches === undefined && lacks === undefined)
    problems.push(`${where} judges nothing: give matches or lacks`);
  return problems;
}

/** What keeps a command from being one `show` line; undefined if nothing does. */
export function showCommandFault(command: unknown): string | undefined {
  if (typeof command !== "string") return "must be a text";
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(command))
    return "has a line end or another control character: one line is sent";
  if (!/^ *show [^ ]/i.test(command)) return "must begin with `show`";
  const sign = /[;|<>]/.exec(command)?.[0];
  return sign === undefined ? undefined : `has \`${sign}\`, which would begin something else than a show`;
}

function isPattern(pattern: unknown): boolean {
  if (typeof pattern !== "string" || pattern === "") return false;
  try {
    new RegExp(pattern, PATTERN_FLAGS);
    return true;
  } catch {
    return false;
  }
}

/** Lines are matched one by one (`^`, `$`), whatever their case. */
export const PATTERN_FLAGS = "im";

function listProblems(
  list: unknown,
  where: string,
  of: (one: Record<string, unknown>, where: string) => string[],
): string[] {
  if (list === undefined || isUnknown(list)) return [];
  if (!Array.isArray(list)) return [`${where} must be a list`];
  return list.flatMap((one, at) => {
    if (isUnknown(one)) return [];
    return isRecord(one) ? of(one, `${where}[${at}]`) : [`${where}[${at}] must be an object`];
  });
}

function unknownNames(others: Record<string, unknown>, where: string): string[] {
  return Object.keys(others).map(
    (name) => `${where === "" ? "" : `${where}.`}${safeLine(name)} is no argument`,
  );
}

function oneOfProblems(value: unknown, where: string, words: readonly string[]): string[] {
  if (value === undefined || isUnknown(value) || words.some((word) => word === value)) return [];
  return [`${where} must be one of ${words.join(", ")}`];
}

function numberProblems(value: unknown, where: string, least?: number, most?: number): string[] {
  if (value === undefined || isUnknown(value)) return [];
  const fits =
    typeof value === "number" &&
    Number.isFinite(value) &&
    value >= (least ?? value) &&
    value <= (most ?? value);
  if (fits) return [];
  return [
    least === undefined ? `${where} must be a number` : `${where} must be a number from ${least} to ${most}`,
  ];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
