import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import * as ts from "typescript";
import * as mediant from "../../../src";
import { resolveTracked } from "../../../src/functions/resolve-tracked";
import * as provider from "../../../src/provider";
import { iniInputs } from "../../../src/resources/ini-arguments";
import { settledValue } from "../../../src/resources/outputs";
import { secretCells } from "../../../src/resources/secret-cells";
import { command, scratch } from "../../bin/command";
import { type CanaryDevice, canaryDevice, canaryIn, OWN_CLI, OWN_INI, withVariables } from "./canaries";

/*
 * No secret leaves by any way: logs, previews, diffs, states, errors, backups, generated programs, reports. Each way
 * out of the package is driven with a canary at every kind of place; a way that is added and not listed here fails.
 */

/** How the command line logs in. */
const CONNECTION = { MEDIANT_USERNAME: "Admin", MEDIANT_PASSWORD: "canary-of-connection" };

const ROOT = join(__dirname, "..", "..", "..");

/** Nothing of what came out, in any form, is a canary. */
function assertNoCanary(what: string, out: unknown): void {
  const text =
    typeof out === "string" ? out : inspect(out, { depth: 20, maxStringLength: null, maxArrayLength: null });
  const found = canaryIn(text);
  assert.equal(found, undefined, `${what}: ${found}`);
}

/** All that went to the console since the last call. */
function consoleOf(t: TestContext): () => string {
  const lines: string[] = [];
  for (const level of ["log", "info", "warn", "error", "debug"] as const)
    t.mock.method(console, level, (...args: unknown[]) => {
      lines.push(args.map((arg) => (typeof arg === "string" ? arg : inspect(arg))).join(" "));
    });
  return () => lines.splice(0).join("\n");
}

/** Everything of an error that the engine could print. A partial state is looked at as a state. */
function textOf(error: unknown): string {
  assert.ok(error instanceof Error, String(error));
  const { reasons = [] } = error as Error & { reasons?: readonly string[] };
  return [error.message, error.stack, ...reasons].join("\n");
}

interface State {
  [key: string]: unknown;
}

/** What may hold secrets in a state: what was declared as a secret, and the secret outputs of the class. */
function openPart(state: State, secret: readonly string[][]): State {
  const copy = structuredClone(state);
  for (const path of [["device", "password"], ...secret]) {
    let at: Record<string, unknown> | undefined = copy;
    for (const key of path.slice(0, -1)) at = at?.[key] as Record<string, unknown> | undefined;
    const last = path.at(-1);
    if (at !== undefined && last !== undefined) delete at[last];
  }
  return copy;
}

type Life = ReturnType<typeof provider.incrementalIniConfig>;

/** A life from the first preview to the delete: at each step what is printed, thrown and stored. */
async function live(
  t: TestContext,
  bench: CanaryDevice,
  life: Life,
  { inputs, changed, secret }: { inputs: State; changed: State; secret: readonly string[][] },
): Promise<string> {
  const printed = consoleOf(t);
  let all = "";
  const look = (step: string, out: unknown = "") => {
    const text = printed();
    all += text;
    assertNoCanary(`what ${step} prints`, text);
    assertNoCanary(`what ${step} gives`, out);
  };
  const failing = async (step: string, run: () => Promise<unknown>): Promise<State | undefined> => {
    try {
      await run();
    } catch (error) {
      all += textOf(error);
      look(step, textOf(error));
      const { properties } = error as { properties?: State };
      if (properties !== undefined) look(`the state after ${step}`, openPart(properties, secret));
      return properties;
    }
    look(step);
    return undefined;
  };
  const checked = await life.check(
    {},
    { ...inputs, device: { ...bench.device, url: "ftp://ops:canary-of-url@h" } },
  );
  assert.notEqual(checked.failures?.length ?? 0, 0);
  look("a check that fails", checked.failures);
  assert.deepEqual((await life.check({}, inputs)).failures ?? [], []);
  look("a check");
  bench.writes = "refused";
  await failing("a create that the device refuses", () => life.create(inputs));
  bench.writes = "accepted";
  const left = await failing("a create that the device does not carry out", () => life.create(inputs));
  const state: State = { ...inputs, ...left, __mediantSchema: 1 };
  const { props = {} } = (await life.read("sbc1/x/base", state)) as { props?: State };
  look("a read", openPart(props, secret));
  await life.diff("other", state, changed);
  look("a diff");
  bench.writes = "refused";
  await failing("an update that the device refuses", () => life.update("sbc1/x/base", state, changed));
  await failing("a delete", () => life.delete("sbc1/x/base", state));
  return all;
}

