import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { describe, it, type TestContext } from "node:test";
import { type EngineKind, quickEngines } from "../engine";
import { sha256 } from "../shared/files";
import { binary, countOf, folderOf, SAVE } from "../shared/uploads";
import { openStage, ourLines, type Stage } from "./stage";

const PUT = "PUT /files/cpt";
const TONES = "CallProgressTonesFilename";

/** A stage with a file of tones, loaded. */
async function loaded(t: TestContext, kind: EngineKind): Promise<{ stage: Stage; source: string }> {
  const stage = await openStage(t, kind, {});
  const source = await (await folderOf(t))("tones.dat", binary("tones"));
  await stage.declare({ type: "AuxiliaryFile", name: "tones", args: { kind: "cpt", source } });
  const up = await stage.up();
  assert.equal(up.exitCode, 0, up.output);
  return { stage, source };
}

for (const kind of quickEngines()) {
  describe(`an auxiliary file, on the ${kind} engine`, () => {
    for (const [firmware, fileName] of [
      ["7.00A.018.005", "cpt.dat"],
      ["7.40A.250.440", "tones.dat"],
    ] as const) {
      it(`is loaded once and saved, with firmware ${firmware}`, async (t) => {
        const stage = await openStage(t, kind, { firmware });
        const content = binary("tones");
        const source = await (await folderOf(t))("tones.dat", content);
        await stage.declare({ type: "AuxiliaryFile", name: "tones", args: { kind: "cpt", source } });
        const preview = await stage.preview();
        assert.ok(
          ourLines(preview.output).includes("[sbc1] tones: uploads 12 kB of call progress tones"),
          preview.output,
        );
        assert.equal(stage.simulator.requests.length, 0);

        const up = await stage.up();
        assert.equal(up.exitCode, 0, up.output);
        assert.deepEqual(stage.simulator.auxiliaryFiles.get("cpt"), {
          fileName,
          size: content.length,
          sha256: sha256(content),
        });
        assert.equal(stage.simulator.flash.parameter(TONES), fileName);
        const tellsReset = ourLines(up.output).some((line) => line.includes("needs a reset"));
        assert.equal(tellsReset, firmware.startsWith("7.4"), up.output);
        const { outputs } = await resource(stage, "tones");
        assert.equal(outputs.sha256, sha256(content));
        assert.equal(outputs.size, content.length);
        assert.equal(outputs.fileName, fileName);

        assert.equal((await stage.up({ expectNoChanges: true })).exitCode, 0);
        const drift = await stage.drift();
        assert.equal(drift.exitCode, 0, drift.output);
        assert.equal(countOf(stage.simulator, PUT), 1);
        assert.equal(countOf(stage.simulator, SAVE), 1);

        // The state alone knows the file, so a refresh and a destroy need none.
        await rm(source);
        await stage.declare();
        const destroy = await stage.destroy();
        assert.equal(destroy.exitCode, 0, destroy.output);
        assert.match(
          destroy.output,
          /warning: \[sbc1\] tones: no longer managed, left on the device|tones: warning: no longer managed, left on the device/,
        );
        assert.equal(stage.simulator.auxiliaryFiles.has("cpt"), true);
      });
    }

    it("is loaded again where somebody loaded another one, or the device lost it", async (t) => {
      const { stage } = await loaded(t, kind);
      stage.simulator.running.setParameter(TONES, "other.dat");
      const drift = await stage.drift();
      assert.equal(drift.exitCode, 7, drift.output);
      const lines = ourLines(drift.output);
      assert.ok(lines.includes(`[sbc1] tones: drift: ${TONES}: "tones.dat" => "other.dat"`), drift.output);
      assert.equal(countOf(stage.simulator, PUT), 1);
      assert.equal((await stage.up({ refresh: true })).exitCode, 0);
      assert.equal(countOf(stage.simulator, PUT), 2);
      assert.equal(stage.simulator.flash.parameter(TONES), "tones.dat");
      assert.equal((await stage.drift()).exitCode, 0);

      stage.simulator.running.setParameter(TONES, "");
      assert.equal((await stage.drift()).exitCode, 7);
      assert.equal((await stage.up({ refresh: true })).exitCode, 0);
      assert.equal(stage.simulator.running.parameter(TONES), "tones.dat");
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("is compared by its content and not by its path; another kind leaves the old one on the device", async (t) => {
      const { stage } = await loaded(t, kind);
      const write = await folderOf(t);
      const declare = (source: string) =>
        stage.declare({ type: "AuxiliaryFile", name: "tones", args: { kind: "cpt", source } });
      await declare(await write("same.dat", binary("tones")));
      assert.equal((await stage.up({ expectNoChanges: true })).exitCode, 0);
      const other = binary("other tones", 1_500);
      await declare(await write("tones.dat", other));
      const preview = await stage.preview();
      const lines = ourLines(preview.output);
      assert.ok(lines.includes("[sbc1] tones: uploads 1.5 kB of call progress tones"), preview.output);
      assert.equal((await stage.up()).exitCode, 0);
      assert.equal(stage.simulator.auxiliaryFiles.get("cpt")?.sha256, sha256(other));

      await stage.declare({
        type: "AuxiliaryFile",
        name: "tones",
        args: { kind: "prt", source: await write("tones.dat", other) },
      });
      const replaced = await stage.up();
      assert.equal(replaced.exitCode, 0, replaced.output);
      assert.match(replaced.output, /left on the device as it is: the API cannot remove call progress tones/);
      assert.deepEqual([...stage.simulator.auxiliaryFiles.keys()].sort(), ["cpt", "prt"]);
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("whose save failed is saved by the next up, without another upload", async (t) => {
      const stage = await openStage(t, kind, {});
      const source = await (await folderOf(t))("tones.dat", binary("tones"));
      await stage.declare({ type: "AuxiliaryFile", name: "tones", args: { kind: "cpt", source } });
      // Refused in either form of an upload, it is not loaded, and nothing of it is left in the state.
      stage.simulator.faults.fail(400, "PUT /api/v1/files/cpt", 2);
      const refused = await stage.up();
      assert.match(refused.output, /PUT \/api\/v1\/files\/cpt: 400/);
      assert.equal(stage.simulator.auxiliaryFiles.size, 0);
      const uploads = countOf(stage.simulator, PUT);
      stage.simulator.faults.fail(400, "POST /api/v1/actions/saveConfiguration");
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      assert.equal(stage.simulator.flash.parameter(TONES), undefined);
      // A refresh in between keeps what is left to do.
      const drift = await stage.drift();
      assert.equal(drift.exitCode, 7, drift.output);
      assert.equal((await stage.up()).exitCode, 0);
      assert.equal(stage.simulator.flash.parameter(TONES), "tones.dat");
      assert.equal(countOf(stage.simulator, PUT), uploads + 1);
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("goes on over a connection that is cut, over an answer that is lost, and over a busy device", async (t) => {
      const stage = await openStage(t, kind, {});
      const { faults } = stage.simulator;
      const write = await folderOf(t);
      const brings = async (content: Buffer) => {
        const source = await write("tones.dat", content);
        await stage.declare({ type: "AuxiliaryFile", name: "tones", args: { kind: "cpt", source } });
        const up = await stage.up();
        assert.equal(up.exitCode, 0, up.output);
        assert.equal(stage.simulator.auxiliaryFiles.get("cpt")?.sha256, sha256(content));
      };
      faults.cutUpload(0.5, "PUT /api/v1/files/cpt");
      await brings(binary("cut", 2_000_000));
      faults.loseAnswer("PUT /api/v1/files/cpt", { applied: true });
      await brings(binary("lost"));
      faults.conflict({ ms: 1_500, match: "PUT /api/v1/files/cpt" });
      await brings(binary("busy"));
      assert.equal((await stage.drift()).exitCode, 0);
    });
  });
}

async function resource(stage: Stage, name: string) {
  const found = (await stage.state()).deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
  assert.ok(found?.outputs !== undefined);
  return { outputs: found.outputs as Record<string, unknown> };
}
