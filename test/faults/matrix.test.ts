import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it, test } from "node:test";
import { allCells, allOperations, sendsNothing } from "./cells";
import { nameOf } from "./judge-cell";
import { MATRIX } from "./matrix";
import { titleOf } from "./operation";
import { PAGE, page } from "./page";
import { judgeAll } from "./run";
import { sampleOf } from "./sample";
import { openStage } from "./stage";
import { surround } from "./surroundings";
import { inItsOwnTime } from "./time";

const CELLS = allCells();

test("no cell is empty: each has an outcome, or a reason why it cannot be", () => {
  const operations = allOperations().map(titleOf);
  const faults = MATRIX.flatMap((group) => group.faults);
  assert.equal(new Set(operations).size, operations.length);
  assert.equal(new Set(faults.map(({ title }) => title)).size, faults.length);
  assert.equal(CELLS.length, operations.length * faults.length);
  for (const cell of CELLS)
    if ("none" in cell.outcome) assert.notEqual(cell.outcome.none, "", nameOf(cell));
    else assert.match(cell.outcome.verdict, /^(converges|unchanged|told|told once)$/, nameOf(cell));
});

test("each exception of the matrix is one", () => {
  for (const { title, but = [], verdict } of MATRIX.flatMap((group) => group.faults))
    for (const [operations, other] of but) {
      assert.notEqual(other, verdict, `${title}: ${operations} is no exception`);
      const met = CELLS.some(
        ({ operation, fault, outcome }) =>
          fault.title === title && "verdict" in outcome && operations.test(titleOf(operation)),
      );
      assert.ok(met, `${title}: no operation that can meet it is ${operations}`);
    }
});

test("docs/reliability.md shows the matrix: `npm run faults -- --write`", () => {
  assert.equal(readFileSync(PAGE, "utf8"), page());
});

/** The rest is `npm run faults`. */
const SAMPLE = sampleOf(CELLS.filter(({ fault }) => !fault.isLong));

test("the sample has each fault that is not long, and each operation that can meet one at least twice", () => {
  for (const { title, isLong } of MATRIX.flatMap((group) => group.faults))
    assert.equal(SAMPLE.filter(({ fault }) => fault.title === title).length, isLong ? 0 : 1, title);
  for (const operation of allOperations().filter(({ does }) => !sendsNothing(does))) {
    const title = titleOf(operation);
    assert.ok(SAMPLE.filter((cell) => titleOf(cell.operation) === title).length >= 2, title);
  }
});

describe("a sample of the matrix", () => {
  let back = (): void => {};
  before(() => {
    back = surround();
  });
  after(() => back());

  it("is as declared", async () => assert.deepEqual(await judgeAll(SAMPLE), []));

  for (const operation of allOperations().filter(({ does }) => sendsNothing(does)))
    it(`${titleOf(operation)} sends nothing to the device`, async () => {
      await inItsOwnTime([], async () => {
        const stage = await openStage([], {});
        try {
          await operation.prepare(stage);
          const from = stage.simulator.requests.length;
          await operation.run(stage);
          assert.equal(stage.simulator.requests.length, from);
        } finally {
          await stage.close();
        }
      });
    });
});
