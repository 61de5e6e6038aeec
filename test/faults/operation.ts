import type { Stage } from "./stage";

/** What an operation asks of a device: where a fault can strike. All undefined: it sends nothing. */
export interface Requests {
  /** The GET that it relies on, as `GET /api/v1/files/ini`. */
  document?: string;
  /** Its write. */
  write?: string;
  /** Whether the write is followed by a save. */
  saves?: boolean;
  /** Whether the write resets the device. */
  resets?: boolean;
  /** Whether the write sends a file of this machine. */
  sendsFile?: boolean;
  /** Whether the write may go out again without harm. */
  isHarmless?: boolean;
}

/** One thing that somebody asks of the package, and how the device's own store shows what became of it. */
export interface Operation {
  /** `IncrementalIniConfig` */
  name: string;
  /** `create` */
  step: string;
  /** Whether it is to change the device, or to look at it. */
  kind: "change" | "look";
  does: Requests;
  /** Whether its errors say the cause in words of their own. */
  hasOwnWords?: boolean;
  /** What was done before, on a device that is well. */
  prepare(stage: Stage): Promise<void>;
  /** @throws what is wrong */
  run(stage: Stage): Promise<void>;
  /** The next run, when the fault is gone. @throws what is wrong */
  again(stage: Stage, refresh?: boolean): Promise<void>;
  /** What a success did not bring about; undefined if all is well. */
  wrong(stage: Stage): string | undefined;
  /** Whether a preview after success shows nothing. */
  isQuiet?(stage: Stage): Promise<boolean>;
}

export const titleOf = ({ name, step }: Pick<Operation, "name" | "step">): string =>
  step === "" ? name : `${name} ${step}`;
