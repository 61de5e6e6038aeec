import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { makeLicenseFile, type Simulator, startSimulator } from "../../src/simulator";
import { type EngineKind, openEngine, quickEngines, withProcesses } from "../engine";
import { loadProject } from "../engine/project";
import { compileErrors } from "./compile";
import { inlineFile } from "./inline-program";
import { ROOT } from "./readme";
import { writeLoad } from "./software-stage";

const EXAMPLES = join(ROOT, "examples");

/** What an example needs of a stack beside the device, and what the device holds when it was applied. */
interface Expected {
  /** @param files where it may write what the example reads */
  config?(files: string): Promise<Record<string, string>>;
  secrets?: Record<string, string>;
  /** @default "test" */
  stack?: string;
  /** What its program finds in the environment, if the device is at this url. */
  environment?(files: string, url: string): Promise<Record<string, string>>;
  /** Development dependencies beside the usual ones. */
  tools?: readonly string[];
  holds(flash: Simulator["flash"], simulator: Simulator): void;
}

const VERSION = "7.40A.500.010";

/** The configuration of `upgrade` for these devices, and the load that it names. */
async function upgradeConfig(files: string, devices: readonly string[]): Promise<Record<string, string>> {
  const software = join(files, "sbc.cmp");
  await writeLoad(software, VERSION);
  return { software, version: VERSION, devices: JSON.stringify(devices) };
}

const EXPECTED: Record<string, Expected> = {
  quickstart: {
    holds(flash) {
      assert.equal(flash.parameter("SyslogServerIP"), "10.1.1.20");
      assert.equal(flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
    },
  },
  confirmed: {
    config: async () => ({ holdSeconds: "1" }),
    holds: (flash) => assert.equal(flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk"),
  },
  "cli-script": {
    holds(flash) {
      assert.equal(flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
      assert.equal(flash.cell("ProxySet", "3", "ProxyKeepAliveTime"), "60");
    },
  },
  "full-config": {
    secrets: { adminPassword: "Admin" },
    holds(flash) {
      assert.equal(flash.parameter("NTPServerIP"), "10.1.1.9");
      assert.equal(flash.cell("WebUsers", "0", "Password"), "Admin");
      assert.deepEqual(
        flash.indexes("ProxySet").filter((index) => index !== "0"),
        ["3"],
      );
    },
  },
  fleet: {
    stack: "lab",
    tools: ["tsx"],
    async environment(files, url) {
      const inventory = readFileSync(join(EXAMPLES, "fleet", "fleet.yaml"), "utf8");
      const file = join(files, "fleet.yaml");
      await writeFile(file, inventory.replace("http://127.0.0.1:9101", url));
      return { FLEET_INVENTORY: file, MEDIANT_USERNAME: "Admin", MEDIANT_PASSWORD: "Admin" };
    },
    holds(flash) {
      assert.equal(flash.parameter("NTPServerIP"), "192.0.2.1");
      assert.equal(flash.cell("ProxyIp", "3", "IpAddress"), "sip-lab.example.net");
    },
  },
  gitops: {
    config: async () => ({ canary: "sbc1" }),
    holds: (flash) => assert.equal(flash.parameter("NTPServerIP"), "10.1.1.9"),
  },
  upgrade: {
    async config(files) {
      const license = join(files, "licenses.txt");
      const serials = Array.from({ length: 20 }, (_, at) => String(10_245_678 + at));
      await writeFile(license, makeLicenseFile(serials));
      return { ...(await upgradeConfig(files, ["sbc1"])), license };
    },
    holds(_flash, { firmware, license, serialNumber }) {
      assert.equal(firmware, VERSION);
      assert.match(
        Buffer.from(license.key, "base64").toString("latin1"),
        new RegExp(`^licence:${serialNumber}:`),
      );
    },
  },
};

/** Those that are programs: `policy` is a policy pack, with a test of its own. */
const PROGRAMS = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, "Pulumi.yaml")));

