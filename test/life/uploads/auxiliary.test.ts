import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { UNKNOWN } from "../../../src/declare/unknown";
import type {
  AuxiliaryFileInputs,
  AuxiliaryFileState,
} from "../../../src/reconcile/auxiliary/auxiliary-file";
import { auxiliaryFile } from "../../../src/reconcile/auxiliary/auxiliary-file";
import type { PartialState } from "../../../src/reconcile/life/engine-answers";
import { ProviderProcess } from "../../../src/reconcile/life/provider-process";
import { sha256 } from "../../shared/files";
import { newLife } from "../../shared/life";
import { startFresh } from "../../shared/simulated";
import { binary, countOf, folderOf, SAVE } from "../../shared/uploads";

const process = new ProviderProcess();
const life = newLife(auxiliaryFile, process);

let devices = 0;

/** A device, a file of tones for it, and all lines that are told. */
async function open(t: TestContext, options: Parameters<typeof startFresh>[0] = {}) {
  const simulator = await startFresh(options);
  t.after(() => simulator.close());
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  const content = binary("tones");
  const source = await (await folderOf(t))("tones.dat", content);
  const device = { name: `sbc${++devices}`, url: simulator.url, username: "Admin", password: "Admin" };
  const inputs: AuxiliaryFileInputs = {
    ...{ device, kind: "cpt", source, sha256: sha256(content), __mediantSize: content.length },
    __mediantName: "tones",
  };
  return { simulator, inputs, lines };
}

/** The state that a failed create leaves. */
async function partOf(creating: Promise<unknown>): Promise<PartialState<AuxiliaryFileState>> {
  const error = await creating.then(
    () => assert.fail("it went well"),
    (reason: unknown) => reason as PartialState<AuxiliaryFileState>,
  );
  assert.ok("properties" in error, String(error));
  return error;
}

test("a load that was not read back is read and saved by the next up, without another upload", async (t) => {
  const { simulator, inputs } = await open(t);
  const { running, faults } = simulator;
  const setParameter = running.setParameter.bind(running);
  const loads = t.mock.method(running, "setParameter", (...args: Parameters<typeof setParameter>) => {
    setParameter(...args);
    faults.fail(400, "GET /api/v1/files/ini");
  });
  const { id, properties, reasons } = await partOf(life.create(inputs));
  loads.mock.restore();
  assert.match(reasons.join(), /GET \/api\/v1\/files\/ini: 400/);
  assert.equal(properties.fileName, undefined);
  assert.equal(life.diff(id, properties, inputs).changes, true);
  const { outs } = await life.update(id, properties, inputs);
  assert.equal(outs.fileName, "tones.dat");
  assert.equal(life.diff(id, outs, inputs).changes, false);
  assert.equal(countOf(simulator, "PUT /files/cpt"), 1);
  assert.equal(simulator.flash.parameter("CallProgressTonesFilename"), "tones.dat");
});

test("where the device does not show the name there is no drift, and a line says so", async (t) => {
  const { simulator, inputs, lines } = await open(t, {
    ini: ";CallProgressTonesFilename is hidden but has non-default value\n",
  });
  const { id, outs } = await life.create(inputs);
  assert.equal(outs.fileName, undefined);
  assert.ok(
    lines.some((line) => line.includes("does not show CallProgressTonesFilename")),
    lines.join("\n"),
  );
  simulator.reset();
  const { props } = await life.read(id, outs);
  assert.equal(life.diff(id, props, inputs).changes, false);
});

test("of several CAS tables each is followed by its own name", async (t) => {
  const { simulator, inputs } = await open(t, { ini: "CASFileName_1 = 'other.dat'\n" });
  const table: AuxiliaryFileInputs = { ...inputs, kind: "castable" };
  const { id, outs } = await life.create(table);
  assert.equal(outs.fileName, "tones.dat");
  simulator.running.setParameter("CASFileName_1", "another.dat");
  assert.equal(life.diff(id, (await life.read(id, outs)).props, table).changes, false);
  simulator.running.setParameter("CASFileName_0", "another.dat");
  // As in another process: this one has just read the ini.
  process.devices.at(simulator.url).cache.drop();
  const { props } = await life.read(id, outs);
  assert.equal(props.fileName, "another.dat");
  assert.equal(life.diff(id, props, table).changes, true);
});

