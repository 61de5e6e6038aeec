/** Time as the device rooms see it, so that tests can turn it by hand. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Calls `run` once after `ms` milliseconds; the answer takes the call back. */
  after(ms: number, run: () => void): () => void;
}

// Not unref'ed: whoever sets one of these awaits its end, and a program must not end in the middle of a wait.
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** @param early ends the wait before its time */
export function sleep(clock: Clock, ms: number, early?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      cancel();
      early?.removeEventListener("abort", wake);
      resolve();
    };
    const cancel = clock.after(early?.aborted ? 0 : ms, wake);
    early?.addEventListener("abort", wake);
  });
}
