import { isOutcomeUnknown } from "./errors";

/** How often a write is sent at most. */
export const ATTEMPTS = 3;

/**
 * Sends a write. If the answer is lost, looks at the device and sends again only if the write had no effect.
 *
 * @param look reads the device; gives what `send` would have given if it shows the effect, undefined if it does not
 * @throws what `send` throws; after the last attempt the error of the lost answer
 */
export async function sendAndLook<T>(send: () => Promise<T>, look: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!isOutcomeUnknown(error)) throw error;
      const shown = await look();
      if (shown !== undefined) return shown;
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