test("of several CAS tables, one whose name the upload cannot have as it is stays followed", async (t) => {
  const { inputs } = await open(t, { ini: "CASFileName_1 = 'other.dat'\n" });
  const content = binary("umlaut");
  const source = await (await folderOf(t))('t\u00F6nes "1".dat', content);
  const table: AuxiliaryFileInputs = { ...inputs, kind: "castable", source, sha256: sha256(content) };
  const { id, outs } = await life.create(table);
  const { outs: again } = await life.update(id, { ...outs, sha256: sha256("earlier") }, table);
  assert.equal(again.fileName, "t_nes _1_.dat");
});

test("without save nothing is saved until save is asked for", async (t) => {
  const { simulator, inputs } = await open(t);
  const { id, outs } = await life.create({ ...inputs, save: false });
  assert.equal(countOf(simulator, SAVE), 0);
  assert.equal(life.diff(id, outs, inputs).changes, true);
  const { outs: saved } = await life.update(id, outs, inputs);
  assert.equal(countOf(simulator, SAVE), 1);
  assert.equal(countOf(simulator, "PUT /files/cpt"), 1);
  assert.equal(life.diff(id, saved, inputs).changes, false);
});

test("an update that was killed before the save is loaded again, and saved", async (t) => {
  const { simulator, inputs } = await open(t);
  const { id, outs } = await life.create(inputs);
  // The killed run has loaded the other file, and its state knows nothing of it.
  const content = binary("other tones");
  const other = {
    ...inputs,
    source: await (await folderOf(t))("other.dat", content),
    sha256: sha256(content),
  };
  await life.create({ ...other, __mediantSize: content.length, save: false });
  assert.equal(simulator.flash.parameter("CallProgressTonesFilename"), "tones.dat");
  const { props } = await life.read(id, outs);
  assert.equal(life.diff(id, props, other).changes, true);
  await life.update(id, props, { ...other, __mediantSize: content.length });
  assert.equal(simulator.flash.parameter("CallProgressTonesFilename"), "other.dat");
});

test("another connection to the device is an update that only sees that it answers", async (t) => {
  const { simulator, inputs } = await open(t);
  const { id, outs } = await life.create(inputs);
  const moved = { ...inputs, device: { ...inputs.device, timeouts: { requestSeconds: 30 } } };
  assert.deepEqual(life.diff(id, outs, moved), { changes: true, replaces: [], deleteBeforeReplace: true });
  const writes = simulator.writes.length;
  await life.update(id, outs, moved);
  assert.equal(simulator.writes.length, writes);
  assert.equal(simulator.requests.at(-1)?.path, "/api/v1/status");
});

test("what is not known yet is no problem, and is a change", async (t) => {
  const { inputs, lines } = await open(t);
  const later = {
    ...inputs,
    ...{ kind: UNKNOWN, source: UNKNOWN, sha256: UNKNOWN, save: UNKNOWN, __mediantSize: UNKNOWN },
  } as unknown as AuxiliaryFileInputs;
  assert.deepEqual(life.check(later, true).failures, []);
  assert.deepEqual(lines, [`[${inputs.device.name}] tones: uploads an auxiliary file`]);
  const { id, outs } = await life.create(inputs);
  assert.deepEqual(life.diff(id, outs, { ...inputs, kind: UNKNOWN as "cpt" }).replaces, []);
  assert.equal(life.diff(id, outs, { ...inputs, sha256: UNKNOWN }).changes, true);
});

test("what contradicts another resource of the run is refused", async (t) => {
  const { inputs } = await open(t);
  const reasons = (more: Partial<AuxiliaryFileInputs>) =>
    life.check({ ...inputs, ...more }, false).failures.map(({ reason }) => reason);
  assert.deepEqual(reasons({}), []);
  assert.deepEqual(reasons({ __mediantName: "again" }), [
    "the call progress tones of this device are declared by AuxiliaryFile tones already",
  ]);
  assert.deepEqual(reasons({ __mediantName: "cas", kind: "castable" }), []);
  assert.deepEqual(reasons({ __mediantName: "cas2", kind: "castable" }), []);
  assert.match(
    reasons({ __mediantName: "prompts", kind: "voiceprompts", save: false })[0] ?? "",
    /^save is false here/,
  );
  assert.deepEqual(reasons({ save: "yes" as unknown as boolean }), ["save must be true or false"]);
  assert.match(reasons({ kind: "tls" as "cpt" })[0] ?? "", /^kind must be one of amd, castable/);
});
