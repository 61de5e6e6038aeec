import assert from "node:assert/strict";
import { test } from "node:test";
import { bench, descriptionOf } from "./harness";

const table = (name: string, columns: string, ...rows: string[]): string =>
  [
    `[ ${name} ]`,
    `FORMAT Index = ${columns};`,
    ...rows.map((row) => `${name} ${row};`),
    `[ \\${name} ]`,
    "",
  ].join("\n");

test("names are known without case, and unknown ones are ignored with a 200", async (t) => {
  const { put, simulator } = await bench(t);
  await put(`enablesyslog = 1\nEnableSylsog = 1\n${table("NoSuchTable", "A", '0 = "x"')}`);
  await put(table("conditiontable", "NAME, Condition, Colour", '3 = "c", "x == \'1\'", "blue"'));
  assert.equal(simulator.running.parameter("ENABLESYSLOG"), "1");
  assert.deepEqual(simulator.running.row("ConditionTable", 3), { Name: "c", Condition: "x == '1'" });
});

test("values are normalised, and refused ones keep what was there", async (t) => {
  const { put, simulator } = await bench(t);
  await put("SyslogLogLevel = 03\nSyslogServerIP = 10.1.2.3\nSIPGatewayName = 'gw '\n");
  assert.equal(simulator.running.parameter("SyslogLogLevel"), "3");
  await put("SyslogLogLevel = 8\nSyslogServerIP = 10.1.2\nSyslogServerPort = abc\n");
  assert.equal(simulator.running.parameter("SyslogLogLevel"), "3");
  assert.equal(simulator.running.parameter("SyslogServerIP"), "10.1.2.3");
  assert.equal(simulator.running.parameter("SyslogServerPort"), undefined);
  assert.equal(simulator.running.parameter("SIPGatewayName"), "gw ");
});

test("a parameter at its default vanishes from the dump", async (t) => {
  const { put, dump } = await bench(t);
  await put("EnableSyslog = 1\n");
  assert.match(await dump(), /^EnableSyslog = 1\r$/m);
  await put("EnableSyslog = 0\n");
  assert.doesNotMatch(await dump(), /EnableSyslog/);
});

test("lists keep their items, empty ones included", async (t) => {
  const { put, simulator, dump } = await bench(t);
  await put("Languages = 'en-US', '', 'a,b'\nActivityListToLog = pvc, dr\n");
  assert.deepEqual(simulator.running.parameterList("Languages"), ["en-US", "", "a,b"]);
  assert.equal(simulator.running.parameter("ActivityListToLog"), "pvc,dr");
  assert.match(await dump(), /^Languages = 'en-US', '', 'a,b'\r$/m);
});

const THREE = table("ConditionTable", "Name, Condition", '0 = "a", "1"', '2 = "b", "2"', '5 = "c", "3"');

test("rows that a table leaves out go in replace mode and stay in merge mode", async (t) => {
  for (const [tableMode, expected] of [
    ["replace", ["2"]],
    ["merge", ["0", "2", "5"]],
  ] as const) {
    const { put, simulator } = await bench(t, { tableMode });
    await put(THREE);
    await put(table("ConditionTable", "Name, Condition", '2 = "b", "new"'));
    assert.deepEqual(simulator.running.indexes("ConditionTable"), expected, tableMode);
    assert.equal(simulator.running.cell("ConditionTable", 2, "Condition"), "new");
    await put(table("ConditionTable", "Name, Condition"));
    assert.equal(simulator.running.indexes("ConditionTable").length, tableMode === "replace" ? 0 : 3);
  }
});

test("columns that FORMAT leaves out stay, or return to their default", async (t) => {
  for (const [partialColumns, expected] of [
    ["keep", "header"],
    ["default", ""],
  ] as const) {
    const { put, simulator } = await bench(t, { partialColumns });
    await put(table("ConditionTable", "Name, Condition", '0 = "a", "header"'));
    await put(table("ConditionTable", "Name", '0 = "renamed"'));
    assert.deepEqual(simulator.running.row("ConditionTable", 0), { Name: "renamed", Condition: expected });
  }
});

test("empty cells of a new row get the column's default, quoted ones stay empty", async (t) => {
  const { put, simulator } = await bench(t);
  await put(
    table("TLSContexts", "Name, ServerCipherString, ClientCipherString, OcspServerPort", '1 = "x", , "",'),
  );
  const row = simulator.running.row("TLSContexts", 1);
  assert.equal(row?.["ServerCipherString"], "DEFAULT");
  assert.equal(row?.["ClientCipherString"], "");
  assert.equal(row?.["OcspServerPort"], "2560");
});

test("a row that refers to nothing is dropped with a 200, an existing one stays as it was", async (t) => {
  const { put, simulator } = await bench(t);
  await put(
    table("SIPInterface", "InterfaceName, NetworkInterface", '0 = "good", "O+M+C"', '1 = "bad", "eth9"'),
  );
  assert.deepEqual(simulator.running.indexes("SIPInterface"), ["0"]);
  await put(table("SIPInterface", "InterfaceName, NetworkInterface", '0 = "changed", "eth9"'));
  assert.equal(simulator.running.cell("SIPInterface", 0, "InterfaceName"), "good");
});

