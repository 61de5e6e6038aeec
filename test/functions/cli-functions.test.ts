import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { getApi } from "../../src/functions/get-api";
import { getCliDiff, getCliDiffOutput } from "../../src/functions/get-cli-diff";
import { getCliScript, getCliScriptOutput } from "../../src/functions/get-cli-script";
import { getIni, getIniOutput } from "../../src/functions/get-ini";
import { show, showOutput } from "../../src/functions/show";
import { settledValue } from "../../src/resources/outputs";
import { bench, byHand, GET, PUT } from "../life/cli/bench";

test("show runs one command and gives what it prints, whatever form the answer has", async (t) => {
  for (const cliAnswer of ["manual", "description-output", "status", "text"] as const) {
    const b = await bench(t, { cliAnswer });
    const { device } = b.inputs({ script: "" });
    assert.match(await show({ device, command: "show system uptime" }), /^Uptime: 1 days/);
    assert.equal(b.requests().at(-1), PUT);
    await assert.rejects(
      show({ device, command: "show me the money" }),
      /the device refused the show command/,
    );
    assert.equal(await pulumi.isSecret(showOutput({ device, command: "show system uptime" })), true);
  }
});

test("show refuses everything else before anything is sent", async (t) => {
  const b = await bench(t);
  const { device } = b.inputs({ script: "" });
  for (const command of [
    "configure voip",
    "show",
    "showing",
    "show x\nconfigure system",
    "show x\r",
    "show x;reload now",
    "show x > flash",
    "show x | grep y",
    "show x\u2028y",
    "do show x",
    "no proxy-set 3",
    7 as unknown as string,
  ])
    await assert.rejects(show({ device, command }), pulumi.RunError);
  assert.deepEqual(b.requests(), []);
});

test("getCliDiff names the lines that running the script would change, without secrets", async (t) => {
  const b = await bench(t);
  await byHand(b, 'configure voip\nproxy-set 3\nproxy-name "A"\nactivate\nexit\nproxy-set 4\nactivate\n');
  b.requests();
  const { device } = b.inputs({ script: "" });
  const script = `configure voip
 proxy-set 3
  proxy-name "B"
 exit
 proxy-set 9
  proxy-name "C"
 exit
 no proxy-set 4
exit
configure system
 user Bob
  password {{pw}}
`;
  const args = { device, script, variables: { pw: pulumi.secret("hunter2-longer") } };
  const { changes, patch } = await settledValue(getCliDiffOutput(args));
  const named = changes.map(({ address, kind, before, after }) => [kind, address, before, after]);
  assert.deepEqual(named, [
    ["change", "configure voip / proxy-set 3 / proxy-name", "A", "B"],
    ["add", "configure voip / proxy-set 9", undefined, "present"],
    ["remove", "configure voip / proxy-set 4", "present", undefined],
    ["add", "configure system / user Bob", undefined, "present"],
  ]);
  assert.match(patch, /^-configure voip \/ proxy-set 3 \/ proxy-name = "A"\n\+.* = "B"$/m);
  assert.ok(!JSON.stringify([changes, patch]).includes("hunter2"));
  // What is cut off between two parts looks whole, so two reads have to agree.
  assert.deepEqual(b.requests(), [GET, GET]);
  assert.equal(await pulumi.isSecret(getCliDiffOutput(args)), false);
  const same = 'configure voip\n proxy-set 3\n  proxy-name "A"\n';
  assert.deepEqual(await getCliDiff({ device, script: same }), { changes: [], patch: "" });
  const full = await getCliDiff({ device, script: same, mode: "full" });
  assert.ok(
    full.changes.some(({ kind, address }) => kind === "remove" && address === "configure voip / proxy-set 4"),
  );
  const bad = getCliDiff({ device, script: "configure voip\n password {{nowhere}}\n" });
  await assert.rejects(bad, /script: script line 2, column 2: variables has no value for \{\{nowhere\}\}/);
});

test("a script that is a secret as a whole shows none of its lines in a diff", async (t) => {
  const b = await bench(t);
  const { device } = b.inputs({ script: "" });
  const script = pulumi.secret('configure voip\n proxy-set 3\n  proxy-name "Hidden"\n');
  const { changes, patch } = await settledValue(getCliDiffOutput({ device, script }));
  assert.equal(changes.length, 1);
  assert.ok(!JSON.stringify([changes, patch]).includes("proxy-set 3"));
});

test("getCliScript and getIni give the text and what it says, secret in their Output forms", async (t) => {
  const b = await bench(t);
  await byHand(b, 'configure voip\nproxy-set 3\nproxy-name "A"\nactivate\n');
  const { device } = b.inputs({ script: "" });
  const cli = await getCliScript({ device });
  assert.match(cli.text, /^# Running Configuration/);
  assert.deepEqual(
    cli.lines.find(({ name }) => name === "proxy-name"),
    { mode: ["configure voip", "proxy-set 3"], name: "proxy-name", args: ["A"] },
  );
  const ini = await getIni({ device });
  assert.match(ini.text, /\[ ProxySet \]/);
  assert.equal(ini.tables["ProxySet"]?.["3"]?.["ProxyName"], "A");
  for (const output of [getCliScriptOutput({ device }), getIniOutput({ device })])
    assert.equal(await pulumi.isSecret(output as pulumi.Output<unknown>), true);
});

test("getApi reads the sloppy listings of the manual, and follows none of their urls", async (t) => {
  for (const firmware of ["7.00A.018.005", "7.40A.250.440"]) {
    const b = await bench(t, { firmware });
    const { device } = b.inputs({ script: "" });
    const { versions, tree, actions, files } = await getApi({ device });
    assert.deepEqual(versions[0]?.id, "v1");
    assert.deepEqual(
      tree.map(({ id }) => id),
      [
        ...["actions", "alarms", "files", "license", "performanceMonitoring", "status"],
        ...(firmware.startsWith("7.0") ? [] : ["kpi"]),
      ],
    );
    assert.deepEqual(actions.map(({ id }) => id).sort(), ["reset", "saveConfiguration"]);
    assert.ok(files.some(({ id }) => id === "cliScript"));
    assert.deepEqual(b.requests().sort(), ["GET ", "GET /actions", "GET /alarms", "GET /api", "GET /files"]);
  }
});