for (const name of PROGRAMS) {
  const folder = join(EXAMPLES, name);
  const expected = EXPECTED[name];
  describe(`examples/${name}`, () => {
    let files: string;
    before(async () => {
      files = await mkdtemp(join(tmpdir(), "example-"));
    });
    after(() => rm(files, { recursive: true, force: true }));

    it("is a Pulumi project of its own, always refreshed", () => {
      assert.ok(expected, "nothing says what the device is to hold");
      const project = loadProject(folder);
      assert.equal(project.name, `pulumi-mediant-${name}`);
      assert.equal(project.refreshAlways, true);
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      assert.equal(manifest.name, project.name);
      assert.equal(manifest.private, true);
      assert.equal(manifest.main, "index.ts");
      assert.deepEqual(Object.keys(manifest.dependencies), ["@pulumi/pulumi", "pulumi-mediant"]);
      // Without them Pulumi takes a compiler of its own, which is too old for the options in tsconfig.json.
      const { tools = [] } = expected;
      assert.deepEqual(Object.keys(manifest.devDependencies), ["@types/node", ...tools, "typescript"]);
    });

    it("compiles", async () => {
      const programs = readdirSync(folder).filter((file) => file.endsWith(".ts"));
      const files = programs.map((file) => join(folder, file));
      assert.deepEqual(await compileErrors(join(folder, "tsconfig.json"), files), []);
    });

    for (const kind of quickEngines()) {
      it(`applies, then has nothing to do, and is destroyed, on the ${kind} engine`, async (t) => {
        const simulator = await startSimulator({ resetSeconds: 0.2 });
        t.after(() => simulator.close());
        setEnvironment(t, (await expected?.environment?.(files, simulator.url)) ?? {});
        const devices = { sbc1: { url: simulator.url, username: "Admin", password: "Admin" } };
        const engine = await openEngine(name === "full-config" ? withProcesses(kind) : kind, {
          cwd: folder,
          inline: inlineFile(join(folder, "index.ts")),
          stack: expected?.stack ?? "test",
          config: await expected?.config?.(files),
          secrets: { ...expected?.secrets, "mediant:devices": JSON.stringify(devices) },
        });
        t.after(() => engine.dispose());
        const up = await engine.up();
        assert.equal(up.exitCode, 0, up.output);
        assert.ok(simulator.writes.length > 0, "an example changes something");
        assert.ok(simulator.flash.equals(simulator.running), "what an example changes is saved");
        expected?.holds(simulator.flash, simulator);
        const writes = simulator.writes.length;
        const again = await engine.up({ expectNoChanges: true });
        assert.equal(again.exitCode, 0, again.output);
        assert.equal(simulator.writes.length, writes);
        const destroyed = await engine.destroy();
        assert.equal(destroyed.exitCode, 0, destroyed.output);
      });
    }
  });
}

function setEnvironment(t: TestContext, environment: Readonly<Record<string, string>>): void {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  t.after(() => {
    for (const name of Object.keys(environment)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
}

describe("examples/upgrade with several devices", () => {
  const NAMES = ["canary", "sbc2", "sbc3"];

  async function openFleet(t: TestContext, kind: EngineKind) {
    const files = await mkdtemp(join(tmpdir(), "example-"));
    t.after(() => rm(files, { recursive: true, force: true }));
    const fleet = await Promise.all(NAMES.map(() => startSimulator({ resetSeconds: 0.5 })));
    t.after(() => Promise.all(fleet.map((simulator) => simulator.close())));
    const devices = fleet.map(({ url }, at) => [
      NAMES[at],
      { url, username: "Admin", password: "Admin", timeouts: { resetSeconds: 10 } },
    ]);
    const engine = await openEngine(kind, {
      cwd: join(EXAMPLES, "upgrade"),
      inline: inlineFile(join(EXAMPLES, "upgrade", "index.ts")),
      stack: "test",
      config: await upgradeConfig(files, NAMES),
      secrets: { "mediant:devices": JSON.stringify(Object.fromEntries(devices)) },
    });
    t.after(() => engine.dispose());
    const firmware = () => fleet.map((simulator) => simulator.firmware);
    return { fleet, engine, firmware };
  }

  for (const kind of quickEngines()) {
    it(`upgrades the canary before the rest, each once, on the ${kind} engine`, async (t) => {
      const { fleet, engine, firmware } = await openFleet(t, kind);
      const [canary, ...rest] = fleet;
      assert.ok(canary !== undefined);
      const up = await engine.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.deepEqual(firmware(), [VERSION, VERSION, VERSION]);
      const done = canary.requests.at(-1)?.startedAt ?? Number.NaN;
      for (const { requests } of rest) {
        const begun = requests[0]?.startedAt ?? Number.NaN;
        assert.ok(begun >= done, `asked at ${begun}, and the canary at ${done}`);
      }
      const again = await engine.up({ expectNoChanges: true });
      assert.equal(again.exitCode, 0, again.output);
      assert.deepEqual(
        fleet.map(({ writes }) => writes.length),
        [1, 1, 1],
      );
    });

    it(`touches no other device where the canary fails, on the ${kind} engine`, async (t) => {
      const { fleet, engine, firmware } = await openFleet(t, kind);
      const [canary, ...rest] = fleet;
      canary?.faults.softwareOutcome("unchanged");
      const before = firmware();
      const up = await engine.up();
      assert.notEqual(up.exitCode, 0);
      assert.deepEqual(firmware(), before);
      assert.deepEqual(
        rest.map(({ requests }) => requests.length),
        [0, 0],
      );
    });
  }
});
