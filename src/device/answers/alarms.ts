import { isRecord } from "../../declare/rules";
import { parseAnswer } from "./lenient-json";
import { parseTimestamp } from "./status";

/** How bad an alarm is: `cleared` < `indeterminate` < `warning` < `minor` < `major` < `critical`. */
export type AlarmSeverity = "cleared" | "indeterminate" | "warning" | "minor" | "major" | "critical";

/** From the least to the worst; the words of LTRT-41760 section 7.1.1, in lower case. */
export const ALARM_SEVERITIES: readonly AlarmSeverity[] = [
  "cleared",
  "indeterminate",
  "warning",
  "minor",
  "major",
  "critical",
];

/** `active`: raised and not cleared. `history`: raised and cleared since the last reset. */
export type AlarmKind = "active" | "history";

/** An alarm of a device (LTRT-41760 section 7). What the device leaves out is undefined. */
export interface Alarm {
  id: string;
  /** `Trunk is down`; empty if the device has no words for it. */
  description: string;
  /** Lists have it on later firmware only. */
  severity?: AlarmSeverity;
  /** `Board#1`. Lists have it on later firmware only. */
  source?: string;
  /**
   * By the device's own clock: ISO 8601 in UTC, or the device's text if it is no such time. Lists have it on later
   * firmware only.
   */
  date?: string;
}

/** Where a list of alarms can be gone on with; undefined if there was nothing more that way. */
export interface AlarmCursor {
  after?: string;
  before?: string;
}

/** Alarms in the device's order, and where the list can be gone on with. */
export interface AlarmList {
  alarms: Alarm[];
  cursor: AlarmCursor;
}

/** Reads a page of a list; undefined if the answer is something else. No alarm at all comes as 204 or as an empty list. Never throws. */
export function parseAlarmPage(body: Buffer | string): AlarmList | undefined {
  const { fields, description } = parseAnswer(body);
  const { alarms = fields["items"], cursor } = fields;
  if (alarms !== undefined && !Array.isArray(alarms)) return undefined;
  if (alarms === undefined && (description !== undefined || Object.keys(fields).length > 0)) return undefined;
  const read: (Alarm | undefined)[] = (alarms ?? []).map((entry: unknown) =>
    isRecord(entry) ? alarmOf(entry) : undefined,
  );
  // An alarm that is left out in silence would pass for one that is not there.
  if (read.includes(undefined)) return undefined;
  return {
    alarms: read.filter((alarm) => alarm !== undefined),
    cursor: isRecord(cursor)
      ? { after: position(cursor["after"]), before: position(cursor["before"]) }
      : { after: undefined, before: undefined },
  };
}

/** Reads one alarm; undefined if the answer is something else. Never throws. */
export function parseAlarm(body: Buffer | string): Alarm | undefined {
  return alarmOf(parseAnswer(body).fields);
}

/** The severity that a device's word means: `Major`, `MAJOR`. */
export function parseSeverity(value: unknown): AlarmSeverity | undefined {
  const word = textOf(value)?.toLowerCase();
  return ALARM_SEVERITIES.find((severity) => severity === word);
}

/** 0 for `cleared`, 5 for `critical`. */
export function rankOf(severity: AlarmSeverity): number {
  return ALARM_SEVERITIES.indexOf(severity);
}

function alarmOf(fields: Record<string, unknown>): Alarm | undefined {
  const id = textOf(fields["id"]);
  if (id === undefined) return undefined;
  const alarm: Alarm = { id, description: textOf(fields["description"]) ?? "" };
  const severity = parseSeverity(fields["severity"]);
  const source = textOf(fields["source"]);
  const date = parseTimestamp(fields["date"]) ?? textOf(fields["date"]);
  if (severity !== undefined) alarm.severity = severity;
  if (source !== undefined) alarm.source = source;
  if (date !== undefined) alarm.date = date;
  return alarm;
}

/** The manual's sign for nothing further that way is "-1". */
function position(value: unknown): string | undefined {
  const text = textOf(value);
  return text === "-1" ? undefined : text;
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  return String(value).trim() || undefined;
}
