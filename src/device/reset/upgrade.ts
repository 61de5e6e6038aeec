import type { DeviceStatus } from "../answers/status";
import { isPair, upgradeInProgress } from "../answers/status";
import { compareVersions } from "../answers/version";
import type { Work } from "./sighting";
import type { ResetWait } from "./waiter";

/** What a software load is to do. */
export interface SoftwareOrder {
  /** By way of the redundant unit of a pair, the service kept. LTRT-41760 section 6.3.1. */
  hitless: boolean;
  /** The version in the file. */
  version: string;
}

/** How the effect of a software load is waited out. */
export function softwareWait(order: SoftwareOrder, before: DeviceStatus): Pick<ResetWait, "work" | "awaits"> {
  return {
    work: (status) => workOf(order, before, status),
    awaits: order.hitless ? "the hitless upgrade" : undefined,
  };
}

/**
 * How an upgrade that was found under way is waited out. A pair is through with it when its status says so; what else
 * resets at its end is waited for as well.
 */
export function upgradeWait(before: DeviceStatus): Pick<ResetWait, "work" | "awaits"> {
  const ended = isPair(before) ? "idle" : undefined;
  return { work: (status) => (upgradeInProgress(status) ? "going" : ended), awaits: "an upgrade to end" };
}

/**
 * What a status says of a software load.
 * - A new version that is there, with nothing in progress, is the end of it. Not so where the device ran it before.
 * - A pair goes on answering while one unit after the other is upgraded. If the firmware has `upgradeStatus`, that
 *   tells whether it is at it; where not, it may be until the time is over.
 */
export function workOf({ hitless, version }: SoftwareOrder, before: DeviceStatus, now: DeviceStatus): Work {
  if (upgradeInProgress(now)) return "going";
  if (runs(now, version) && !runs(before, version)) return "done";
  if (!hitless) return undefined;
  return now.upgradeStatus === undefined ? "going" : "idle";
}

function runs(status: DeviceStatus, version: string): boolean {
  return status.version !== undefined && compareVersions(status.version, version) === 0;
}
