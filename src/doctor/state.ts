import type { DeviceStatus } from "../device/answers/status";
import { releaseOf } from "../device/answers/version";
import { formOfFirmware } from "../device/upload/uploads";
import { sanitise } from "../text/sanitise";
import { type Check, failed, ok, skipped, warning } from "./check";

/** What the status tells (LTRT-41760 section 8). */
export interface StateFacts {
  status: DeviceStatus;
  /** When it was asked. */
  now: Date;
  /** Whether the configuration is that of a unit of a pair; undefined if it could not be read. */
  pairConfigured: boolean | undefined;
}

export function stateChecks({ status: told, now, pairConfigured }: StateFacts): Check[] {
  const status = fitToShow(told);
  return [
    firmwareCheck(status),
    clockCheck(status.localTimeStamp, now),
    highAvailabilityCheck(status, pairConfigured),
    operationCheck(status.operationalState),
    saveCheck(status.saveNeeded),
    resetCheck(status.resetNeeded),
    upgradeCheck(status),
  ];
}

/** What a device says of itself goes to a terminal: without what would move the cursor or forge a line there. */
function fitToShow(status: DeviceStatus): DeviceStatus {
  const shown = Object.entries(status).map(([name, value]) => [
    name,
    typeof value === "string" ? sanitise(value) : value,
  ]);
  return Object.fromEntries(shown);
}

const NOT_TOLD = "this firmware does not tell";

function firmwareCheck({ version, productType }: DeviceStatus): Check {
  const form = formOfFirmware(version) === "raw" ? "as they are (raw)" : "as multipart forms";
  const product = productType ?? "Mediant";
  const release = version === undefined ? undefined : releaseOf(version);
  if (release === undefined) {
    return warning(
      "firmware",
      `${product}, version ${version ?? "not told"}, which cannot be read; files are sent ${form}`,
      'say upload: "raw" or "multipart" in the program if the device refuses them',
    );
  }
  return ok("firmware", `${product} ${version}, release ${release}: files are sent ${form}`);
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;
/** What a clock may differ: the answer took a while, and few clocks are set by the second. */
const TOLERATED_MS = 5 * MINUTE_MS;

function clockCheck(stamp: string | undefined, now: Date): Check {
  if (stamp === undefined) return skipped("clock", NOT_TOLD);
  const difference = new Date(stamp).getTime() - now.getTime();
  const off = Math.abs(difference);
  if (off <= TOLERATED_MS) return ok("clock", `${stamp}, as here`);
  const message = `the device's clock says ${stamp}, ${span(off)} ${difference < 0 ? "behind" : "ahead of"} this machine's`;
  const remedy =
    "set up NTP on the device (NTPServerIP), for certificates, logs and call records depend on its clock; check this machine's as well";
  if (off >= YEAR_MS) return failed("clock", message, remedy);
  return warning("clock", message, looksLikeZone(off) ? `${remedy}; or it shows its local time` : remedy);
}

/** Whole quarters of an hour, up to those that zones have: some time stamps are local time without saying so. */
function looksLikeZone(off: number): boolean {
  const quarter = 15 * MINUTE_MS;
  const rest = off % quarter;
  return off <= 14 * HOUR_MS + TOLERATED_MS && Math.min(rest, quarter - rest) <= TOLERATED_MS;
}

function span(ms: number): string {
  const units: [number, string][] = [
    [YEAR_MS, "year"],
    [DAY_MS, "day"],
    [HOUR_MS, "hour"],
    [MINUTE_MS, "minute"],
  ];
  const [unit, name] = units.find(([length]) => ms >= length) ?? [MINUTE_MS, "minute"];
  const count = Math.round(ms / unit);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/**
 * "Not Operational" is what later editions say of a unit that stands alone, and of one whose partner is missing: only
 * the configuration tells which. The 7.0 edition has the words "Stand Alone" for the first.
 */
function highAvailabilityCheck(
  { highAvailability: words, version }: DeviceStatus,
  pairConfigured: boolean | undefined,
): Check {
  if (words === undefined) return skipped("highAvailability", NOT_TOLD);
  if (/^operational$/i.test(words)) return ok("highAvailability", "the pair is in operation");
  if (/^stand[ -]?alone$/i.test(words)) return ok("highAvailability", "the device stands alone");
  const old = version !== undefined && formOfFirmware(version) === "raw";
  if (!/^not operational$/i.test(words) || pairConfigured || old) {
    return warning(
      "highAvailability",
      `the pair is not in operation (${words}): the other unit is missing or not synchronised, and calls end if this one fails`,
      "look at the other unit and at the link between the two",
    );
  }
  if (pairConfigured === undefined) {
    return ok(
      "highAvailability",
      "not in operation: right for a device that stands alone, else the other unit is missing",
    );
  }
  return ok("highAvailability", "the device stands alone");
}

function operationCheck(words: string | undefined): Check {
  if (words === undefined) return skipped("operationalState", NOT_TOLD);
  if (/^unlocked$/i.test(words)) return ok("operationalState", "unlocked");
  return warning(
    "operationalState",
    `the device is ${words.toLowerCase()}: it takes no new calls`,
    "unlock it when the work on it is done",
  );
}

function saveCheck(needed: boolean | undefined): Check {
  if (needed === undefined) return skipped("saveNeeded", NOT_TOLD);
  if (!needed) return ok("saveNeeded", "the running configuration is saved");
  return warning(
    "saveNeeded",
    "there are unsaved changes: a reset or a power cut would lose them",
    "save them: the Save button of the web interface, `write` in the CLI, or the next `pulumi up` that changes something",
  );
}

function resetCheck(needed: boolean | undefined): Check {
  if (needed === undefined) return skipped("resetNeeded", NOT_TOLD);
  if (!needed) return ok("resetNeeded", "nothing waits for a reset");
  return warning(
    "resetNeeded",
    "some changes take effect after a reset only",
    "reset the device when no calls would be lost, by hand or with a DeviceReset",
  );
}

function upgradeCheck({ upgradeStatus, mcUpgradeStatus }: DeviceStatus): Check {
  if (upgradeStatus === undefined) return skipped("upgrade", NOT_TOLD);
  const busy = [upgradeStatus, mcUpgradeStatus].find(
    (words) => words !== undefined && !/^none$/i.test(words),
  );
  if (busy === undefined) return ok("upgrade", "no upgrade is in progress");
  return warning(
    "upgrade",
    `an upgrade is in progress (${busy})`,
    "wait until it is over: changes are refused until then",
  );
}
