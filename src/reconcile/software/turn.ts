import type { DeviceStatus } from "../../device/answers/status";
import { isPair, upgradeInProgress } from "../../device/answers/status";
import type { DeviceClient } from "../../device/client";
import type { ResetOutcome } from "../../device/reset/waiter";
import { sizeText } from "../../text/progress";
import { ReconcileError } from "../life/errors";
import type { Log } from "../life/log";
import { saveFirst } from "../life/saving";
import { UNSEEN_END } from "../life/tried";
import {
  planSoftware,
  RECORDED,
  type RecordedSoftware,
  type SoftwareOrder,
  sameVersion,
  type TriedSoftware,
} from "./plan";

/** What a turn needs of the inputs. */
export interface TurnInputs extends SoftwareOrder {
  source: string;
  __mediantSize: number;
  __mediantName: string;
}

/** One turn of a software load on its device, under the write lock: look, upload, wait, look again. */
export class SoftwareTurn {
  /** As it was last seen; undefined until it was. */
  status: DeviceStatus | undefined;
  /** Whether the device took a load, or may have taken one. */
  sent = false;
  /** Whether what came of it was not seen. */
  pending = false;
  /** What the device ran before a load that it took. */
  replaced: string | undefined;
  /** The load of this turn or of an earlier one, while the device does not run what is declared. */
  tried: TriedSoftware | undefined;
  private readonly wait: { label: string };

  constructor(
    private readonly client: DeviceClient,
    private readonly inputs: TurnInputs,
    private readonly log: Log,
  ) {
    this.wait = { label: inputs.__mediantName };
  }

  /** Sees that the device answers, and waits for one that is away because it starts. */
  async look(recorded: RecordedSoftware): Promise<void> {
    this.tried = recorded.__mediantTried;
    this.status = await this.client.awaken(this.wait);
  }

  /**
   * Brings the device to the declared version.
   *
   * @param recorded what earlier runs know of its software
   * @throws ReconcileError if it may not or did not come true; DeviceError
   */
  async run(recorded: RecordedSoftware | undefined): Promise<void> {
    // Of an upgrade in which an earlier run was broken off, the end decides what is left to do.
    const status = await this.client.settled(this.wait);
    this.status = status;
    this.tried = recorded?.__mediantTried;
    const { version: runs } = status;
    const plan = planSoftware({ version: runs, isPair: isPair(status) }, this.inputs, recorded);
    switch (plan.action) {
      case "adopt":
        this.tried = undefined;
        return this.log(`runs ${runs}: not uploaded`);
      case "record":
        this.tried = undefined;
        return this.log(`runs ${runs}; ${RECORDED}`);
      case "refuse":
        throw new ReconcileError([plan.reason]);
      case "upload":
        await saveFirst(this.client, status, this.log);
        return this.load(plan.hitless, runs);
    }
  }

  private async load(hitless: boolean, earlier: string | undefined): Promise<void> {
    const { __mediantSize: size, version } = this.inputs;
    const activated = hitless ? "a switchover" : "a reset";
    this.log(`runs ${earlier}: uploads ${sizeText(size)}, and ${activated} brings ${version}`);
    let outcome = await this.upload(hitless, earlier);
    if (leftUnchanged(outcome, earlier)) {
      // The watching saw no reset, so the load was not taken, and to send it again does no harm.
      this.log("no answer came, and the device is unchanged: uploads once more");
      outcome = await this.upload(hitless, earlier);
    }
    this.judge(outcome, earlier);
  }

  private async upload(hitless: boolean, earlier: string | undefined): Promise<ResetOutcome> {
    const { source: path, __mediantSize: size, sha256, version } = this.inputs;
    const onSent = () => {
      this.sent = true;
      this.pending = true;
      this.replaced = earlier;
      this.tried = this.attempt(UNSEEN_END);
    };
    const outcome = await this.client.putSoftware(
      { path, size, sha256 },
      { hitless, version },
      { ...this.wait, onSent },
    );
    this.sent = !leftUnchanged(outcome, earlier);
    if (!this.sent) this.tried = undefined;
    this.pending = false;
    this.replaced = undefined;
    this.status = outcome.status;
    return outcome;
  }

  private attempt(outcome: string): TriedSoftware {
    const { sha256: digest, version, reinstall } = this.inputs;
    return { digest, version, outcome, reinstall: reinstall === true };
  }

  private judge(outcome: ResetOutcome, earlier: string | undefined): void {
    const { version } = this.inputs;
    const { version: runs } = outcome.status;
    // If a version is installed again, the version alone shows nothing.
    if (leftUnchanged(outcome, earlier)) {
      const why = outcome.failure?.sentence ?? "no answer came";
      throw new ReconcileError([`the device runs ${earlier} as before, and did not take ${version}: ${why}`]);
    }
    if (runs === undefined || !sameVersion(runs, version)) {
      if (runs !== earlier) this.replaced = earlier;
      const why = upgradeInProgress(outcome.status)
        ? "the upgrade shows no end"
        : runs === earlier
          ? "the device did not take it"
          : "source and version do not belong together";
      const now = runs ?? "a version that its status does not say";
      this.tried = this.attempt(`afterwards the device ran ${now} (${why})`);
      throw new ReconcileError([`after the upload the device runs ${now}, not ${version}: ${why}`]);
    }
    this.replaced = earlier;
    this.tried = undefined;
    if (!outcome.wentDown) this.log("the device accepted the load, and was not seen to go down");
    this.log(`runs ${runs}; before, it ran ${earlier}`);
  }
}

function leftUnchanged({ answered, wentDown, status }: ResetOutcome, earlier: string | undefined): boolean {
  return !answered && !wentDown && status.version === earlier;
}
