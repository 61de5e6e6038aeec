import assert from "node:assert/strict";
import { test } from "node:test";
import { allCells } from "./cells";
import { nameOf } from "./judge-cell";
import { methodsInAProcess, whyNotInAProcess } from "./process";
import { ManagedResource } from "./resource";
import { resourceOperations } from "./resources";
import { judgeAll } from "./run";
import { openStage } from "./stage";

/** The rest is `npm run faults -- --processes`. */
const ONE = "IncrementalIniConfig create: 409 to the save, for ever";

const CELLS = allCells(resourceOperations(methodsInAProcess));

test("each fault that processes cannot meet is one of the matrix", () => {
  const left = CELLS.filter(({ fault }) => whyNotInAProcess(fault) !== undefined);
  assert.deepEqual([...new Set(left.map(({ fault }) => fault.title))], ["refused for a while"]);
});

test("a resource in provider processes meets a fault as declared, in a time that is fast", async () => {
  const some = CELLS.filter((cell) => nameOf(cell) === ONE);
  assert.equal(some.length, 1);
  assert.deepEqual(await judgeAll(some), []);
});

test("what a provider process says comes to the lines of its cell, and what it leaves behind into the state", async () => {
  const lines: string[] = [];
  const stage = await openStage(lines, {});
  try {
    const { simulator, device } = stage;
    const resource = new ManagedResource(() => methodsInAProcess("incrementalIniConfig", lines));
    simulator.faults.fail(500, "POST /api/v1/actions/saveConfiguration", Number.POSITIVE_INFINITY);
    const failing = resource.up({
      device,
      parameters: { SyslogServerIP: "10.0.0.3" },
      tables: {},
      __mediantName: "ours",
    });
    await assert.rejects(failing, /saveConfiguration/);
    assert.equal(resource.isPartial, true);
    assert.deepEqual(resource.state?.["parameters"], { SyslogServerIP: "10.0.0.3" });
    assert.match(lines.join("\n"), /^\[cell\d+\] new resources: /);
  } finally {
    await stage.close();
  }
});