test("references are looked up in the order of the file", async (t) => {
  const { put, simulator } = await bench(t);
  const sets = table("ProxySet", "ProxyName, SRDName", '1 = "PS", "DefaultSRD"');
  const groups = table("IPGroup", "Name, ProxySetName", '1 = "G", "PS"');
  await put(groups + sets);
  assert.deepEqual(simulator.running.indexes("IPGroup"), []);
  await put(sets + groups);
  assert.deepEqual(simulator.running.indexes("IPGroup"), ["1"]);
  await put(table("ProxyIp", "ProxySetId, IpAddress", '0 = "1", "h"', '1 = "7", "h"'));
  assert.deepEqual(simulator.running.indexes("ProxyIp"), ["0"]);
  await put(table("IP2IPRouting", "RouteName, SrcIPGroupName, ReRouteIPGroupName", '0 = "r", "Any", "*"'));
  assert.deepEqual(simulator.running.indexes("IP2IPRouting"), ["0"]);
});

test("a secret goes in plain or obscured, and comes back obscured", async (t) => {
  const { put, dump, simulator } = await bench(t);
  await put(table("IPGroup", "Name, Password", '0 = "g", "s3cret"', '1 = "h", "$1$gQ=="'));
  await put("SharedSecret = 'radius'\n");
  assert.equal(simulator.running.cell("IPGroup", 0, "Password"), "s3cret");
  assert.equal(simulator.running.cell("IPGroup", 1, "Password"), "");
  const text = await dump();
  assert.doesNotMatch(text, /s3cret|radius/);
  assert.match(text, /^IPGroup 1 = .*"\$1\$gQ==".*;\r$/m);
  const obscured = /^IPGroup 0 = .*"(\$1\$[^"]*)"/m.exec(text)?.[1] ?? "";
  await put(table("IPGroup", "Name, Password", `4 = "k", "${obscured}"`));
  assert.equal(simulator.running.cell("IPGroup", 4, "Password"), "s3cret");
});

test("a file that cannot be parsed is refused whole", async (t) => {
  const { put, simulator } = await bench(t);
  const before = simulator.running.snapshot();
  const bad = [
    "EnableSyslog = 1\nthis is no line\n",
    "EnableSyslog = 1\n[ ConditionTable \n",
    'EnableSyslog = 1\n[ ConditionTable ]\nConditionTable 0 = "a";\n',
    table("ConditionTable", "Name", '0 = "a'),
    table("ConditionTable", "Name", '0 = "a" b'),
    table("ConditionTable", "Name", '0 = "a"; ConditionTable 1 = "b"'),
    table("ConditionTable", "Name", '0 = "a"', '0 = "b"'),
    "[ ConditionTable ]\nFORMAT Index = Name;\nConditionTable 0 = a\n[ \\ConditionTable ]\n",
    "[ ConditionTable ]\nFORMAT Index = Name\n[ \\ConditionTable ]\n",
    "[ ConditionTable ]\nFORMAT Index = Name;\n[ \\SIPInterface ]\n",
    "FORMAT Index = Name;\n",
    "EnableSyslog = 1\n\0\n",
    "",
  ];
  for (const ini of bad) assert.equal(typeof descriptionOf(await put(ini, 400)), "string", ini);
  assert.deepEqual(simulator.running.snapshot(), before);
});

test("what people write by hand is understood", async (t) => {
  const { put, simulator } = await bench(t);
  await put(
    [
      "; a comment",
      "[SIP Params]",
      "SIPGatewayName=bare",
      "[ConditionTable]",
      "",
      "; a comment inside the table",
      "FORMAT ConditionTable_Index = ConditionTable_Name,ConditionTable_Condition ;",
      'ConditionTable 0=bare word,"a;b=c,d\'e\\f";',
      "[ \\ \\ConditionTable ]",
      "[ MessagePolicy ]",
      "FORMAT Index = Name;",
      'MessagePolicy 7 = "no end tag";',
      "EnableSyslog = 1",
      "",
    ].join("\r\n"),
  );
  const { running } = simulator;
  assert.equal(running.parameter("SIPGatewayName"), "bare");
  assert.deepEqual(running.row("ConditionTable", 0), { Name: "bare word", Condition: "a;b=c,d'e\\f" });
  assert.equal(running.cell("MessagePolicy", 7, "Name"), "no end tag");
  assert.equal(running.parameter("EnableSyslog"), "1");
});

test("nothing is saved by an upload", async (t) => {
  const { put, simulator } = await bench(t);
  await put("EnableSyslog = 1\n");
  assert.equal(simulator.flash.parameter("EnableSyslog"), undefined);
});
