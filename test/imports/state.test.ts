import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it, type TestContext, test } from "node:test";
import { clientOf } from "../../src/bin/connection";
import { takesImports } from "../../src/bin/pulumi-cli";
import { resolveConnection } from "../../src/device/connect/connection";
import { generateProgram } from "../../src/generate/generate";
import { importFile } from "../../src/imports/import-file";
import { decodeIni } from "../../src/ini/encoding";
import { observe } from "../../src/ini/observe";
import type { SimulatorOptions } from "../../src/simulator";
import { inlineFile } from "../e2e/inline-program";
import { openStage } from "../e2e/stage";
import { availableEngines, openEngine } from "../engine";
import { type ResourceState, StateFile } from "../engine/state";
import { Secret, SIGNATURE_KEY } from "../engine/values";
import { temporaryFolder } from "../shared/files";
import { startFresh } from "../shared/simulated";

const ROOT = join(__dirname, "..", "..");
const USER = { username: "Admin", password: "Admin" };

/** What a device answers to the two questions of an import. */
async function seenOf(url: string) {
  const client = clientOf(resolveConnection({ url, ...USER }));
  const dump = decodeIni(await client.ini()).text;
  return { dump, observed: observe(dump), status: await client.seen() };
}

/** A program that was generated for a device, its folder, and its import file. */
async function generated(t: TestContext, options: SimulatorOptions) {
  const simulator = await startFresh(options);
  t.after(() => simulator.close());
  const { dump, ...seen } = await seenOf(simulator.url);
  const entry = { name: "sbc1", url: simulator.url, username: "Admin" };
  const program = generateProgram({ device: entry, username: "Admin", version: "0.1.0", dump });
  const cwd = await temporaryFolder(t, "imported-");
  for (const { path, text } of program.files) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  symlinkSync(join(ROOT, "node_modules"), join(cwd, "node_modules"));
  const { resources } = program;
  const device = { ...program.device, password: USER.password };
  const text = await importFile({ device, resources }, seen);
  return { simulator, cwd, device, text };
}

