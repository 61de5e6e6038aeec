import type { ConfirmArgs } from "../../declare/checks";
import { isUnknown } from "../../declare/unknown";
import type { DeviceClient } from "../../device/client";
import { sleep } from "../../device/clock";
import { type DeviceError, isDeviceError } from "../../device/errors";
import { ReconcileError } from "../life/errors";
import type { Log } from "../life/log";
import { markConfirmed, refuseUnconfirmed, tellOnce } from "../life/saving";
import { isPassing, lookAt, printOf } from "./look";
import { faultsOf, type Seen, type SeenBefore, seenBefore } from "./verdict";
import { BEGIN, judgeWatch, type Sighting } from "./watch";

/** How the watching of a change ended. */
export type WatchEnd =
  | { kind: "held" }
  | { kind: "ill"; faults: readonly string[] }
  /** It does not hold the change any more. */
  | { kind: "lost" }
  /** It does not answer any more. */
  | { kind: "gone"; error: DeviceError };

type LastSighting = Sighting | Extract<WatchEnd, { kind: "lost" | "gone" }>;

/** Seconds. */
const HOLD = 30;
const EVERY = 5;
/** A line about the watch at most so often. */
const LOG_EVERY_MS = 10_000;

/** Asks a device before a change and watches it afterwards; jobs that go out together share one. */
export class Confirmation {
  /** Whether the change was watched to the end, and all checks have held. */
  hasHeld = false;

  /**
   * @param before how the device was before the change, if an earlier run has left it unsaved
   * @param logs of the resources whose change it is
   * @param label names them, for the log of a wait
   */
  constructor(
    private readonly client: DeviceClient,
    readonly confirm: ConfirmArgs,
    private readonly logs: readonly Log[],
    readonly label: string,
    public before: SeenBefore | undefined,
  ) {}

  get onFailure(): NonNullable<ConfirmArgs["onFailure"]> {
    return this.confirm.onFailure ?? "restore";
  }

  /**
   * Looks at the device before anything is sent.
   * @param isOurs whether what the device has unsaved may be ours
   * @param saves whether the change is saved in the end
   * @throws ReconcileError if a check fails already, or if what is not saved would be saved or lost with the change
   */
  async begin(isOurs: boolean, saves: boolean): Promise<void> {
    const keepsOrLoses = saves || this.onFailure === "reset";
    if (keepsOrLoses) refuseUnconfirmed(this.client, this.label);
    const { checks, allowUnsaved } = this.confirm;
    const seen = await this.look();
    const { saveNeeded } = seen.status;
    const before = this.before ?? seenBefore(checks, seen);
    const faults = faultsOf(checks, seen, before);
    if (faults.length > 0)
      throw new ReconcileError([
        "the device is not healthy before the change, so it is not changed:",
        ...faults,
      ]);
    if (saveNeeded === true && keepsOrLoses && !isOurs && allowUnsaved !== true)
      throw new ReconcileError([UNSAVED_OF_OTHERS]);
    if (saveNeeded === undefined && saves) tellOnce(this.client, NOT_TOLD);
    this.before = before;
  }

  /**
   * Looks again and again until all checks have held for `holdSeconds` without a break.
   * @param stands whether the device still has the change: asked at the end, and after it was away
   */
  async watch(stands: () => Promise<boolean>): Promise<WatchEnd> {
    const { holdSeconds = HOLD, everySeconds = EVERY } = this.confirm;
    const limits = { holdMs: holdSeconds * 1000, everyMs: everySeconds * 1000 };
    const { clock } = this.client.transport;
    let state = BEGIN;
    let loggedAt = Number.NEGATIVE_INFINITY;
    for (;;) {
      const sighting = await this.sight(stands);
      if (sighting.kind === "gone" || sighting.kind === "lost") return sighting;
      const judged = judgeWatch(limits, state, sighting, clock.now());
      state = judged.state;
      const { verdict } = judged;
      if (verdict.action === "held") {
        const last = await this.lastSight(stands);
        if (last.kind === "back") {
          state = BEGIN;
          continue;
        }
        if (last.kind !== "well") return last;
        this.hasHeld = true;
        markConfirmed(this.client, this.label);
        this.tell(`watched for ${holdSeconds} s: healthy`);
        return { kind: "held" };
      }
      if (verdict.action === "failed") return { kind: "ill", faults: verdict.faults };
      if (sighting.kind === "well" && clock.now() - loggedAt >= LOG_EVERY_MS) {
        loggedAt = clock.now();
        this.tell(`watching, ${Math.round(verdict.heldMs / 1000)} s of ${holdSeconds} s: healthy`);
      }
      await sleep(clock, verdict.afterMs);
    }
  }

  private sight(stands: () => Promise<boolean>): Promise<LastSighting> {
    return this.orBack(stands, async () => {
      const faults = faultsOf(this.confirm.checks, await this.look(), this.before);
      return faults.length > 0 ? { kind: "ill", faults } : { kind: "well" };
    });
  }

  /** A device that starts fast can have lost the change between two looks. */
  private lastSight(stands: () => Promise<boolean>): Promise<LastSighting> {
    return this.orBack(stands, async () => ((await stands()) ? { kind: "well" } : { kind: "lost" }));
  }

  /** Trouble that passes is waited for; other trouble is a device that is not healthy. */
  private async orBack(
    stands: () => Promise<boolean>,
    look: () => Promise<LastSighting>,
  ): Promise<LastSighting> {
    try {
      return await look();
    } catch (error) {
      if (error instanceof ReconcileError) return { kind: "ill", faults: error.reasons };
      if (!isDeviceError(error)) throw error;
      if (!isPassing(error)) return { kind: "ill", faults: [error.message] };
    }
    return this.awaitBack(stands);
  }

  /** Waits for a device that does not answer, for `resetSeconds` at most. */
  async awaitBack(
    stands: () => Promise<boolean>,
  ): Promise<{ kind: "back" } | { kind: "lost" } | { kind: "gone"; error: DeviceError }> {
    try {
      await this.client.awaken({ label: this.label });
      return (await stands()) ? { kind: "back" } : { kind: "lost" };
    } catch (error) {
      if (isDeviceError(error)) return { kind: "gone", error };
      throw error;
    }
  }

  private look(): Promise<Seen> {
    return lookAt(this.client, this.confirm.checks, (command) => printOf(this.client, command));
  }

  /** A line of each resource. */
  tell(line: string): void {
    for (const log of this.logs) log(line);
  }
}

/** What a preview says of a change that a reset may undo. */
export function resetWords(confirm: ConfirmArgs | undefined): string | undefined {
  if (confirm === undefined || isUnknown(confirm) || confirm.onFailure !== "reset") return undefined;
  return "if a check fails after the change, the device is reset without saving: calls end";
}

/** What a watch that did not hold says, one sentence each. */
export function watchWords(end: Exclude<WatchEnd, { kind: "held" }>): string[] {
  switch (end.kind) {
    case "ill":
      return ["the device is not healthy after the change:", ...end.faults];
    case "lost":
      return [
        "the device does not hold the change any more: it restarted while it was watched, or somebody changed it back; nothing was saved",
      ];
    case "gone":
      return [
        "the device does not answer after the change:",
        end.error.message,
        "nothing was saved: when it starts again, it has what was saved before the change",
      ];
  }
}

const UNSAVED_OF_OTHERS =
  "the device reports changes that are not saved, and they are not known to be ours: saving would keep them, and a " +
  "reset would lose them. Save them on the device or discard them, or set confirm.allowUnsaved";

const NOT_TOLD =
  "this firmware does not tell whether somebody else's changes are not saved: a confirmed change saves them too";
