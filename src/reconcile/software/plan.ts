import { isUnknown } from "../../declare/unknown";
import { compareVersions } from "../../device/answers/version";
import { sizeText } from "../../text/progress";
import { BY_REPLACING, refusedAgain, type Tried } from "../life/tried";

/** What is declared of a software load, as far as it decides what happens. */
export interface SoftwareOrder {
  /** As the status gives it: `7.40A.250.440`. */
  version: string;
  /** Of the file. */
  sha256: string;
  hitless?: boolean | "auto";
  allowDowngrade?: boolean;
  reinstall?: boolean;
}

/** What the device says before anything is sent. */
export interface FoundSoftware {
  version: string | undefined;
  /** Whether it is a high-availability pair in operation. */
  isPair: boolean;
}

/** A load that was sent, and the device did not run `version` afterwards. */
export interface TriedSoftware extends Tried {
  version: string;
  /** It was sent because `reinstall` was true: that alone does not send it once more. */
  reinstall?: boolean;
}

/** What earlier runs left in the state. */
export interface RecordedSoftware {
  version: string;
  sha256: string;
  /** Previews have said that the device is a high-availability pair. */
  __mediantPair?: boolean;
  __mediantTried?: TriedSoftware;
}

export type SoftwarePlan =
  /** The device runs the version, and that is all. */
  | { action: "adopt" }
  /** It runs the version, and the file is another than the recorded one: the new digest is kept, nothing is sent. */
  | { action: "record" }
  | { action: "upload"; hitless: boolean }
  | { action: "refuse"; reason: string };

/**
 * What has to happen to a device for a declared load (LTRT-41760 section 6.3). Versions are compared number by
 * number.
 */
export function planSoftware(
  found: FoundSoftware,
  order: SoftwareOrder,
  recorded: RecordedSoftware | undefined,
): SoftwarePlan {
  const { version: runs, isPair } = found;
  if (runs === undefined) return refuse("the device's status does not say which version it runs");
  const steps = compareVersions(runs, order.version);
  if (steps === undefined)
    return refuse(`the device runs ${JSON.stringify(runs)}, a version that cannot be read`);
  const sameFile = recorded?.sha256 === order.sha256;
  if (steps === 0 && (sameFile || !order.reinstall))
    return { action: recorded === undefined || sameFile ? "adopt" : "record" };
  if (steps > 0 && !order.allowDowngrade)
    return refuse(
      `the device runs ${runs}, and ${order.version} is older: allowDowngrade permits to load it`,
    );
  const { hitless = "auto" } = order;
  if (hitless === true && !isPair)
    return refuse(
      "hitless is true, and the device is no high-availability pair in operation: leave hitless out, or bring the pair up first",
    );
  if (hitless === "auto" && !isPair && recorded?.__mediantPair === true) return refuse(PARTNER_LOST);
  const tried = recorded?.__mediantTried;
  if (tried !== undefined && isSameAgain(tried, order)) return refuse(sameAgainWords(tried));
  return { action: "upload", hitless: hitless === "auto" ? isPair : hitless };
}

export function sameVersion(a: string, b: string): boolean {
  return a === b || compareVersions(a, b) === 0;
}

/** The service that a preview said would be kept would not be. */
const PARTNER_LOST =
  "the device was a high-availability pair, which a load leaves in service, but it is not in operation now: loading would reset it and end all calls. Bring the pair up first; hitless: false permits the reset";

function isSameAgain(tried: TriedSoftware, { sha256, version, reinstall }: SoftwareOrder): boolean {
  if (tried.digest !== sha256 || !sameVersion(tried.version, version)) return false;
  return reinstall !== true || tried.reinstall === true;
}

function sameAgainWords(tried: TriedSoftware): string {
  const again = tried.reinstall ? BY_REPLACING : "reinstall: true sends it again";
  return refusedAgain(`this load of ${tried.version}`, tried, `Declare another file or version; ${again}`);
}

function refuse(reason: string): SoftwarePlan {
  return { action: "refuse", reason };
}

/** What is said of a file that is another than the recorded one, and of a version that the device runs. */
export const RECORDED =
  "another file of the same version: recorded, not uploaded (reinstall: true uploads it)";

/** What of a load is known to a preview. Each value may still be unknown. */
export interface SoftwareForecast {
  version: string;
  hitless?: boolean | "auto";
  /** Bytes. */
  size: number;
  /** Undefined if no run has seen the device yet. */
  isPair?: boolean;
}

/** What an upload does, in words: `uploads 210 MB, resets the device (…)`, or `uploads 210 MB, switchover, service kept`. */
export function uploadWords({ hitless = "auto", size, isPair }: SoftwareForecast): string {
  const uploads = isUnknown(size) ? "uploads a software load" : `uploads ${sizeText(size)}`;
  const switches = hitless === "auto" ? isPair : hitless;
  if (switches === true) return `${uploads}, switchover, service kept`;
  const how =
    switches === false
      ? "calls end, and it is away for some minutes"
      : "a high-availability pair: switchover, service kept";
  return `${uploads}, resets the device (${how})`;
}

/** The same of a device that was not looked at: one that runs the version already is left alone. */
export function createWords(forecast: SoftwareForecast, reinstall: boolean): string {
  if (reinstall) return uploadWords(forecast);
  const { version } = forecast;
  return `${uploadWords(forecast)}, unless it already runs ${isUnknown(version) ? "the version" : version}`;
}
