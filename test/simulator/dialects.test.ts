import assert from "node:assert/strict";
import { test } from "node:test";
import { bench, multipartUpload, rawUpload } from "./harness";

const OLD = "7.00A.018.005";
const INCREMENTAL = "PUT /api/v1/files/ini/incremental";

test("7.0 reports nine fields and a small z, later firmware more and an offset", async (t) => {
  const now = () => Date.UTC(2010, 0, 17, 17, 29, 15);
  const old = JSON.parse((await (await bench(t, { firmware: OLD, now })).ask("GET /api/v1/status")).text);
  assert.equal(Object.keys(old).length, 9);
  assert.equal(old.localTimeStamp, "2010-01-17T17:29:15.000z");
  assert.equal(old.versionID, OLD);
  assert.equal(old.highAvailability, "Stand Alone");
  assert.equal(old.subnetMask, "255.255.255.0");
  const later = JSON.parse((await (await bench(t, { now })).ask("GET /api/v1/status")).text);
  assert.equal(later.localTimeStamp, "2010-01-17T17:29:15+00:00");
  assert.deepEqual([later.saveNeeded, later.resetNeeded, later.upgradeStatus], [false, false, "None"]);
  assert.equal(later.versionID, "7.40A.250.440");
});

test("saveNeeded and resetNeeded follow the configuration", async (t) => {
  const { ask, put } = await bench(t);
  const needed = async () => {
    const { saveNeeded, resetNeeded } = JSON.parse((await ask("GET /api/v1/status")).text);
    return [saveNeeded, resetNeeded];
  };
  await put("EnableSyslog = 1\n");
  assert.deepEqual(await needed(), [true, false]);
  await put("HTTPSOnly = 1\n");
  assert.deepEqual(await needed(), [true, true]);
  await ask("POST /api/v1/actions/saveConfiguration");
  assert.deepEqual(await needed(), [false, true]);
});

test("each dialect takes its own form of upload", async (t) => {
  const ini = "EnableSyslog = 1\n";
  const old = await bench(t, { firmware: OLD });
  assert.equal((await old.ask(INCREMENTAL, multipartUpload(ini))).status, 400);
  assert.equal((await old.ask(INCREMENTAL, rawUpload(ini))).status, 200);
  const later = await bench(t);
  assert.equal((await later.ask(INCREMENTAL, rawUpload(ini))).status, 400);
  assert.equal((await later.ask(INCREMENTAL, { body: ini })).status, 400);
  assert.equal(later.simulator.running.parameter("EnableSyslog"), undefined);
  assert.equal((await later.ask(INCREMENTAL, multipartUpload(ini))).status, 200);
  assert.equal(later.simulator.running.parameter("EnableSyslog"), "1");
  const both = await bench(t, { upload: "both" });
  assert.equal((await both.ask(INCREMENTAL, rawUpload(ini))).status, 200);
  assert.equal((await both.ask(INCREMENTAL, multipartUpload(ini))).status, 200);
});

test("a broken multipart body is refused", async (t) => {
  const { ask, simulator } = await bench(t);
  const { headers, body } = multipartUpload("EnableSyslog = 1\n");
  const broken = [
    { headers, body: String(body).replace("--edge--", "") },
    { headers, body: String(body).replace("; filename", "; file") },
    { headers: { "content-type": "multipart/form-data" }, body },
    { headers, body: "" },
  ];
  for (const request of broken) assert.equal((await ask(INCREMENTAL, request)).status, 400);
  assert.equal(simulator.running.parameter("EnableSyslog"), undefined);
});

test("7.0 prints long headers, read-only columns, and withholds hidden items", async (t) => {
  const { dump, put, simulator } = await bench(t, { firmware: OLD, statusColumns: "refused" });
  const text = await dump();
  assert.match(text, /^FORMAT DeviceTable_Index = DeviceTable_VlanID, /m);
  assert.match(text, /^FORMAT PhysicalPortsTable_Index = .*, PhysicalPortsTable_GroupStatus;\r$/m);
  assert.match(text, /^PhysicalPortsTable 0 = .*"Active";\r$/m);
  assert.match(text, /^;HTTPSCertFileName is hidden but has non-default value\r$/m);
  assert.match(text, /^\[ DspTemplates \]\r\n\r\n; \*\*\* TABLE DspTemplates \*\*\*\r\n/m);
  assert.doesNotMatch(text, /ServerCert\.pem|DspTemplates 0/);
  const load = await put(`${text.slice(text.indexOf("[ PhysicalPortsTable ]"))}`, 400);
  assert.match(load.text, /read-only/);
  await put("[ DspTemplates ]\n[ \\DspTemplates ]\n");
  assert.deepEqual(simulator.running.indexes("DspTemplates"), [], "an empty hidden table deletes it");
});