/** The inputs that the class of an ini configuration sends, and which of them are secrets. */
async function iniState(bench: CanaryDevice, more: State, ini = OWN_INI) {
  const args = { ini, secretNames: ["MyPin"] };
  const built = iniInputs(args, "test");
  const { value, secretPaths } = await resolveTracked(
    { parameters: built.parameters, tables: built.tables },
    "test",
  );
  const secrets = secretCells(built);
  const inputs = {
    ...(value as State),
    secretNames: args.secretNames,
    device: bench.device,
    __mediantName: "base",
    __mediantSecrets: secrets && (await settledValue(secrets)),
    ...more,
  };
  return { inputs, secret: secretPaths };
}

/** The outputs that a class names to the engine as secrets. */
function secretOutputs(file: string): string[][] {
  const source = readFileSync(join(ROOT, "src", "resources", `${file}.ts`), "utf8");
  const [, names = ""] = /secretOutputs: \[([^\]]*)\]/.exec(source) ?? [];
  return [...names.matchAll(/"(\w+)"/g)].map(([, name]) => [name ?? ""]);
}

const changedIni = OWN_INI.replaceAll("canary-own", "canary-new").replaceAll("live.ini", "new.ini");

/** The lives of the provider, which have the diffs, logs, states and errors of the engine. */
const LIVES: Record<keyof typeof provider, (t: TestContext, bench: CanaryDevice) => Promise<void>> = {
  incrementalIniConfig: async (t, bench) => {
    const { inputs, secret } = await iniState(bench, { onRelease: "restore" });
    const { inputs: changed } = await iniState(bench, { onRelease: "restore" }, changedIni);
    const life = provider.incrementalIniConfig();
    const hidden = [...secret, ...secretOutputs("incremental-ini-config")];
    const said = await live(t, bench, life, { inputs, changed, secret: hidden });
    assert.match(
      said,
      /IniFileURL: "https:\/\/\[secret\]@h\/live\.ini" => "https:\/\/\[secret\]@h\/new\.ini"/,
    );
    assert.match(said, /drift: IniFileURL: "https:\/\/\[secret\]@h\/live\.ini" \(secret\) changed/);
    assert.match(said, /WebUsers 0 PrevPassw1: \(secret\) changed/);
  },
  fullIniConfig: async (t, bench) => {
    const { inputs, secret } = await iniState(bench, { allowLossOfAccess: true });
    const { inputs: changed } = await iniState(bench, { allowLossOfAccess: true }, changedIni);
    const life = provider.fullIniConfig();
    const hidden = [...secret, ...secretOutputs("full-ini-config")];
    await live(t, bench, life, { inputs, changed, secret: hidden });
  },
  cliScriptConfig: (t, bench) => liveScript(t, bench, provider.cliScriptConfig(), "cli-script-config"),
  fullCliScriptConfig: (t, bench) =>
    liveScript(t, bench, provider.fullCliScriptConfig(), "full-cli-script-config", {
      allowLossOfAccess: true,
    }),
  deviceLicense: async (t, bench) => {
    const inputs = { device: bench.device, __mediantName: "base", key: "canary-own-key" };
    const changed = { ...inputs, key: "canary-new-key" };
    await live(t, bench, provider.deviceLicense(), {
      inputs,
      changed,
      secret: secretOutputs("device-license"),
    });
  },
  // What these send holds no secret but the connection's.
  deviceReset: (t, bench) => liveTriggers(t, bench, provider.deviceReset()),
  savedConfiguration: (t, bench) => liveTriggers(t, bench, provider.savedConfiguration()),
  softwareLoad: (t, bench) => liveFile(t, bench, provider.softwareLoad(), { version: "7.40A.500.010" }),
  auxiliaryFile: (t, bench) => liveFile(t, bench, provider.auxiliaryFile(), { kind: "dialplan" }),
};

