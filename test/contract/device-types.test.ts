import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { declarationsOf } from "../../src/types/declarations";
import { compileErrors } from "../e2e/compile";

const ROOT = join(__dirname, "..", "..");
const FIXTURES = join(ROOT, "test", "fixtures", "ini");

/** A line that must not compile names what is wrong in it. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { deviceFromConfig, FullIniConfig, getIniDiff, IncrementalIniConfig } from "pulumi-mediant";
import type { ParameterArg } from "pulumi-mediant";
import type { Firmware_6_60A_319_003, Firmware_7_40A_250_440 } from "./mediant-tables";

declare module "pulumi-mediant" {
  interface DeviceParameters {
    SyslogDebugLevel: ParameterArg;
  }
}

const device = deviceFromConfig("sbc1");
const good = new IncrementalIniConfig("good", {
  device,
  ini: "AnyName = 1",
  parameters: { EnableSyslog: true, SyslogDebugLevel: 5, NTPServerIP: pulumi.output("a") },
  tables: { DeviceTable: { 3: { DeviceName: "vlan 1", MTU: 1500 } }, ProxySet: pulumi.output({ 3: { ProxyName: "a" } }) },
});
export const isIt: IncrementalIniConfig = good;
new IncrementalIniConfig("misspelt", {
  device,
  parameters: {
    EnableSyslog: true,
    EnableSyslg: true,
  },
});
new FullIniConfig("misspelt", {
  device,
  tables: {
    ProxySets: { 3: { ProxyName: "a" } },
  },
});
new IncrementalIniConfig("misspelt", {
  device,
  tables: {
    DeviceTable: {
      3: {
        DeviceName: "vlan 1",
        DeviceNam: "vlan 1",
      },
    },
  },
});
void getIniDiff({
  device,
  tables: { DeviceTable: { 3: { MTO: 1 } } },
});
const tables = { DeviceTable: { 3: { DeviceName: "vlan 1" } } };
new IncrementalIniConfig<Firmware_7_40A_250_440>("new", { device, tables: { DeviceTable: { 3: { MTU: 1500 } } } });
new IncrementalIniConfig<Firmware_6_60A_319_003>("old", { device, tables });
new IncrementalIniConfig<Firmware_6_60A_319_003>("old", {
  device,
  tables: { DeviceTable: { 3: { MTU: 1500 } } },
});
`;

const OLD = `;Software Version: 6.60A.319.003
[ DeviceTable ]
FORMAT DeviceTable_Index = DeviceTable_VlanID, DeviceTable_DeviceName;
DeviceTable 0 = 1, "vlan 1";
[ \\DeviceTable ]
`;

const OPTIONS = {
  ...{ strict: true, skipLibCheck: true, target: "ES2022" },
  ...{ module: "node16", moduleResolution: "node16", types: ["node"] },
};

const WRONG = ["EnableSyslg", "ProxySets", "DeviceNam", "MTO", "MTU"];

it("a misspelt parameter, table and column does not compile, nor one that the firmware lacks", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "device-types-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  const sources = [
    { name: "old.ini", text: OLD },
    { name: "new.ini", text: readFileSync(join(FIXTURES, "full-7.40.ini"), "utf8") },
  ];
  writeFileSync(join(folder, "mediant-tables.d.ts"), declarationsOf(sources));
  writeFileSync(join(folder, "index.ts"), PROGRAM);
  const tsconfig = join(folder, "tsconfig.json");
  writeFileSync(tsconfig, JSON.stringify({ compilerOptions: OPTIONS }));
  const files = ["index.ts", "mediant-tables.d.ts"].map((name) => join(folder, name));
  const found = await compileErrors(tsconfig, files);
  assert.deepEqual(found.map(namedIn), WRONG, found.join("\n"));
  for (const error of found) assert.match(error, new RegExp(`'${namedIn(error)}' does not exist`));
});

/** The name at the place of an error: `index.ts(12,5): error ...`. */
function namedIn(error: string): string | undefined {
  const [, line, column] = /index\.ts\((\d+),(\d+)\): error/.exec(error) ?? [];
  const text = PROGRAM.split("\n")[Number(line) - 1]?.slice(Number(column) - 1);
  return text && /^\w+/.exec(text)?.[0];
}
