/** Calls `run` once after so many milliseconds; the answer takes the call back. */
export type After = (ms: number, run: () => void) => () => void;

/** Holds no process. */
export const systemAfter: After = (ms, run) => {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};
