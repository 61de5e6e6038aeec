import assert from "node:assert/strict";
import { Session } from "node:inspector";
import { after, test } from "node:test";
import { setFlagsFromString } from "node:v8";

/*
 * How much work is done is counted, not measured: how often each block of our code ran, by V8's own counters.
 */

/** The coverage of a run is read from the same counters, and taking them sets them back. */
const isTaken = process.env["NODE_V8_COVERAGE"] !== undefined;

const session = new Session();
if (!isTaken) {
  // Code that this compiler of Node 24 has optimised is not counted.
  setFlagsFromString("--no-maglev");
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  after(() => session.disconnect());
}

/** A test that counts steps: left out while coverage is measured. */
export function testOfSteps(name: string, run: () => void): void {
  test(name, { skip: isTaken && "the counters are those of the coverage" }, run);
}

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
