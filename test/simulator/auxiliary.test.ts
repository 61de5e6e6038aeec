import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "../shared/files";
import { bench, descriptionOf, untilBack } from "./harness";
import { formFile, rawFile, state } from "./uploads";

const OLD = "7.00A.018.005";
const TONES = Buffer.from([1, 0, 3, 0x74, 0x6f, 0x6e, 0x65]);
const SAVE = "POST /api/v1/actions/saveConfiguration";

/** The ini parameter of each kind, and whether the device needs a reset to work with the file. */
const KINDS: [kind: string, parameter: string, needsReset: boolean][] = [
  ["amd", "AMDSensitivityFileName", false],
  ["castable", "CASFileName_0", true],
  ["codertable", "CoderTblFileName", false],
  ["cpt", "CallProgressTonesFilename", true],
  ["dialplan", "DialPlanFileName", false],
  ["prt", "PrerecordedTonesFileName", true],
  ["voiceprompts", "VoicePromptsFileName", true],
];

test("each kind is stored, and named in the ini", async (t) => {
  for (const [kind, parameter, needsReset] of KINDS) {
    const device = await bench(t);
    const { ask, simulator, dump } = device;
    const reply = await ask(`PUT /api/v1/files/${kind}`, formFile(TONES, `my_${kind}.dat`));
    assert.equal(reply.status, 200, kind);
    assert.equal(descriptionOf(reply), `The ${kind} file was loaded.`);
    assert.match(await dump(), new RegExp(`^${parameter} = 'my_${kind}\\.dat'\\r$`, "im"));
    const { saveNeeded, resetNeeded } = await state(device);
    assert.deepEqual([saveNeeded, resetNeeded], [true, needsReset], kind);
    assert.deepEqual(simulator.auxiliaryFiles.get(kind), {
      fileName: `my_${kind}.dat`,
      size: TONES.length,
      sha256: sha256(TONES),
    });
    assert.equal((await ask(`GET /api/v1/files/${kind}`)).status, 405);
  }
});

test("7.0 names a bare file after its kind, and says nothing", async (t) => {
  const { ask, simulator } = await bench(t, { firmware: OLD });
  const reply = await ask("PUT /api/v1/files/cpt", rawFile(TONES));
  assert.deepEqual([reply.status, reply.text], [200, ""]);
  assert.equal(simulator.running.parameter("CallProgressTonesFilename"), "cpt.dat");
});

test("text and nothing are refused", async (t) => {
  const { ask, simulator } = await bench(t);
  const long = Buffer.from("[NUMBER OF CALL PROGRESS TONES]\r\n".repeat(200));
  const late = Buffer.concat([Buffer.alloc(4096, "x"), TONES]);
  for (const file of [Buffer.alloc(0), Buffer.from("[tones]\r\n\tx = é\n"), long, late]) {
    const reply = await ask("PUT /api/v1/files/cpt", formFile(file));
    assert.equal(reply.status, 400);
    assert.equal(descriptionOf(reply), "The cpt file is incorrect");
  }
  assert.equal(simulator.auxiliaryFiles.size, 0);
  assert.equal(simulator.running.parameter("CallProgressTonesFilename"), undefined);
});

test("what was saved survives a reset, what was not goes with its name", async (t) => {
  const device = await bench(t);
  const { ask, simulator } = device;
  await ask("PUT /api/v1/files/cpt", formFile(TONES, "one.dat"));
  await ask(SAVE);
  assert.deepEqual([(await state(device)).saveNeeded, (await state(device)).resetNeeded], [false, true]);
  await ask("PUT /api/v1/files/cpt", formFile(Buffer.concat([TONES, TONES]), "two.dat"));
  await ask("PUT /api/v1/files/amd", formFile(TONES, "amd.dat"));
  assert.equal(simulator.auxiliaryFiles.get("cpt")?.fileName, "two.dat");
  simulator.reset();
  await untilBack(device);
  assert.deepEqual([...simulator.auxiliaryFiles.keys()], ["cpt"]);
  assert.equal(simulator.auxiliaryFiles.get("cpt")?.fileName, "one.dat");
  assert.equal(simulator.running.parameter("CallProgressTonesFilename"), "one.dat");
  assert.equal(simulator.running.parameter("AMDSensitivityFileName"), undefined);
  assert.deepEqual([(await state(device)).saveNeeded, (await state(device)).resetNeeded], [false, false]);
});

test("other content under the same name is a change", async (t) => {
  const device = await bench(t);
  const { ask } = device;
  await ask("PUT /api/v1/files/amd", formFile(TONES));
  await ask(SAVE);
  await ask("PUT /api/v1/files/amd", formFile(TONES));
  assert.equal((await state(device)).saveNeeded, false);
  await ask("PUT /api/v1/files/amd", formFile(Buffer.concat([TONES, TONES])));
  assert.equal((await state(device)).saveNeeded, true);
});

test("a name that no ini file could carry is not taken over", async (t) => {
  const { ask, simulator } = await bench(t);
  const names: [given: string, kept: string][] = [
    ["it's.dat", "amd.dat"],
    ["", "amd.dat"],
    ["a\tb.dat", "amd.dat"],
    ["C:\\tones\\mine.dat", "mine.dat"],
  ];
  for (const [given, kept] of names) {
    await ask("PUT /api/v1/files/amd", formFile(TONES, given));
    assert.equal(simulator.running.parameter("AMDSensitivityFileName"), kept);
  }
});