test("later firmware prints short headers, and takes long ones", async (t) => {
  const { dump, put, simulator } = await bench(t);
  assert.match(await dump(), /^FORMAT Index = VlanID, /m);
  await put('[ SRD ]\nFORMAT SRD_Index = SRD_Name;\nSRD 3 = "x";\n[ \\SRD ]\n');
  assert.equal(simulator.running.cell("SRD", 3, "Name"), "x");
});

test("a hidden table is replaced in merge mode too", async (t) => {
  const { put, simulator } = await bench(t, { firmware: OLD, tableMode: "merge" });
  await put("[ DspTemplates ]\nFORMAT Index = DspTemplateNumber;\nDspTemplates 4 = 1;\n[ \\DspTemplates ]\n");
  assert.deepEqual(simulator.running.indexes("DspTemplates"), ["4"]);
});

test("7.0 answers the sloppy JSON of the manual, later firmware valid JSON", async (t) => {
  const sloppy = ["GET /api/v1", "GET /api/v1/files", "GET /api/v1/actions", "POST /api/v1/actions/reset"];
  for (const line of sloppy) {
    const { text } = await (await bench(t, { firmware: OLD })).ask(line);
    assert.throws(() => JSON.parse(text), line);
    const later = await (await bench(t)).ask(line);
    assert.equal(typeof JSON.parse(later.text), "object", line);
  }
  const { ask } = await bench(t, { firmware: OLD });
  assert.deepEqual(JSON.parse((await ask("GET /api")).text).versions[0].url, "/api/v1");
  assert.match((await ask("GET /api/v1")).text, /"Device alarms",\s*"url": "\/api\/v1\/actions"/);
});

test("line ends, the stray last line and the look of secrets can be chosen", async (t) => {
  const { dump } = await bench(t, { eol: "\n", noise: true, obscuring: "anew" });
  const [first, second] = [await dump(), await dump()];
  assert.ok(!first.includes("\r"));
  assert.ok(first.endsWith("\nGET /topAreaStaus.json\n"));
  const secret = (text: string) => /^WebUsers 0 = "Admin", "(\$1\$[^"]+)"/m.exec(text)?.[1];
  assert.ok(secret(first));
  assert.notEqual(secret(first), secret(second));
});

test("the configuration at start is taken as it is, names and hidden items that nobody knew included", async (t) => {
  const { dump, simulator } = await bench(t, {
    firmware: OLD,
    ini: `
;SecretFile is hidden but has non-default value
NewNumber = 007
NewText = 'some words'
NewList = 'a', ''
[ NewTable ]
FORMAT NewTable_Index = NewTable_Name, NewTable_Count;
NewTable 4 = "four", 4;
[ \\NewTable ]
[ PREFIX ]
FORMAT PREFIX_Index = PREFIX_RouteName, PREFIX_DestIPGroupName, PREFIX_ConnectivityStatus;
PREFIX 0 = "out", "nowhere", "Not Available";
[ \\PREFIX ]
; *** TABLE NewSecrets ***
[ SIPInterface ]
FORMAT SIPInterface_Index = SIPInterface_InterfaceName, SIPInterface_OldColumn;
SIPInterface 0 = "i", "kept";
[ \\SIPInterface ]`,
  });
  const text = await dump();
  for (const line of [
    ";SecretFile is hidden but has non-default value",
    "NewNumber = 007",
    "NewText = 'some words'",
    "NewList = 'a', ''",
    'NewTable 4 = "four", 4;',
    "; *** TABLE NewSecrets ***",
  ])
    assert.ok(text.includes(`\r\n${line}\r\n`), line);
  assert.equal(simulator.running.cell("PREFIX", 0, "DestIPGroupName"), "nowhere");
  assert.equal(simulator.running.cell("SIPInterface", 0, "OldColumn"), "kept");
  assert.deepEqual(simulator.flash.snapshot(), simulator.running.snapshot());
});
