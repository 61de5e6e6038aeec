import { ALARM_SEVERITIES, type Alarm, type AlarmSeverity, rankOf } from "../device/answers/alarms";
import type { DeviceStatus } from "../device/answers/status";
import { compareVersions } from "../device/answers/version";
import { sanitise } from "../text/sanitise";

/** What a device is judged by; what is left out is not asked. */
export interface HealthConditions {
  /** The highest severity that is tolerated of an active alarm. */
  maxSeverity?: AlarmSeverity;
  /** The firmware that is to run. */
  version?: string;
  unlocked?: boolean;
  /** The redundant unit is to be there. */
  highAvailability?: boolean;
}

const ALARMS_SHOWN = 20;

/** What is wrong with a device, a line each; none where all conditions hold. */
export function faultsOf(
  conditions: HealthConditions,
  status: DeviceStatus,
  alarms: readonly Alarm[],
): string[] {
  const { maxSeverity, version, unlocked, highAvailability } = conditions;
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
  return maxSeverity === undefined ? faults : [...faults, ...alarmFaults(maxSeverity, alarms)];
}

/** By number, so that `7.40A.5.9` is `7.40A.005.009`. */
function isVersion(wanted: string, running = ""): boolean {
  return wanted.toUpperCase() === running.toUpperCase() || compareVersions(wanted, running) === 0;
}

function alarmFaults(maxSeverity: AlarmSeverity, alarms: readonly Alarm[]): string[] {
  const worstFirst = alarms
    .filter((alarm) => rank(alarm) > rankOf(maxSeverity))
    .sort((a, b) => rank(b) - rank(a));
  const rest = worstFirst.slice(ALARMS_SHOWN);
  const shown = worstFirst.slice(0, ALARMS_SHOWN).map((alarm) => {
    const source = alarm.source === undefined ? "" : ` of ${sanitise(alarm.source)}`;
    const date = alarm.date === undefined ? "" : ` (${sanitise(alarm.date)})`;
    return `${wordFor(alarm)} alarm${source}: ${sanitise(alarm.description) || `id ${sanitise(alarm.id)}`}${date}`;
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

function said(text: string | undefined, otherwise: string): string {
  return text === undefined || text === "" ? otherwise : sanitise(text);
}
