/*
 * What was sent to a device, made it reset, and did not come true. Sent again by itself it would be an outage at every
 * run, so the state keeps it, and the same again is refused until somebody says that it is meant.
 */

import { listed } from "../../text/listed";

export interface Tried {
  /** Of what was sent, so that anything else is not taken for it. */
  digest: string;
  /** What came of it, as the end of a sentence: `afterwards the device ran 7.40A.250.440`. Holds no secret. */
  outcome: string;
}

/** What an attempt is known by while nothing was seen of its end. */
export const UNSEEN_END = "its result was not seen";

/** How a resource that has no other way sends something again: a replacement begins without a state. */
export const BY_REPLACING = "`pulumi up --replace` with the urn of this resource sends it again";

/** What came of a whole configuration of which the device shows something else. */
export function cameBackOther(reasons: readonly string[]): string {
  return `the device came back with other content (${listed(reasons, 3)})`;
}

/** Why a whole configuration is not sent again; undefined if it may be. */
export function loadedBefore(tried: Tried | undefined, digest: string): string | undefined {
  if (tried?.digest !== digest) return undefined;
  return refusedAgain("this configuration", tried, `Declare another one; ${BY_REPLACING}`);
}

/**
 * The refusal of what was tried before.
 * @param what was sent: `this load`
 * @param ways out of it, the end of the sentence
 */
export function refusedAgain(what: string, { outcome }: Tried, ways: string): string {
  return `${what} was sent before, and ${outcome}: it is not sent again automatically, because that resets the device. ${ways}`;
}