async function liveScript(
  t: TestContext,
  bench: CanaryDevice,
  life: Life,
  file: string,
  more: State = {},
): Promise<void> {
  const own = withVariables(OWN_CLI);
  const make = (variables: Record<string, string>) => ({
    ...{ device: bench.device, __mediantName: "base", script: own.script, variables, ...more },
    __mediantSecrets: Object.keys(variables),
  });
  const changed = Object.fromEntries(
    Object.entries(own.variables).map(([name, value]) => [name, value.replace("canary-own", "canary-new")]),
  );
  const secret = [["variables"], ...secretOutputs(file)];
  await live(t, bench, life, { inputs: make(own.variables), changed: make(changed), secret });
  // Secrets in plain text make the whole script one.
  const { device } = await canaryDevice(t);
  const plain = { device, __mediantName: "plain", script: OWN_CLI, ...more };
  const other = { ...plain, script: OWN_CLI.replaceAll("canary-own", "canary-new") };
  await live(t, bench, life, { inputs: plain, changed: other, secret: [["script"], ...secretOutputs(file)] });
}

async function liveTriggers(t: TestContext, bench: CanaryDevice, life: Life): Promise<void> {
  const printed = consoleOf(t);
  const inputs = { device: bench.device, __mediantName: "base", triggers: ["1"], saveConfiguration: false };
  bench.writes = "refused";
  await assert.rejects(life.create(inputs), (error) => {
    assertNoCanary("an error", textOf(error));
    return true;
  });
  assertNoCanary("what is printed", printed());
}

async function liveFile(t: TestContext, bench: CanaryDevice, life: Life, more: State): Promise<void> {
  const printed = consoleOf(t);
  const source = join(ROOT, "test", "fixtures", "uploads", "tones.dat");
  const inputs = {
    device: bench.device,
    __mediantName: "base",
    source,
    sha256: "0".repeat(64),
    __mediantSize: 1,
    ...more,
  };
  await assert.rejects(life.create(inputs), (error) => {
    assertNoCanary("an error", textOf(error));
    return true;
  });
  assertNoCanary("what is printed", printed());
}

for (const [name, drive] of Object.entries(LIVES))
  test(`no secret leaves the life of a resource: ${name}`, async (t) => drive(t, await canaryDevice(t)));

test("every life of the provider is driven", () => {
  assert.deepEqual(Object.keys(provider).sort(), Object.keys(LIVES).sort());
});

/** An answer in which a caller asks for the device's own text: as an output it is a secret. */
const isSecretOutput = async (output: pulumi.Output<unknown>) => {
  await settledValue(output);
  assert.ok(await pulumi.isSecret(output), "a secret");
};

