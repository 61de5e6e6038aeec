import type { Value } from "../../ini/configuration";
import type { NameMap } from "../../ini/names";
import type { Observed } from "../../ini/observe";
import type { SeenBefore } from "../health/verdict";
import { ReconcileError } from "../life/errors";
import type { DeviceForm } from "./fragment";

/** What is known of the device when a change fails after it may have touched it. */
export interface Touched {
  before: Observed;
  /** The last dump that could be read; undefined if none could be since the write. */
  after: Observed | undefined;
  forms: NameMap<DeviceForm>;
  /** What the uploads changed, for this resource and for others that shared them. */
  written: NameMap<Value>;
  /** Whether the running configuration still has to be saved. */
  unsaved: boolean;
  /** How the device was before a change that waits to be confirmed. */
  seenBefore: SeenBefore | undefined;
}

/** A change failed after it may have touched the device. */
export class TouchedError extends ReconcileError {
  constructor(
    reasons: readonly string[],
    readonly touched: Touched,
  ) {
    super(reasons);
  }
}
