import * as v from "valibot";
import { ALARM_SEVERITIES, type AlarmSeverity } from "../device/answers/alarms";
import { PERFORMANCE_INTERVALS, type PerformanceInterval } from "../device/answers/performance";
import { isPathPart } from "./path-part";
import { checkKeys, flag, isRecord, ListOf, numberFrom, oneOf, type Rules } from "./rules";
import { isUnknown } from "./unknown";

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

/** @param compared whether there is a state of before to compare with */
function checkRules(compared: boolean): Rules {
  const severity = oneOf(ALARM_SEVERITIES);
  const number = v.pipe(v.number("must be a number"), v.finite("must be a number"));
  const version = "must be a text such as 7.40A.250.440";
  const index = "must be a whole number from 0";
  const pattern = v.pipe(v.unknown(), v.check(isPattern, "must be a regular expression, as a text"));
  return {
    maxSeverity: severity,
    newAlarms: compared ? severity : NOTHING_BEFORE,
    version: v.pipe(v.string(version), v.regex(/\S/, version)),
    unlocked: flag,
    highAvailability: flag,
    monitors: new ListOf(
      {
        name: v.pipe(v.unknown(), v.check(isPathPart, NAME_OF_MONITOR)),
        index: v.pipe(v.number(index), v.safeInteger(index), v.minValue(0, index)),
        interval: oneOf(PERFORMANCE_INTERVALS),
        min: number,
        max: number,
        drop: compared ? numberFrom(0, 100) : NOTHING_BEFORE,
      },
      ({ name, min, max, drop }) => [
        ...(name === undefined ? [{ key: "name", message: NAME_OF_MONITOR }] : []),
        ...(min === undefined && max === undefined && drop === undefined
          ? [{ message: `checks nothing: give ${compared ? "min, max or drop" : "min or max"}` }]
          : []),
      ],
    ),
    show: new ListOf(
      {
        command: v.pipe(
          v.unknown(),
          v.rawCheck(({ dataset, addIssue }) => {
            const message = showCommandFault(dataset.value);
            if (message !== undefined) addIssue({ message });
          }),
        ),
        matches: pattern,
        lacks: pattern,
      },
      ({ command, matches, lacks }) => [
        ...(command === undefined ? [{ key: "command", message: "is missing: one `show` line" }] : []),
        ...(matches === undefined && lacks === undefined
          ? [{ message: "checks nothing: give matches or lacks" }]
          : []),
      ],
    ),
  };
}

const NAME_OF_MONITOR = "must be the name of a performance monitor";

const NOTHING_BEFORE = v.never("compares with how the device was before a change, so it belongs to confirm");

const CONFIRM: Rules = {
  checks: checkRules(true),
  holdSeconds: numberFrom(0, LONGEST_SECONDS),
  everySeconds: numberFrom(1, LONGEST_SECONDS),
  onFailure: oneOf(["restore", "reset", "leave"]),
  allowUnsaved: flag,
};

/** What is wrong with a `confirm` argument, one sentence each. */
export function confirmProblems(confirm: unknown): string[] {
  if (confirm === undefined || isUnknown(confirm)) return [];
  if (!isRecord(confirm)) return ["confirm: must be an object with checks"];
  const problems = checkKeys(confirm, CONFIRM, "confirm", isUnknown);
  const { checks } = confirm;
  if (checks === undefined)
    problems.push("confirm.checks: is missing: what has to hold for the change to be saved");
  else if (isRecord(checks) && Object.values(checks).every((check) => check === undefined))
    problems.push("confirm.checks: checks nothing: give at least one check");
  return problems;
}

const WITHOUT_BEFORE = checkRules(false);

/** What is wrong with checks that compare with no state of before, one sentence each. */
export function healthProblems(checks: unknown): string[] {
  return checkKeys(checks, WITHOUT_BEFORE, "", isUnknown);
}

/** What keeps a command from being one `show` line; undefined if nothing does. */
export function showCommandFault(command: unknown): string | undefined {
  if (typeof command !== "string") return "must be a text";
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(command))
    return "has a line end or another control character: one line is sent";
  if (!/^ *show [^ ]/i.test(command)) return "must begin with `show`";
  const sign = /[;|<>]/.exec(command)?.[0];
  return sign === undefined ? undefined : `has \`${sign}\`, which would start another command`;
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