/** What the package exports. A string says why there is nothing to drive. */
const EXPORTS: Record<string, string | ((bench: CanaryDevice) => Promise<void>)> = {
  getIniDiff: async ({ device }) => {
    for (const mode of ["incremental", "full"] as const) {
      const diff = await mediant.getIniDiff({ device, ini: OWN_INI, secretNames: ["MyPin"], mode });
      assertNoCanary("the diff", diff);
      assert.match(diff.patch, /^-IniFileURL = "https:\/\/\[secret\]@h\/live\.ini"$/m);
    }
  },
  getIniDiffOutput: async ({ device }) =>
    assertNoCanary(
      "the diff",
      await settledValue(mediant.getIniDiffOutput({ device, ini: OWN_INI, secretNames: ["MyPin"] })),
    ),
  getCliDiff: async ({ device }) => {
    for (const mode of ["incremental", "full"] as const) {
      const diff = await mediant.getCliDiff({ device, script: OWN_CLI, mode });
      assertNoCanary("the diff", diff);
      assert.match(
        diff.patch,
        /^\+.*voice-configuration = "https:\/\/\[secret\]@h\/own\.ini" \(to be written\)$/m,
      );
      assert.match(diff.patch, /open = "own"/);
    }
  },
  getCliDiffOutput: async ({ device }) =>
    assertNoCanary(
      "the diff",
      await settledValue(mediant.getCliDiffOutput({ device, ...withVariables(OWN_CLI) })),
    ),
  getIni: "gives the device's text as it is: its Output form is a secret",
  getIniOutput: ({ device }) => isSecretOutput(mediant.getIniOutput({ device })),
  getCliScript: "gives the device's text as it is: its Output form is a secret",
  getCliScriptOutput: ({ device }) => isSecretOutput(mediant.getCliScriptOutput({ device })),
  getLicense: "gives the key as it is: its Output form is a secret",
  getLicenseOutput: ({ device }) => isSecretOutput(mediant.getLicenseOutput({ device })),
  show: "gives the device's text as it is: its Output form is a secret",
  showOutput: async (bench) => {
    bench.writes = "accepted";
    await isSecretOutput(mediant.showOutput({ device: bench.device, command: "show version" }));
    bench.writes = "refused";
    await assert.rejects(mediant.show({ device: bench.device, command: "show canary" }), (error) => {
      assertNoCanary("the error", textOf(error));
      return true;
    });
  },
  assertHealthy: async ({ device }) => {
    await assert.rejects(mediant.assertHealthy({ device, version: "7.20A.000.000" }), (error) => {
      assertNoCanary("the error", textOf(error));
      return true;
    });
  },
  assertHealthyOutput: "runs assertHealthy",
  DeviceError: "holds sentences of ours and of the device, which are made safe before",
  isDeviceError: "tells true or false",
  deviceFromConfig: "makes the password a secret; test/e2e/secrets.test.ts looks at the state",
  ...Object.fromEntries(
    ["Status", "Api", "Alarm", "Alarms", "PerformanceMonitor", "PerformanceMonitors"].flatMap((name) => [
      [`get${name}`, "gives what the device says of itself; no secret of a configuration is among it"],
      [`get${name}Output`, "the same"],
    ]),
  ),
  ...Object.fromEntries(
    Object.keys(LIVES).map((life) => [
      life[0]?.toUpperCase() + life.slice(1),
      "is a class: its life is driven above, its arguments are refused without values (test/secrets/arguments.test.ts)",
    ]),
  ),
};

for (const [name, drive] of Object.entries(EXPORTS))
  if (typeof drive !== "string")
    test(`no secret leaves by a function: ${name}`, async (t) => {
      const printed = consoleOf(t);
      await drive(await canaryDevice(t));
      assertNoCanary("what is printed", printed());
    });

test("every export is driven, or says why not", () => {
  assert.deepEqual(Object.keys(mediant).sort(), Object.keys(EXPORTS).sort());
});

