import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { backupCommand } from "../../src/bin/backup";
import { doctorCommand } from "../../src/bin/doctor";
import { generateCommand } from "../../src/bin/generate";
import { liveConfiguration, observe } from "../../src/ini/observe";
import { type CliScriptState, cliScriptConfig } from "../../src/reconcile/cli/cli-script-config";
import { fullCliScriptConfig } from "../../src/reconcile/cli/full-cli-script-config";
import { fullIniConfig } from "../../src/reconcile/full-ini/full-ini-config";
import {
  type IncrementalIniState,
  incrementalIniConfig,
} from "../../src/reconcile/ini/incremental-ini-config";
import { ProviderProcess } from "../../src/reconcile/life/provider-process";
import type { Simulator, SpoiltAnswer } from "../../src/simulator";
import { scratch } from "../bin/command";
import { newLife } from "../shared/life";
import { onTheWire } from "../shared/on-the-wire";
import { startFresh } from "../shared/simulated";

const GET_INI = "GET /api/v1/files/ini";
const GET_SCRIPT = "GET /api/v1/files/cliScript";

const START = [
  "[ ProxySet ]",
  "FORMAT Index = ProxyName, ProxyKeepAliveTime;",
  ...Array.from({ length: 8 }, (_, index) => `ProxySet ${index} = "PS_${index}", 61;`),
  "[ \\ProxySet ]",
  "",
].join("\n");

