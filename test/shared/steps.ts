import assert from "node:assert/strict";
import { Session } from "node:inspector";
import { after } from "node:test";

/*
 * How much work is done is counted, not measured: how often each block of our code ran, by V8's own counters.
 */

const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
after(() => session.disconnect());

/** How many blocks of the files whose urls match run in `work`. */
export function stepsIn(files: RegExp, work: () => void): number {
  session.post("Profiler.takePreciseCoverage"); // sets the counters back
  work();
  let count = 0;
  session.post("Profiler.takePreciseCoverage", (error, coverage) => {
    assert.equal(error, null);
    for (const { url, functions } of coverage?.result ?? []) {
      if (!files.test(url)) continue;
      for (const { ranges } of functions) for (const range of ranges) count += range.count;
    }
  });
  return count;
}