interface Imported {
  type: string;
  name: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

function resourcesOf(text: string): Imported[] {
  return JSON.parse(text).resources;
}

/** The resources of an import file or of a state in one form, without the text of the thunk. */
function neutral(value: unknown): unknown {
  if (value instanceof Secret) return { secret: neutral(value.value) };
  if (Array.isArray(value)) return value.map(neutral);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if (SIGNATURE_KEY in object) return { secret: JSON.parse(String(object["plaintext"])) };
  const entries = Object.entries(object).filter(([key]) => key !== "__provider");
  return Object.fromEntries(entries.map(([key, part]) => [key, neutral(part)]));
}

/** The resources of a state, decrypted. */
async function stateOf(t: TestContext, exported: unknown): Promise<ResourceState[]> {
  const file = join(await temporaryFolder(t, "state-"), "state.json");
  writeFileSync(file, JSON.stringify(exported));
  return StateFile.open(file, "test").stored.resources.filter(({ type }) => type.includes("mediant:"));
}

const many = Array.from({ length: 110 }, (_, at) => `IPProfile ${at} = "P_${at}", ${at}, "x";`);
const DEVICES: Record<string, SimulatorOptions> = {
  "of 7.40": { ini: readFileSync(join(ROOT, "test", "fixtures", "ini", "full-7.40.ini"), "utf8") },
  "of 7.00A": {
    ini: readFileSync(join(ROOT, "test", "fixtures", "ini", "full-7.00A.ini"), "utf8"),
    firmware: "7.00A.018.005",
  },
  "with braces, secrets and a large table": {
    ini: `Password = 'canary'
[ IPGroup ]
FORMAT Index = Name, Tags, Password;
IPGroup 1 = "{{a}}", "x{{{b}}", "canary-of-a-row";
[ \\IPGroup ]
[ IPProfile ]
FORMAT Index = ProfileName, IPPreference, MediaSecurityBehaviour;
${many.join("\n")}
[ \\IPProfile ]
`,
  },
};

for (const [what, options] of Object.entries(DEVICES)) {
  test(`an import of a device ${what} is the state in which an adoption ends`, async (t) => {
    const { simulator, cwd, device, text } = await generated(t, options);
    assert.deepEqual(simulator.writes, []);
    const secrets = join(cwd, "secrets.json");
    const engine = await openEngine("inline", {
      cwd,
      stack: "sbc1",
      inline: inlineFile(join(cwd, "index.ts")),
      secrets: {
        secrets: readFileSync(secrets, "utf8"),
        "mediant:devices": JSON.stringify({ sbc1: device }),
      },
    });
    t.after(() => engine.dispose());
    const up = await engine.up();
    assert.equal(up.exitCode, 0, up.output);
    const adopted = await stateOf(t, await engine.state());
    const byUrn = ({ type, name }: Imported) => `urn:pulumi:sbc1::mediant-sbc1::${type}::${name}`;
    const found = resourcesOf(text).map((one) => [
      byUrn(one),
      one.id,
      neutral(one.inputs),
      neutral(one.outputs),
    ]);
    const made = adopted.map(({ urn, id, inputs, outputs }) => [urn, id, neutral(inputs), neutral(outputs)]);
    const sorted = (all: unknown[][]) => all.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    assert.deepEqual(sorted(found), sorted(made));
    for (const { inputs, outputs } of resourcesOf(text)) {
      assert.match(String(inputs["__provider"]), /pulumi-mediant\/.*incremental/i);
      assert.equal(outputs["__provider"], inputs["__provider"]);
    }
  });
}

test("what a device does not hold is not imported", async (t) => {
  const simulator = await startFresh({ ini: "EnableSyslog = 1\n" });
  t.after(() => simulator.close());
  const seen = await seenOf(simulator.url);
  const device = { name: "sbc1", url: simulator.url, ...USER };
  const declare = (ini: string) => importFile({ device, resources: [{ name: "a", ini }] }, seen);
  await declare("EnableSyslog = 1\n");
  await assert.rejects(declare("EnableSyslog = 0\n"), /EnableSyslog/);
  await assert.rejects(declare("EnableSislog = 1\n"), /EnableSislog/);
});

test("a CLI from 3.254 on takes an import file", () => {
  const takes = ["v3.253.9", "3.254.0", "v3.259.0-alpha.1", "v4.0.0", "2.999.0"].map(takesImports);
  assert.deepEqual(takes, [false, true, true, true, false]);
});

const isThere = availableEngines().includes("pulumi");
const skip = isThere ? false : "no pulumi on PATH";

describe("40 resources with secrets, on the real CLI", { skip }, () => {
  it("are imported without a request to the device, and then nothing differs", async (t) => {
    const rows = Array.from({ length: 40 }, (_, at) => `IPGroup ${at + 1} = "G_${at}", "secret-of-${at}";`);
    const head = "[ IPGroup ]\nFORMAT Index = Name, Password;\n";
    const stage = await openStage(t, "pulumi", { ini: `${head}${rows.join("\n")}\n[ \\IPGroup ]\n` });
    const { simulator } = stage;
    const { observed, status } = await seenOf(simulator.url);
    const shown = (index: number) =>
      observed.tables.get("IPGroup")?.rows.get(String(index))?.get("Password")?.text ?? "";
    const resources = rows.map((_, at) => ({
      name: `r${at}`,
      ini: `${head}IPGroup ${at + 1} = "G_${at}", "{{password}}";\n[ \\IPGroup ]\n`,
      password: shown(at + 1),
    }));
    const device = { name: "sbc1", url: simulator.url, ...USER };
    const text = await importFile(
      {
        device,
        resources: resources.map(({ name, ini, password }) => ({
          name,
          ini,
          variables: { values: { password }, secret: true },
        })),
      },
      { observed, status },
    );
    const file = join(await temporaryFolder(t, "import-"), "import.json");
    writeFileSync(file, text, { mode: 0o600 });
    await stage.declare(
      ...resources.map(({ name, ini, password }) => ({
        name,
        args: { ini, variables: { password: { secret: password } } },
      })),
    );

    const before = simulator.requests.length;
    const imported = await stage.importing(file);
    assert.equal(imported.exitCode, 0, imported.output);
    assert.match(imported.output, /40 imported/);
    assert.equal(simulator.requests.length, before, "an import asks the device nothing");

    const exported = JSON.stringify(await stage.state());
    for (const { password } of resources) {
      assert.match(password, /^\$1\$/);
      for (const printed of [exported, imported.output]) assert.ok(!printed.includes(password));
    }
    assert.ok(!exported.includes('"plaintext"'));

    const preview = await stage.preview({ refresh: false, expectNoChanges: true });
    assert.equal(preview.exitCode, 0, preview.output);
    const drift = await stage.drift();
    assert.equal(drift.exitCode, 0, drift.output);
    assert.deepEqual(simulator.writes, []);

    simulator.running.setCell("IPGroup", "7", "Password", "by hand");
    assert.equal((await stage.drift()).exitCode, 7, "a secret that somebody changed is drift");
  });
});
