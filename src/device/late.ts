import { type Clock, sleep } from "./clock";

/** Pauses between looks, in milliseconds: six seconds in all. */
export const PAUSES_MS: readonly number[] = [1_000, 2_000, 3_000];

/** How long a device is given to take a change after its answer, so that tests can make it short. */
export const LATE = { pausesMs: PAUSES_MS };

const SECONDS = PAUSES_MS.reduce((sum, ms) => sum + ms, 0) / 1_000;

/** To tell before `waitForLate`. */
export const NOT_SHOWN_YET = `the device answered and shows nothing of the change yet: looking again for up to ${SECONDS} s`;

/**
 * Looks again and again, for a device that takes a change after its answer.
 * @param look whether no more looks are needed
 */
export async function waitForLate(clock: Clock, look: () => Promise<boolean>): Promise<void> {
  for (const ms of LATE.pausesMs) {
    await sleep(clock, ms);
    if (await look()) return;
  }
}