/** The commands, each with all that it prints and writes. */
const COMMANDS: Record<string, string | ((t: TestContext, url: string) => Promise<void>)> = {
  backup: async (t, url) => {
    const out = scratch(t);
    const files = await written(["backup", "--url", url, "--name", "sbc1", "--out", out], out);
    assert.match(files["sbc1.ini"] ?? "", /IniFileURL = 'https:\/\/\[secret\]@h\/live\.ini'/);
    assert.match(files["sbc1.cli"] ?? "", /crypto isakmp key "?\[secret\]/);
    for (const [path, text] of Object.entries(files)) assertNoCanary(path, withoutUsersOwn(text));
  },
  generate: async (t, url) => {
    const out = join(scratch(t), "program");
    const files = await written(["generate", "--url", url, "--name", "sbc1", "--out", out], out);
    const { "secrets.json": secrets = "", ...open } = files;
    assert.match(secrets, /canary-live-by-name/, "they have a file of their own");
    for (const [path, text] of Object.entries(open)) assertNoCanary(path, withoutUsersOwn(text));
  },
  doctor: async (_t, url) => {
    for (const more of [[], ["--json"]]) await said(["doctor", "--url", url, "--allow-http", ...more]);
  },
  restore: async (t, url) => {
    const out = scratch(t);
    await written(["backup", "--url", url, "--name", "sbc1", "--out", out], out);
    const backup = join(out, "sbc1.ini");
    const refused = await command(["restore", "--url", url, "--from", backup, "--apply"], CONNECTION);
    assert.equal(refused.code, 2, "it has [secret] where the device has one");
    // With another value in each of these places, each is shown as a change.
    writeFileSync(backup, readFileSync(backup, "utf8").replaceAll("[secret]", "another"));
    await said(["restore", "--url", url, "--name", "sbc1", "--from", backup]);
    const from = join(out, "before.ini");
    writeFileSync(from, OWN_INI);
    await said(["restore", "--url", url, "--from", from]);
    const { code, stdout, stderr } = await command(
      ["restore", "--url", url, "--from", from, "--apply"],
      CONNECTION,
    );
    assertNoCanary("restore --apply", withoutUsersOwn(stdout + stderr));
    assert.notEqual(code, 0, "the device refuses it");
  },
  probe: async (t, url) => {
    const out = scratch(t);
    const { stdout, stderr } = await command(["probe", "--url", url, "--lab", "--out", out], CONNECTION);
    assertNoCanary("probe", stdout + stderr);
    for (const file of readdirSync(out)) assertNoCanary(file, readFileSync(join(out, file), "utf8"));
    assert.notEqual(stdout + stderr, "");
  },
  compliance: async (t, url) => {
    const out = scratch(t);
    writeFileSync(join(out, "golden.ini"), OWN_INI);
    writeFileSync(
      join(out, "fleet.yaml"),
      `roles: { r: { golden: [golden.ini] } }\ndevices: { sbc1: { role: r, url: "${url}" } }\n`,
    );
    const args = ["compliance", "--inventory", join(out, "fleet.yaml")];
    await said([...args, "--html", join(out, "page.html"), "--json", join(out, "found.json")]);
    for (const file of ["page.html", "found.json"]) {
      const text = readFileSync(join(out, file), "utf8");
      assert.match(text, /IniFileURL/);
      assertNoCanary(file, withoutUsersOwn(text));
    }
  },
  diff: async (t, url) => {
    const [live, own] = ["live.ini", "own.ini"].map((file) => join(scratch(t), file));
    assert.ok(live !== undefined && own !== undefined);
    writeFileSync(live, OWN_INI.replaceAll("canary-own", "canary-live"));
    writeFileSync(own, OWN_INI);
    for (const more of [[], ["--json"]]) {
      await said(["diff", live, own, ...more]);
      await said(["diff", own, "--url", url, ...more]);
    }
  },
  lint: async (t) => {
    const own = join(scratch(t), "own.ini");
    writeFileSync(own, OWN_INI);
    for (const more of [[], ["--sarif"]]) await said(["lint", own, ...more]);
  },
  textconv: async (t) => {
    const own = join(scratch(t), "own.ini");
    writeFileSync(own, OWN_INI);
    await said(["textconv", own]);
  },
  types: async (t, url) => {
    const out = scratch(t);
    const files = await written(["types", "--url", url, "--out", join(out, "mediant-tables.d.ts")], out);
    for (const [path, text] of Object.entries(files)) assertNoCanary(path, text);
  },
  report: "asks no device; test/report/safe.test.ts has the secrets of a run in every form",
  fmt: "writes the user's own file into its place",
  merge: "writes the user's own files into one of them",
  simulate: "prints its own address and user",
};

/** Of one name only the program of a user can know that it is a secret, which a command does not see. */
function withoutUsersOwn(text: string): string {
  return text.replaceAll(/canary-(?:live|own)-by-request/g, "");
}

async function said(args: readonly string[]): Promise<void> {
  const { stdout, stderr } = await command(args, CONNECTION);
  assertNoCanary(args.join(" "), withoutUsersOwn(stdout + stderr));
  assert.notEqual(stdout, "", stderr);
}

async function written(args: readonly string[], folder: string): Promise<Record<string, string>> {
  const { code, stdout, stderr } = await command(args, CONNECTION);
  assert.equal(code, 0, stderr);
  assertNoCanary(args.join(" "), stdout + stderr);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    entries.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), "utf8")]),
  );
}

