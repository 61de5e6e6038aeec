import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { type Simulator, startSimulator } from "../../src/simulator";
import { inlineOf } from "../e2e/inline-program";
import { type Engine, type EngineKind, openEngine, quickEngines, type RunResult } from "../engine";
import { runFile } from "../engine/inline";

const PROGRAM = join(__dirname, "..", "fixtures", "programs", "gate");
const SERVER = "SyslogServerIP";

interface Stage {
  canary: Simulator;
  rest: Simulator;
  engine: Engine;
  run(operation: "preview" | "up", gate: object, canary?: string): Promise<RunResult>;
}

async function open(t: TestContext, kind: EngineKind): Promise<Stage> {
  const simulators = [await startSimulator(), await startSimulator()] as const;
  const [canary, rest] = simulators;
  t.after(() => Promise.all(simulators.map((simulator) => simulator.close())));
  const devices = Object.fromEntries(
    simulators.map(({ url }, at) => [`sbc${at + 1}`, { url, username: "Admin", password: "Admin" }]),
  );
  let env = {};
  const engine = await openEngine(kind, {
    ...{ cwd: PROGRAM, stack: "test" },
    inline: inlineOf(() => {
      Object.assign(process.env, env);
      return runFile(join(PROGRAM, "index.js"));
    }),
    secrets: { "mediant:devices": JSON.stringify(devices) },
  });
  t.after(() => engine.dispose());
  const run: Stage["run"] = (operation, gate, before = "") => {
    env = { GATE: JSON.stringify(gate), CANARY: before };
    return engine[operation]({ env });
  };
  return { canary, rest, engine, run };
}

const reads = ({ requests }: Simulator, path: string) =>
  requests.filter(({ path: asked }) => asked.includes(path)).length;

for (const kind of quickEngines()) {
  describe(`a gate before a change, on the ${kind} engine`, () => {
    it("lets nothing be made, nor shown in a preview, on a device that is not healthy", async (t) => {
      const { canary, rest, run } = await open(t, kind);
      canary.locked = true;
      for (const operation of ["preview", "up"] as const) {
        const { exitCode, output } = await run(operation, { unlocked: true }, "judged before");
        assert.notEqual(exitCode, 0, output);
        assert.match(output, /\[sbc1\] not healthy:\s+- it is LOCKED/);
        assert.doesNotMatch(output, /\bcanary\b|at .*\.js:\d+/);
      }
      assert.deepEqual([...canary.writes, ...rest.requests], []);
    });
  });

  describe(`a gate after a change, on the ${kind} engine`, () => {
    it("judges nothing in a preview, and what follows is shown in it", async (t) => {
      const { canary, rest, run } = await open(t, kind);
      canary.alarms.raise({ description: "Trunk is down", severity: "Critical" });
      const preview = await run("preview", { maxSeverity: "minor", version: "9.99A.000.001" });
      assert.equal(preview.exitCode, 0, preview.output);
      assert.match(preview.output, /\bcanary\b[\s\S]*\brest\b/);
      assert.match(preview.output, /7\.40A\.250\.440/, "the status of now is known");
      assert.equal(reads(canary, "/alarms"), 0);
      assert.deepEqual([...canary.writes, ...rest.writes], []);
    });

    for (const before of ["a resource", "in a component"]) {
      it(`lets the rest go where the change did no harm, and only after it: ${before}`, async (t) => {
        const { canary, rest, engine, run } = await open(t, kind);
        const up = await run("up", { maxSeverity: "minor", unlocked: true }, before);
        assert.equal(up.exitCode, 0, up.output);
        const judged = canary.requests.find(({ path }) => path.startsWith("/api/v1/alarms"));
        const saved = canary.writes.at(-1);
        assert.ok(judged && saved?.finishedAt !== undefined && judged.startedAt >= saved.finishedAt);
        const [followed] = rest.requests;
        assert.ok(followed && judged.finishedAt !== undefined && followed.startedAt >= judged.finishedAt);
        assert.equal(rest.flash.parameter(SERVER), "10.1.1.20");
        const { resources = [] } = (await engine.state()).deployment;
        const follower = resources.find(({ urn }) => urn.endsWith("::rest"));
        assert.match(JSON.stringify(follower?.["dependencies"]), /::canary"/, "the order is in the state");
        assert.equal((await run("up", { maxSeverity: "minor" }, before)).exitCode, 0);
      });
    }

    it("holds the rest back where it did harm, and takes nothing away that is there", async (t) => {
      const { canary, rest, engine, run } = await open(t, kind);
      canary.alarms.raise({ description: "Trunk is down", severity: "Critical", source: "Board#1" });
      const up = await run("up", { maxSeverity: "minor", waitSeconds: 0.1 });
      assert.notEqual(up.exitCode, 0);
      assert.match(up.output, /\[sbc1\] not healthy/);
      assert.match(up.output, /- critical alarm of Board#1: Trunk is down/);
      assert.doesNotMatch(up.output, /at .*\.js:\d+/, "no stack");
      assert.equal(canary.flash.parameter(SERVER), "10.1.1.20");
      assert.deepEqual(rest.requests, []);
      canary.alarms.clear("1");
      const again = await run("up", { maxSeverity: "minor" });
      assert.equal(again.exitCode, 0, again.output);
      assert.equal(rest.flash.parameter(SERVER), "10.1.1.20");
      canary.locked = true;
      assert.notEqual((await run("up", { unlocked: true })).exitCode, 0);
      const urns =
        (await engine.state()).deployment.resources?.map(({ urn }) => urn.split("::").at(-1)) ?? [];
      assert.ok(urns.includes("rest"), "what was not reached stays in the state");
    });

    it("holds the rest back where the change failed, without a judgement", async (t) => {
      const { canary, rest, run } = await open(t, kind);
      const up = await run("up", { maxSeverity: "minor" }, "fails");
      assert.notEqual(up.exitCode, 0);
      assert.match(up.output, /Misspelt/);
      assert.equal(reads(canary, "/alarms"), 0);
      assert.deepEqual(rest.requests, []);
    });
  });
}
