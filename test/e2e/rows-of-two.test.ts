import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { type EngineKind, quickEngines } from "../engine";
import { type Declared, openStage, ourLines } from "./stage";

const onRelease = "restore";

const MAKER: Declared = { name: "a", args: { onRelease, tables: { ProxySet: { 7: { ProxyName: "PS" } } } } };
const OTHER: Declared = {
  name: "b",
  args: { onRelease, tables: { ProxySet: { 7: { ProxyKeepAliveTime: 90 } } } },
};

const STAYS =
  "[sbc1] a: ProxySet 7 stays on the device, no longer managed: ProxyKeepAliveTime is neither its own nor as the device filled it in";

/** The maker, once it declares something else. */
const WITHOUT_ROW = { name: "a", args: { parameters: { EnableSyslog: true }, onRelease } };

for (const kind of quickEngines()) {
  describe(`a row in which more than its maker has cells, on the ${kind} engine`, () => {
    it("stays with `destroy --target` of the resource that made it", async (t) => {
      const { stage, row, lines } = await made(t, kind, MAKER, OTHER);
      lines(await stage.destroy({ targets: ["a"] }), STAYS);
      assert.deepEqual(row(), ["PS", "90"]);
      await stage.declare(OTHER);
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("stays with `up --target` that takes it out of the declaration", async (t) => {
      const { stage, row, lines } = await made(t, kind, MAKER, OTHER);
      await stage.declare(WITHOUT_ROW, OTHER);
      lines(await stage.up({ targets: ["a"] }), STAYS);
      assert.deepEqual(row(), ["PS", "90"]);
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("goes with both", async (t) => {
      const { stage, row } = await made(t, kind, MAKER, OTHER);
      assert.equal((await stage.destroy()).exitCode, 0);
      assert.deepEqual(row(), [undefined, undefined]);
    });

    it("keeps what a person set when it moves to a resource that comes later", async (t) => {
      const { stage, row, lines } = await made(t, kind, MAKER);
      stage.simulator.running.setCell("ProxySet", 7, "ProxyKeepAliveTime", "90");
      await stage.declare(WITHOUT_ROW, { ...MAKER, name: "c", after: ["a"] });
      lines(await stage.up(), STAYS);
      assert.deepEqual(row(), ["PS", "90"]);
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("keeps what a person set under another name of the device", async (t) => {
      const { stage, row, lines } = await made(t, kind, MAKER);
      stage.simulator.running.setCell("ProxySet", 7, "ProxyKeepAliveTime", "90");
      const device = {
        name: "new",
        url: stage.simulator.url,
        username: "Admin",
        password: { secret: "Admin" },
      };
      await stage.declare({ ...MAKER, args: { ...MAKER.args, device } });
      lines(await stage.up(), STAYS);
      assert.deepEqual(row(), ["PS", "90"]);
      assert.equal((await stage.drift()).exitCode, 0);
    });
  });
}

async function made(t: TestContext, kind: EngineKind, ...declared: Declared[]) {
  const stage = await openStage(t, kind, {});
  await stage.declare(...declared);
  const up = await stage.up();
  assert.equal(up.exitCode, 0, up.output);
  const { running } = stage.simulator;
  return {
    stage,
    row: () => ["ProxyName", "ProxyKeepAliveTime"].map((column) => running.cell("ProxySet", 7, column)),
    /** It went well and told the line. */
    lines: ({ exitCode, output }: { exitCode: number; output: string }, line: string) => {
      assert.equal(exitCode, 0, output);
      assert.ok(ourLines(output).includes(line), output);
    },
  };
}
