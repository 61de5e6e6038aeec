import type { DeviceStatus } from "../answers/status";
import { cutOffJson } from "../answers/whole-json";
import type { Connection } from "../connect/connection";
import { type DeviceError, isDeviceError } from "../errors";
import type { DeviceRequest, Transport } from "../http/transport";
import { linesOf } from "../log";
import type { OwnReset, ResetRegister } from "../shared/reset-register";
import {
  deadlineOf,
  defaultResetPolicy,
  foundAway,
  type ResetLimits,
  type ResetPolicy,
  type ResetState,
  told,
} from "./phase";
import { mayBeStarting, sightingOf, type Work } from "./sighting";
import { watchReset } from "./watch";
import { overdue, reached, refused } from "./words";

/** How a reset is waited out. */
export interface ResetWait {
  /** The resource, for the log: `[sbc1] config: waiting for the device to come back, 37 s`. */
  label: string;
  /** Seconds from the device's answer, or from the end of its calls, until it is back. Default: the connection's `resetSeconds`. */
  seconds?: number;
  /**
   * Seconds for which calls may go on before the device goes down. 1 is the manual's word for "until all have ended"
   * and counts as `seconds` (LTRT-41760 section 5.1). Default: 0.
   */
  drainSeconds?: number;
  /** Seconds after which a device that goes on answering is not going to reset. Default, and at most: 60. */
  beginSeconds?: number;
  /** What a status says of the work that the reset is a part of. Default: nothing. */
  work?: (status: DeviceStatus) => Work;
  /** What is waited for while the device answers as before, for the log. Default: `the device to go down`. */
  awaits?: string;
  /** Default: stdout */
  log?: (line: string) => void;
  /** Called when the device has taken what resets it, or may have: from here on an error leaves something behind. */
  onSent?: () => void;
}

/** What came of something that resets a device. */
export interface ResetOutcome {
  /** False: no answer came, or one that leaves it open (5xx), and the device was watched all the same. */
  answered: boolean;
  /** What came in place of an answer: MEDIANT_OUTCOME_UNKNOWN. */
  failure?: DeviceError;
  /**
   * False: the device went on answering, or nothing shows that it did not. Read back what it holds. True as well where
   * what was wanted came about without its being seen to go.
   */
  wentDown: boolean;
  /** The device's status afterwards. */
  status: DeviceStatus;
  /** Seconds from the sending until the device was back. */
  seconds: number;
}

/** The request that makes the device reset. */
export interface ResetCause {
  method: DeviceRequest["method"];
  path: string;
  /** Sends it, as `inReset: "cause"`. */
  send(): Promise<unknown>;
}

/** Causes resets of one device and waits until it is back; meanwhile the other requests of the process wait as well. */
export class ResetWaiter {
  readonly #register: ResetRegister;
  readonly #look: DeviceRequest;

  /** @param statusPath where the device tells its status */
  constructor(
    private readonly transport: Transport,
    private readonly connection: Connection,
    statusPath: string,
    private readonly policy: ResetPolicy = defaultResetPolicy,
  ) {
    this.#register = transport.device.resets;
    this.#look = { method: "GET", path: statusPath, proof: cutOffJson };
  }

