import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { steadyIni } from "../../../src/backup/ini";
import { generateProgram } from "../../../src/generate/generate";
import { readConfiguration } from "../../../src/ini/configuration";
import { parseIni } from "../../../src/ini/parse";
import { renderConfiguration } from "../../../src/ini/render";
import { requestLog } from "../../shared/simulated";
import { bench, countOf, type Declared, PUT_INI } from "./bench";

/* Files in the shapes in which people publish them: on a device that holds them, and on one that does not. */

const FOLDER = join(__dirname, "../../fixtures/people");
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".ini"));
const FIRMWARE = ["7.00A.018.005", "7.40A.250.440"] as const;
const CANARY = /Canary|Q2FuYXJ5/;

function declaredIn(name: string) {
  const text = readFileSync(join(FOLDER, name), "utf8");
  const { configuration, order } = readConfiguration({ document: parseIni(text) });
  const { parameters, tables } = configuration;
  const declared: Declared = { parameters, tables, __mediantOrder: order };
  return { declared, text: renderConfiguration(configuration, order) };
}

const unknownTable = (table: string) =>
  new RegExp(
    `^${table} \\d+ was dropped by the device, which shows no table ${table}: it may not have such a table`,
  );
const missing = (row: string, name: string) =>
  new RegExp(`^${row} was dropped by the device: nothing on it is called "${name}"`);

/** What an empty device says to a file, if it cannot hold it; each pattern is one reason, in any order. */
const CAUSES: Record<string, { on?: string; reasons: RegExp[] }> = {
  "wrapped-format.ini": {
    on: "7.40A.250.440",
    reasons: [unknownTable("CodersGroup0"), unknownTable("CodersGroup0")],
  },
  "partial-format.ini": {
    reasons: [missing("CpMediaRealm 3", "eth7:1"), missing("SIPInterface 3", "eth7:1")],
  },
  "interface.ini": {
    reasons: [
      /^the device does not show InterfaceTable\.VlanID: misspelt.* New on the device without it: InterfaceTable 6\./,
      // It is the name of a network interface, and a SIP interface is asked for.
      /^ProxySet 6 was dropped by the device: no row of SIPInterface is called "Branch_IF" \(SbcIPv4SipInterfaceName\)/,
    ],
  },
  "gateway-tables.ini": {
    reasons: [
      /^the device does not show 4WAYCONFERENCEMODE, ECHOSUPPDELAYx10MS: misspelt, or already at its default/,
      unknownTable("IPsecPeerTable"),
      unknownTable("UserInfoTable"),
    ],
  },
};

for (const firmware of FIRMWARE)
  for (const name of FILES) {
    test(`${name} on a device that holds it: no write, no drift, the same backup twice (${firmware})`, async (t) => {
      const { declared, text } = declaredIn(name);
      const b = await bench(t, { ini: text, firmware });
      const requests = requestLog(b);
      const program = { base: { ...declared, allowLossOfAccess: true } };
      assert.deepEqual((await b.stack.up(program))["base"], { op: "create", reasons: [] });
      // Only a device that was sent `$$` shows what the default is.
      assert.equal(countOf(requests(), PUT_INI), text.includes("$$") ? 1 : 0);
      const told = b.lines.length;
      assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
      assert.equal((await b.stack.up(program, { refresh: true }))["base"]?.op, "same");
      assert.deepEqual(b.lines.slice(told), []);
      assert.doesNotMatch(b.lines.join("\n"), CANARY);

      const dump = b.simulator.running.dump();
      const backup = steadyIni(dump);
      assert.deepEqual(steadyIni(b.simulator.running.dump()), backup);
      assert.doesNotMatch(JSON.stringify(backup), CANARY);
      const device = { name: "sbc", url: b.simulator.url };
      const { files } = generateProgram({ device, username: "Admin", version: "0.1.0", dump, again: dump });
      for (const file of files)
        if (file.path !== "secrets.json") assert.doesNotMatch(file.text, CANARY, file.path);
    });

    test(`${name} on an empty device: it converges, or the error names the cause (${firmware})`, async (t) => {
      const { declared } = declaredIn(name);
      const b = await bench(t, { firmware });
      const program = { base: declared };
      const reasons = (await b.stack.up(program))["base"]?.reasons ?? [];
      assert.doesNotMatch([...reasons, ...b.lines].join("\n"), CANARY);
      const cause = CAUSES[name];
      const expected = cause?.on === undefined || cause.on === firmware ? (cause?.reasons ?? []) : [];
      const open = [...reasons];
      for (const pattern of expected) {
        const at = open.findIndex((reason) => pattern.test(reason));
        assert.notEqual(at, -1, `${pattern} in ${open.join("\n")}`);
        open.splice(at, 1);
      }
      assert.deepEqual(open, []);
      if (expected.length > 0) return;
      assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
      assert.equal((await b.stack.up(program, { refresh: true }))["base"]?.op, "same");
    });
  }
