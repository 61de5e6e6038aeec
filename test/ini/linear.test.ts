import assert from "node:assert/strict";
import { stepsIn, testOfSteps } from "../shared/steps";
import { HARD, readAndWrite } from "./growth";

/** How many blocks of the pure rooms run in `work`. */
const steps = (work: () => void): number => stepsIn(/\/src\/(ini|text)\//, work);

/*
 * That the time is linear is counted, not measured: how often each block of our code ran (V8's own counters). What the
 * shape of each regular expression allows, test/hostile/patterns.test.ts judges.
 */

testOfSteps("the counters count: a quadratic loop grows a hundredfold", () => {
  const text = (n: number) => `P = ${"x,".repeat(n)}`;
  const work = (n: number) => () => {
    for (let at = 0; at < n; at++) readAndWrite(text(n));
  };
  assert.ok(steps(work(100)) > 50 * steps(work(10)));
});

for (const [what, make] of Object.entries(HARD)) {
  testOfSteps(`ten times the text takes about ten times the steps: ${what}`, () => {
    const small = make(2000);
    const large = make(20_000);
    const few = steps(() => readAndWrite(small));
    const many = steps(() => readAndWrite(large));
    assert.ok(few > 0);
    assert.ok(many <= 11 * few + 500, `${few} steps, then ${many}`);
  });
}
