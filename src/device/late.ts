import { type Clock, sleep } from "./clock";

/** Pauses between looks, in milliseconds: six seconds in all. */
export const PAUSES_MS: readonly number[] = [1_000, 2_000, 3_000];

/** How long a device is given to take a change after its answer, so that tests can make it short. */
export const LATE = { pausesMs: PAUSES_MS };

const SECONDS = PAUSES_MS.reduce((sum, ms) => sum + ms, 0) / 1_000;

const NOT_SHOWN_YET = `the device answered and shows nothing of the change yet: looking again for up to ${SECONDS} s`;

/**
 * Reads a device after a change, again and again if need be: it may take a change after its answer.
 * @param isEnough whether what was read needs no other look
 * @param tell takes the one line of a wait
 */
export async function readLate<T>(
  clock: Clock,
  read: () => Promise<T>,
  isEnough: (seen: T) => boolean,
  tell: (line: string) => void = () => undefined,
): Promise<T> {
  let seen = await read();
  if (isEnough(seen)) return seen;
  tell(NOT_SHOWN_YET);
  for (const ms of LATE.pausesMs) {
    await sleep(clock, ms);
    seen = await read();
    if (isEnough(seen)) break;
  }
  return seen;
}
