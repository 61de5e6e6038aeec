import assert from "node:assert/strict";
import { it } from "node:test";
import { observe } from "../../src/ini/observe";
import { reportOf } from "../../src/report/build";
import { compareWith, newResources, notCompared } from "../../src/report/compared";
import { readSource } from "../../src/report/run";
import { lines } from "./runs";

const TYPE = "pulumi-nodejs:dynamic/mediant:IncrementalIniConfig";

/** A preview of one new resource, as Pulumi writes it. */
function runOf(inputs: Record<string, unknown>) {
  const urn = `urn:pulumi:dev::fleet::${TYPE}::base`;
  const device = { name: "sbc1", url: "https://sbc1", password: "[secret]" };
  const newState = { type: TYPE, inputs: { __mediantName: "base", device, ...inputs } };
  const source = readSource(JSON.stringify({ steps: [{ op: "create", urn, newState }], diagnostics: [] }));
  assert.equal(source.kind, "run");
  return source.kind === "run" ? source.run : assert.fail();
}

const DUMP = `EnableSyslog = 1
SyslogServerIP = 192.0.2.1
SIPGatewayName = 'a'
[ IPGroup ]
FORMAT Index = Name, Password;
IPGroup 0 = "Carrier", "$1$gQ==";
IPGroup 1 = "Other", "$1$gQ==";
[ \\IPGroup ]
`;

it("a new resource shows what it changes on the device, and what it brings", () => {
  const run = runOf({
    parameters: {
      EnableSyslog: "1",
      SyslogServerIP: "192.0.2.2",
      NTPServerIP: "192.0.2.9",
      AdminPassword: "[secret]",
    },
    tables: {
      IPGroup: { 0: { Name: "Carrier", Password: "[secret]" }, 2: { Name: "New", Password: "[secret]" } },
    },
    ownTables: ["IpGroup"],
    __mediantSecrets: ["AdminPassword", "IPGroup 0 Password", "IPGroup 2 Password"],
  });
  for (const { resource } of newResources([run])) compareWith(resource, observe(DUMP));
  const report = reportOf([run]);
  assert.deepEqual(lines(report).sort(), [
    "sbc1 base intended AdminPassword: - > [secret]",
    'sbc1 base intended IPGroup 1 Name: "Other" > removed',
    "sbc1 base intended IPGroup 1 Password: [secret] > removed",
    'sbc1 base intended IPGroup 2 Name: - > "New"',
    "sbc1 base intended IPGroup 2 Password: - > [secret]",
    'sbc1 base intended NTPServerIP: - > "192.0.2.9"',
    'sbc1 base intended SyslogServerIP: "192.0.2.1" > "192.0.2.2"',
  ]);
  const [resource] = report.devices[0]?.resources ?? [];
  assert.deepEqual(resource?.notes, ["compared with the device as it is now; 1 secret is not compared"]);
  assert.equal(resource?.operation, "create");
});

it("a new resource that the device holds already changes nothing, and is named", () => {
  const run = runOf({ parameters: { EnableSyslog: "1" } });
  for (const { resource } of newResources([run])) compareWith(resource, observe(DUMP));
  const [device] = reportOf([run]).devices;
  assert.deepEqual(device?.resources, [
    {
      name: "base",
      type: "IncrementalIniConfig",
      operation: "create",
      failed: false,
      changes: [],
      notes: ["compared with the device as it is now"],
    },
  ]);
});

it("a device that cannot be asked leaves the declaration, and says so", () => {
  const run = runOf({ parameters: { EnableSyslog: "1" } });
  for (const { resource } of newResources([run])) notCompared(resource, "it does not answer");
  const report = reportOf([run]);
  assert.deepEqual(lines(report), ['sbc1 base intended EnableSyslog: - > "1"']);
  assert.deepEqual(report.devices[0]?.resources[0]?.notes, [
    "not compared with the device (it does not answer): this is what is declared",
  ]);
});