for (const [name, drive] of Object.entries(COMMANDS))
  if (typeof drive !== "string")
    test(`no secret leaves by a command: ${name}`, async (t) => {
      const bench = await canaryDevice(t);
      await drive(t, bench.device.url);
    });

test("every command is driven, or says why not", async () => {
  const { stdout } = await command(["--help"]);
  const listed = [...stdout.matchAll(/^ {2}([a-z]+)(?: \[options\])? /gm)].map(([, name]) => name ?? "");
  assert.deepEqual(listed.filter((name) => name !== "help").sort(), Object.keys(COMMANDS).sort());
});

/** The files that print, and what they print; whatever prints in another file is a new way out. */
const PRINTERS: Record<string, string> = {
  "bin/connection.ts": "questions",
  "bin/files/textconv.ts": "a file by what it says, without secrets",
  "bin/simulate.ts": "its own address",
  "bin/terminal.ts": "what commands find and how far they are",
  "bin/written-file.ts": "what a command was told to write there",
  "device/log.ts": "the lines of all resources, waits and progress",
  "provider.ts": "that the engine has ended",
};

test("nothing else prints", () => {
  const sources = readdirSync(join(ROOT, "src"), { recursive: true })
    .map((path) => String(path).replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !path.startsWith("simulator/"));
  const printing = sources.filter((path) =>
    /^(?!\s*(?:\*|\/\/|\/\*)).*\b(?:console\.(?:log|info|warn|error|debug)|process\.(?:stdout|stderr)\.write)\b/m.test(
      readFileSync(join(ROOT, "src", path), "utf8"),
    ),
  );
  assert.deepEqual(printing.sort(), Object.keys(PRINTERS).sort());
});

/** The patterns that a source has: of regular expressions, and of names with a `*`. */
function patternsOf(path: string): string[] {
  const text = readFileSync(join(ROOT, "src", path), "utf8");
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const star = ts.isStringLiteral(node) && /^\*[.*\w]+$/.test(node.text);
    if (ts.isRegularExpressionLiteral(node) || star) found.push(node.getText());
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  return found;
}

test("what is secret is decided in one room", () => {
  // A pattern of secret names, of obscured forms or of credentials anywhere else would be a second opinion.
  const rule = /passw|phrase|community|nonce|psk|\\\$1|\\\$\\d|\$\[0-9\]|:\\\/\\\/.*@/i;
  const sources = readdirSync(join(ROOT, "src"), { recursive: true })
    .map((path) => String(path).replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !/^(?:simulator|secrets)\//.test(path));
  const deciding = sources.flatMap((path) =>
    patternsOf(path).flatMap((pattern) => (rule.test(pattern) ? [`${path}: ${pattern}`] : [])),
  );
  assert.deepEqual(deciding, []);
});
