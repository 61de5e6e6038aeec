import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { sha256 } from "../shared/files";
import { countOf, folderOf } from "../shared/uploads";
import { openStage, ourLines } from "./stage";

const FIRST = "10245678";
const SECOND = "10245679";
const DEVICE = { serialNumber: FIRST, resetSeconds: 0.5 };
const KEYS = {
  before: "canaryBefore9f1AAAA",
  first: "canaryFirst9f2BBBB",
  second: "canarySecond9f3CCCC",
  byHand: "canaryByHand9f4DDDD",
};
const PUT = "PUT /license";

for (const kind of quickEngines()) {
  describe(`a licence, on the ${kind} engine`, () => {
    for (const firmware of ["7.00A.018.005", "7.40A.250.440"]) {
      it(`given as a key is installed once, kept in step, and never shown, with firmware ${firmware}`, async (t) => {
        const license = { key: KEYS.before };
        const stage = await openStage(t, kind, { ...DEVICE, firmware, license });
        const { simulator } = stage;
        let output = "";
        const run = async (what: ReturnType<typeof stage.up>) => {
          const result = await what;
          output += result.output;
          return result.exitCode;
        };
        // In plain text in the program, it is a secret all the same.
        await stage.declare({
          type: "DeviceLicense",
          name: "licence",
          args: { key: KEYS.first, serialNumber: FIRST },
        });
        assert.equal(await run(stage.preview({ diff: true })), 0, output);
        assert.match(
          output,
          /\[sbc1\] licence: installs the licence and resets the device, unless the key is installed/,
        );
        assert.equal(await run(stage.up({ diff: true })), 0, output);
        assert.equal(simulator.license.key, KEYS.first);
        assert.equal(await run(stage.up({ expectNoChanges: true })), 0, output);
        assert.equal(await run(stage.drift()), 0, output);
        assert.equal(countOf(simulator, PUT), 1);

        simulator.license = { key: KEYS.byHand };
        const drift = await stage.preview({ refresh: true, expectNoChanges: true, diff: true });
        output += drift.output;
        assert.equal(drift.exitCode, 7, drift.output);
        const lines = ourLines(drift.output);
        assert.ok(lines.includes("[sbc1] licence: drift: key: (secret) changed"), drift.output);
        assert.ok(
          lines.some((line) =>
            /drift: keyDescription: \["Control Protocols: .*\] => \["Control Protocols: .*\]$/.test(line),
          ),
        );
        assert.equal(await run(stage.up({ refresh: true, diff: true })), 0, output);
        assert.equal(simulator.license.key, KEYS.first);
        assert.equal(await run(stage.drift()), 0, output);

        const state = JSON.stringify(await stage.state());
        assert.match(state, /Key features/);
        await stage.declare();
        assert.equal(await run(stage.destroy()), 0, output);
        assert.match(
          output,
          /warning: \[sbc1\] licence: no longer managed, left on the device|licence: warning: no longer managed, left on the device/,
        );
        assert.equal(simulator.license.key, KEYS.first);
        assertHidden({ output, state });
      });
    }

    it("given as a file serves both units of a pair, and never enters output or state", async (t) => {
      const stage = await openStage(t, kind, { ...DEVICE, highAvailability: true });
      const { simulator } = stage;
      const write = await folderOf(t);
      const text = `; both units\nS/N ${FIRST}\n${KEYS.first}\nS/N ${SECOND}\n${KEYS.second}\n`;
      const args = { licenseFile: await write("licence.txt", text) };
      await stage.declare({ type: "DeviceLicense", name: "licence", args });
      const up = await stage.up({ diff: true });
      assert.equal(up.exitCode, 0, up.output);
      assert.equal(simulator.license.key, KEYS.first);
      assert.equal(countOf(simulator, PUT), 1);

      // Another file with the same keys is recorded, and not sent.
      const other = `S/N ${SECOND}\n${KEYS.second}\nS/N ${FIRST}\n${KEYS.first}\n`;
      args.licenseFile = await write("other.txt", other);
      await stage.declare({ type: "DeviceLicense", name: "licence", args });
      const recorded = await stage.up({ diff: true });
      assert.equal(recorded.exitCode, 0, recorded.output);
      assert.match(recorded.output, /licence: the key is installed already: nothing was sent/);
      const found = (await stage.state()).deployment.resources?.find(({ urn }) => urn.endsWith("::licence"));
      assert.equal(found?.outputs?.["sha256"], sha256(other));

      simulator.license = { key: KEYS.byHand };
      const drift = await stage.drift();
      assert.equal(drift.exitCode, 7, drift.output);
      const healed = await stage.up({ refresh: true, diff: true });
      assert.equal(healed.exitCode, 0, healed.output);
      assert.equal(simulator.license.key, KEYS.first);
      const unchanged = await stage.drift();
      assert.equal(unchanged.exitCode, 0, unchanged.output);
      const outputs = [up, recorded, drift, healed, unchanged].map(({ output }) => output);
      assertHidden({ output: outputs.join("\n"), state: JSON.stringify(await stage.state()) });
    });

    it("that cannot be installed leaves the device alone, and no key in the errors", async (t) => {
      const license = { key: KEYS.before };
      const stage = await openStage(t, kind, { ...DEVICE, license, highAvailability: true });
      const write = await folderOf(t);
      let output = "";
      const refused = async (pattern: RegExp, args: Record<string, unknown>) => {
        await stage.declare({ type: "DeviceLicense", name: "licence", args });
        const up = await stage.up({ diff: true });
        assert.notEqual(up.exitCode, 0);
        assert.match(up.output, pattern);
        output += up.output;
      };
      await refused(/key cannot be installed on an HA pair.*use licenseFile/, { key: KEYS.first });
      await refused(/serialNumber is 1, and that of the device is 10245678 and 10245679/, {
        key: KEYS.first,
        serialNumber: "1",
      });
      await refused(/licenseFile: ".*keys\.txt" is no licence file/, {
        licenseFile: await write("keys.txt", KEYS.first),
      });
      await refused(/exactly one of key and licenseFile is needed/, { key: KEYS.first, licenseFile: "x" });
      assert.equal(stage.simulator.writes.length, 0);
      assertHidden({ output, state: JSON.stringify(await stage.state()) });
    });
  });
}

/** No key, and nothing with which a guess at one could be proved. */
function assertHidden(texts: Record<string, string>): void {
  for (const [name, text] of Object.entries(texts)) {
    for (const key of Object.values(KEYS)) {
      for (const form of [key, sha256(key), Buffer.from(key).toString("base64").slice(0, -2)])
        assert.ok(!text.includes(form), `${key} in the ${name}`);
    }
  }
}
