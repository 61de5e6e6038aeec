import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { binary, folderOf } from "../shared/uploads";
import { type Declared, openStage } from "./stage";

const NEW = "7.40A.500.010";
const [FIRST, SECOND] = ["10245678", "10245679"];
const KEY = "canaryNewKey9f2BBBB";
const SECOND_KEY = "canaryNewKey9f3CCCC";
const BASE64 = Buffer.from(KEY).toString("base64").replace(/=+$/, "");

const DEVICES = [
  { firmware: "7.40A.250.440" },
  { firmware: "7.00A.018.005" },
  { firmware: "7.40A.250.440", highAvailability: true },
];

for (const kind of quickEngines()) {
  describe(`all that can be uploaded in one up, on the ${kind} engine`, { concurrency: 2 }, () => {
    for (const options of DEVICES) {
      const { firmware, highAvailability } = options;
      it(`is loaded without a loss by ${firmware}${highAvailability ? ", a pair" : ""}`, async (t) => {
        const stage = await openStage(t, kind, {
          resetSeconds: 0.5,
          latencyMs: 50,
          serialNumber: FIRST,
          ...options,
        });
        const { simulator } = stage;
        const write = await folderOf(t);
        simulator.running.setParameter("SyslogServerIP", "192.0.2.66");
        const text = `S/N ${FIRST}\r\n${KEY}\r\nS/N ${SECOND}\r\n${SECOND_KEY}\r\n`;
        const source = await write('load "7.4" é\n.cmp', binary(`\0load ${NEW}\0`));
        await write("load.cmp", Buffer.concat([Buffer.from(`\0load ${NEW}\0`), binary("load", 3_000_000)]));
        const load = source.replace(/[^/]*$/, "load.cmp");
        const resources: Declared[] = [
          { name: "base", args: { parameters: { EnableSyslog: true }, tables: proxySet("PS_One") } },
          {
            type: "AuxiliaryFile",
            name: "tones",
            args: { kind: "cpt", source: await write("t.dat", binary("t")) },
          },
          { type: "AuxiliaryFile", name: "prompts", args: { kind: "voiceprompts", source } },
          {
            type: "DeviceLicense",
            name: "licence",
            args: highAvailability
              ? { licenseFile: await write("licence.txt", text) }
              : { key: { secret: KEY }, serialNumber: FIRST },
          },
          { type: "SoftwareLoad", name: "load", args: { source: load, version: NEW } },
          { type: "DeviceReset", name: "reset", args: { triggers: [1] } },
          { type: "SavedConfiguration", name: "saved", args: { triggers: [1] } },
        ];
        await stage.declare(...resources);
        let output = "";
        const run = async (what: ReturnType<typeof stage.up>, expected: number) => {
          const result = await what;
          output += result.output;
          assert.equal(result.exitCode, expected, result.output);
        };
        await run(stage.preview({ diff: true }), 0);
        await run(stage.up(), 0);
        assert.equal(simulator.maxConcurrentWrites, 1);
        assert.equal(simulator.firmware, NEW);
        const { flash, running } = simulator;
        for (const store of [flash, running]) {
          assert.equal(store.parameter("SyslogServerIP"), "192.0.2.66", "what nobody had saved");
          assert.equal(store.parameter("EnableSyslog"), "1");
          assert.equal(store.cell("ProxySet", "3", "ProxyName"), "PS_One");
          assert.equal(store.parameter("CallProgressTonesFilename") !== undefined, true);
        }
        assert.deepEqual([...simulator.auxiliaryFiles.keys()].sort(), ["cpt", "voiceprompts"]);
        const writes = simulator.writes.length;
        await run(stage.up({ expectNoChanges: true }), 0);
        await run(stage.drift(), 0);
        assert.equal(simulator.writes.length, writes);

        simulator.license = { key: "canaryHandKey9f4DDDD" };
        await run(stage.preview({ refresh: true, diff: true, expectNoChanges: true }), 7);
        await run(stage.up({ refresh: true }), 0);
        assert.match(simulator.license.key, /canaryNewKey/);
        await run(stage.drift(), 0);
        const printed = output + JSON.stringify(await stage.state());
        for (const secret of ["canary", BASE64]) assert.equal(printed.includes(secret), false, secret);
        await run(stage.destroy(), 0);
      });
    }
  });
}

function proxySet(name: string) {
  return { ProxySet: { 3: { ProxyName: name } } };
}