  /**
   * Sends what makes the device reset, and waits.
   * @param before the status before it: an up time that fell shows a reset that was too short to be seen
   * @throws DeviceError of the sending, if nothing was done. If it was done, with the cause's method and path:
   *   MEDIANT_TIMEOUT if the device did not come back, MEDIANT_UNAUTHORIZED if it refuses the login then
   */
  perform(cause: ResetCause, before: DeviceStatus, wait: ResetWait): Promise<ResetOutcome> {
    const limits = this.#limits(wait);
    return this.#whileOthersWait(wait, limits, async (reset) => {
      const failure = await sendCause(cause);
      wait.onSent?.();
      const accepted = failure === undefined;
      const start = told(before.systemUpTime);
      const end = await this.#watch(reset, wait, { place: cause, limits, start, accepted });
      const seconds = Math.round((this.transport.clock.now() - reset.startedAt) / 1000);
      return { answered: accepted, failure, seconds, ...end };
    });
  }

  /**
   * Waits until a device has ended the work that its status shows, which an earlier run has begun.
   * @param wait `work` says what a status shows of it
   * @throws DeviceError MEDIANT_TIMEOUT, MEDIANT_UNAUTHORIZED as perform, with the place of a look
   */
  settle(before: DeviceStatus, wait: ResetWait): Promise<DeviceStatus> {
    const limits = this.#limits({ ...wait, drainSeconds: 0 });
    const start = { ...told(before.systemUpTime), workedAtMs: 0 };
    return this.#whileOthersWait(wait, limits, async (reset) => {
      const end = await this.#watch(reset, wait, { place: this.#look, limits, start });
      return end.status;
    });
  }

  /**
   * The status of a device that may be away because it starts.
   * @throws DeviceError of the first attempt if waiting cannot help; MEDIANT_TIMEOUT if the device does not come. If it
   *   was given up before, that error at once
   */
  async awaken(wait: ResetWait): Promise<DeviceStatus> {
    for (;;) {
      const seen = sightingOf(await this.transport.attempt(this.#look));
      if (seen.kind === "up") {
        this.#register.gaveUp = undefined;
        return seen.status;
      }
      if (!mayBeStarting(seen.failure)) throw this.transport.error(this.#look, seen.failure);
      if (this.#register.gaveUp !== undefined) throw this.#register.gaveUp;
      // One waits, and those that came at the same time wait for that one.
      if (this.#register.current === undefined) break;
      await this.#register.current.ended;
    }
    const limits = this.#limits({ ...wait, drainSeconds: 0 });
    return this.#whileOthersWait(wait, limits, async (reset) => {
      const end = await this.#watch(reset, wait, { place: this.#look, limits, start: foundAway });
      return end.status;
    });
  }

  async #whileOthersWait<R>(
    { label }: ResetWait,
    { resetMs, drainMs }: ResetLimits,
    run: (reset: OwnReset) => Promise<R>,
  ): Promise<R> {
    const reset = await this.#register.begin(label, () => this.transport.clock.now(), resetMs + drainMs);
    try {
      return await run(reset);
    } finally {
      reset.end();
    }
  }

  async #watch(
    reset: OwnReset,
    { label, work, awaits, log }: ResetWait,
    { place, limits, start, accepted }: Watching,
  ): Promise<{ status: DeviceStatus; wentDown: boolean }> {
    const { transport } = this;
    reset.hold();
    // What is asked for from now on is fetched after the end.
    transport.device.cache.drop();
    const end = await watchReset({
      ...{ clock: transport.clock, policy: this.policy, limits, start },
      poll: async (timeoutMs) =>
        sightingOf(await transport.attempt({ ...this.#look, inReset: "look", timeoutMs }), work),
      awaits,
      log: linesOf(this.connection.name, label, log),
      onDown: () => this.#register.connectionsDied(),
    });
    // What was kept alive through the end of it is not to be trusted, either.
    this.#register.connectionsDied();
    if (end.kind === "back") {
      this.#register.gaveUp = undefined;
      return { status: end.status, wentDown: end.wentDown };
    }
    const { state, last } = end;
    const before = reached(accepted, state);
    if (end.kind === "refused") {
      const sentence = refused(before, state.unauthorized, last.failure);
      throw transport.closeCredential(transport.error(place, last.failure, sentence));
    }
    const sentence = overdue(before, Math.round(deadlineOf(limits, state) / 1000), last);
    this.#register.gaveUp = transport.error(place, last.failure, sentence, "MEDIANT_TIMEOUT");
    throw this.#register.gaveUp;
  }

  #limits({ seconds, drainSeconds = 0, beginSeconds }: ResetWait): ResetLimits {
    const resetSeconds = seconds ?? this.connection.timeouts.resetSeconds;
    return {
      resetMs: resetSeconds * 1000,
      drainMs: (drainSeconds === 1 ? resetSeconds : drainSeconds) * 1000,
      beginMs: beginSeconds === undefined ? undefined : beginSeconds * 1000,
    };
  }
}

interface Watching {
  /** The request that errors name. */
  place: Pick<DeviceRequest, "method" | "path">;
  limits: ResetLimits;
  start: ResetState;
  /** Whether the device answered that it will reset; undefined if it was told nothing. */
  accepted?: boolean;
}

/** The failure that leaves open whether it was done; undefined if it was answered. */
async function sendCause(cause: ResetCause): Promise<DeviceError | undefined> {
  try {
    await cause.send();
    return undefined;
  } catch (error) {
    if (isDeviceError(error) && error.code === "MEDIANT_OUTCOME_UNKNOWN") return error;
    throw error;
  }
}