/** The first lines of a whole document, up to where its configuration begins. */
const header = (whole: string) => whole.slice(0, whole.search(/^[^;#\r\n]/m));
/** Up to the middle of the rows of ProxySet, in either language. */
const half = (whole: string) => whole.slice(0, whole.search(/^ProxySet 4 |^ +proxy-set 4\r?$/m));

/** What a device or something between may answer with 200 in place of a whole document. */
const BAD: Record<string, SpoiltAnswer> = {
  "half a table": { body: (whole) => half(String(whole)) },
  "half a table on a connection that closes": { body: (whole) => half(String(whole)), end: "close" },
  "a cut inside a cell": { body: (whole) => `${half(String(whole)).slice(0, -4)}` },
  "only the header": { body: (whole) => header(String(whole)) },
  prose: { body: () => "Internal error, try again later" },
  "compressed bytes": { body: (whole) => gzipSync(whole) },
  "an encoding that is cut": {
    body: (whole) => gzipSync(whole).subarray(0, 80),
    headers: { "content-encoding": "gzip" },
  },
  "a document that ends in an error message": {
    body: (whole) => `${half(String(whole))}% Error: out of memory\r\n`,
  },
};

/** Says what is wrong with the answer, and where. */
const WORDS =
  /GET \/api\/v1\/files\/(ini|cliScript): 200, but the answer (is no (whole )?(ini file|CLI script)( \(|: (line \d+: |table |it shows |it has )\w+)|cannot be decoded: )/;

interface Stage {
  simulator: Simulator;
  device: { name: string; url: string; username: string; password: string };
  lines: string[];
  folder: string;
}

/** One user of a device's documents: `prepare` is done on a well device, `run` with the bad answer. */
interface Reader {
  document: typeof GET_INI | typeof GET_SCRIPT;
  prepare?: (stage: Stage) => Promise<unknown>;
  /** Throws if it failed. */
  run: (stage: Stage, prepared: never) => Promise<unknown>;
  /** Whether success writes to the device. */
  writes?: boolean;
  /** Whether it reports what is wrong in its output, and does not fail. */
  reports?: boolean;
}

// Each stage has a device of its own.
const provider = new ProviderProcess();
const incrementalIni = newLife(incrementalIniConfig, provider);
const fullIni = newLife(fullIniConfig, provider);
const cliScript = newLife(cliScriptConfig, provider);
const fullCli = newLife(fullCliScriptConfig, provider);

const ours = { ProxySet: { 9: { ProxyName: "PS_ours" } } };
const inputs = ({ device }: Stage) => ({ device, __mediantName: "ours", __provider: "the thunk" });
const text = (running: Simulator["running"]) => running.dump();

const READERS: Record<string, Reader> = {
  IncrementalIniConfig: {
    document: GET_INI,
    writes: true,
    run: (stage) => incrementalIni.create({ ...inputs(stage), tables: ours } as never),
  },
  "a refresh of it": {
    document: GET_INI,
    prepare: (stage) => incrementalIni.create({ ...inputs(stage), tables: ours } as never),
    run: async (_stage, { id, outs }: { id: string; outs: IncrementalIniState }) => {
      const { props } = await incrementalIni.read(id, onTheWire(outs));
      assert.deepEqual(props.tables, outs.tables);
    },
  },
  "FullIniConfig that holds": {
    document: GET_INI,
    run: (stage) =>
      fullIni.create({
        ...inputs(stage),
        ...liveConfiguration(observe(text(stage.simulator.running))),
      } as never),
  },
  "FullCliScriptConfig that holds": {
    document: GET_SCRIPT,
    prepare: async ({ simulator }) => {
      const authorization = `Basic ${Buffer.from("Admin:Admin").toString("base64")}`;
      return (await fetch(`${simulator.url}/api/v1/files/cliScript`, { headers: { authorization } })).text();
    },
    run: (stage, script: string) =>
      fullCli.create({ ...inputs(stage), script: script.replaceAll("\r\n", "\n") } as never),
  },
  CliScriptConfig: {
    document: GET_SCRIPT,
    writes: true,
    run: (stage) => {
      const script = 'configure voip\n  proxy-set 9\n    proxy-name "PS_ours"\n    activate\n  exit\nexit\n';
      return cliScript.create({ ...inputs(stage), script } as never);
    },
  },
  "a refresh of a script": {
    document: GET_SCRIPT,
    prepare: (stage) => READERS["CliScriptConfig"]?.run(stage, undefined as never) as Promise<unknown>,
    run: async (_stage, { id, outs }: { id: string; outs: CliScriptState }) => {
      const { props } = await cliScript.read(id, onTheWire(outs));
      assert.equal(props.script, outs.script);
    },
  },
  "backup of the ini": {
    document: GET_INI,
    prepare: (stage) => backup(stage),
    run: (stage) => backup(stage),
  },
  "backup of the script": {
    document: GET_SCRIPT,
    prepare: (stage) => backup(stage),
    run: (stage) => backup(stage),
  },
  generate: {
    document: GET_INI,
    prepare: async ({ folder }) => {
      mkdirSync(join(folder, "program"));
      writeFileSync(join(folder, "program", "index.ts"), "// what stood there before");
    },
    run: ({ device, folder }) =>
      generateCommand("0.0.0").parseAsync(
        ["--url", device.url, "--name", device.name, "--out", join(folder, "program"), "--force"],
        { from: "user" },
      ),
  },
  doctor: {
    document: GET_INI,
    reports: true,
    run: ({ device }) =>
      doctorCommand().parseAsync(["--url", device.url, "--name", device.name], { from: "user" }),
  },
};

const backup = ({ device, folder }: Stage) =>
  backupCommand().parseAsync(["--url", device.url, "--name", device.name, "--out", join(folder, "backup")], {
    from: "user",
  });

let stages = 0;

async function stageOf(t: TestContext, tableMode: "merge" | "replace"): Promise<Stage> {
  const simulator = await startFresh({ tableMode, ini: START });
  t.after(() => simulator.close());
  const lines: string[] = [];
  for (const level of ["log", "error"] as const)
    t.mock.method(console, level, (...said: unknown[]) => lines.push(said.join(" ")));
  const write = process.stdout.write.bind(process.stdout);
  // The test runner writes there too, in bytes.
  t.mock.method(process.stdout, "write", (said: string | Uint8Array) =>
    typeof said === "string" ? lines.push(said) > 0 : write(said),
  );
  t.mock.method(Math, "random", () => 0); // pauses between attempts
  for (const [name, value] of [
    ["MEDIANT_USERNAME", "Admin"],
    ["MEDIANT_PASSWORD", "Admin"],
  ] as const) {
    const before = process.env[name];
    process.env[name] = value;
    t.after(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
  const exitCode = process.exitCode;
  t.after(() => {
    process.exitCode = exitCode;
  });
  const name = `bad${++stages}`;
  const device = { name, url: simulator.url, username: "Admin", password: "Admin" };
  return { simulator, device, lines, folder: scratch(t) };
}

/** All files below a folder. */
function files(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    entries.map((one) => {
      const path = join(one.parentPath ?? one.path, one.name);
      return [path, readFileSync(path, "utf8")];
    }),
  );
}

const othersRows = ({ running }: Simulator) =>
  [0, 1, 2, 3, 4, 5, 6, 7].map((index) => JSON.stringify(running.row("ProxySet", index)));

async function outcome(run: Promise<unknown>): Promise<string | undefined> {
  try {
    await run;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

for (const tableMode of ["replace", "merge"] as const) {
  describe(`on a device whose tables ${tableMode}`, () => {
    for (const [who, reader] of Object.entries(READERS)) {
      it(`${who}: no bad answer does harm, and the next good one does`, async (t) => {
        for (const [what, spoilt] of Object.entries(BAD)) {
          await t.test(what, async (each) => {
            const stage = await stageOf(each, tableMode);
            const { simulator, lines, folder } = stage;
            const prepared = (await reader.prepare?.(stage)) as never;
            const before = {
              running: text(simulator.running),
              rows: othersRows(simulator),
              files: files(folder),
            };
            const writes = simulator.writes.length;
            // Never good: nothing is written, nothing is reset, no file changes, and the error says what was wrong.
            simulator.faults.spoil(reader.document, spoilt, Number.POSITIVE_INFINITY);
            lines.length = 0;
            const failure = await outcome(reader.run(stage, prepared));
            const said = reader.reports ? lines.join("\n") : (failure ?? "it went well");
            assert.match(said, WORDS);
            assert.equal(simulator.writes.length, writes);
            assert.deepEqual(othersRows(simulator), before.rows);
            const kept = files(folder);
            for (const [path, content] of Object.entries(before.files))
              assert.equal(kept[path], content, path);
            // Bad once: the next answer is good.
            simulator.faults.clear();
            if (!reader.reports) simulator.faults.spoil(reader.document, spoilt);
            assert.equal(await outcome(reader.run(stage, prepared)), undefined);
            assert.deepEqual(othersRows(simulator), before.rows);
            assert.equal(simulator.writes.length > writes, reader.writes === true);
            if (reader.writes) {
              assert.equal(simulator.running.cell("ProxySet", 9, "ProxyName"), "PS_ours");
              assert.ok(simulator.flash.equals(simulator.running));
            } else
              assert.equal(
                simulator.requests.some(({ path }) => path.includes("reset")),
                false,
              );
          });
        }
      });
    }
  });
}

/** A document that is cut between two of its parts: nothing in it says that it is not whole. */
const BETWEEN: SpoiltAnswer = {
  body: (whole) => String(whole).replace(/(^\[ ProxySet \]|^configure voip)[\s\S]*/m, ""),
};

for (const [who, reader] of Object.entries(READERS)) {
  if (reader.reports) continue;
  it(`${who}: a first read that is cut between two parts is not believed`, async (t) => {
    const stage = await stageOf(t, "replace");
    const { simulator, folder } = stage;
    const prepared = (await reader.prepare?.(stage)) as never;
    const before = { rows: othersRows(simulator), files: files(folder), writes: simulator.writes.length };
    simulator.faults.spoil(reader.document, BETWEEN);
    stage.lines.length = 0;
    assert.equal(await outcome(reader.run(stage, prepared)), undefined);
    assert.deepEqual(othersRows(simulator), before.rows);
    assert.equal(simulator.writes.length > before.writes, reader.writes === true);
    assert.equal(
      stage.lines.some((line) => line.includes("drift")),
      false,
    );
    if (who === "generate") assert.match(Object.values(files(folder)).join(), /PS_7/);
    else assert.deepEqual(files(folder), before.files);
  });
}

it("a table that a state knows and a dump does not show is asked for again, by a process that knows nothing", async (t) => {
  const stage = await stageOf(t, "replace");
  const { simulator } = stage;
  const own = { ...inputs(stage), tables: ours } as never;
  const { id, outs } = await incrementalIni.create(own);
  assert.deepEqual(outs.__mediantRows, { ProxySet: 9 });
  // Another name makes another client, which has read nothing yet.
  const device = { ...stage.device, name: `${stage.device.name}b` };
  simulator.faults.spoil(GET_INI, BETWEEN);
  const changed = { ...inputs(stage), device, tables: { ProxySet: { 9: { ProxyName: "PS_new" } } } };
  await incrementalIni.update(id, onTheWire(outs), changed as never);
  assert.equal(simulator.running.cell("ProxySet", 9, "ProxyName"), "PS_new");
  assert.equal(simulator.running.cell("ProxySet", 7, "ProxyName"), "PS_7");
});
