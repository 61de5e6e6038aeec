import assert from "node:assert/strict";
import { test } from "node:test";
import { NAME, NameMap, spellingIn } from "../../src/ini/names";
import { withoutPrefix } from "../../src/ini/parse";
import { isReadOnlyColumn } from "../../src/ini/read-only-columns";
import { secretTest } from "../../src/ini/secrets";
import { isWellKnownTable, orderTables } from "../../src/ini/table-order";
import { placeholders, replacePlaceholders } from "../../src/ini/variables";
import { nameMatcher } from "../../src/secrets/names";
import { isObscured } from "../../src/secrets/values";

test("names are the device's: letters first, or digits and a letter", () => {
  for (const name of [
    "EnableSyslog",
    "PLThresholdLevelsPerMille_0",
    "3WayConferenceMode",
    "a-b",
    "constructor",
  ])
    assert.match(name, NAME);
  for (const name of ["", "5", "_x", "__proto__", "a b", "a.b", "a=b", "a\n", "é", "a".repeat(200)])
    assert.doesNotMatch(name, NAME);
});

test("a map of names finds them without case and lists them as they came first", () => {
  const map = new NameMap([["ProxySet", 1]]).set("PROXYSET", 2).set("b", 3);
  assert.deepEqual(
    [...map],
    [
      ["ProxySet", 2],
      ["b", 3],
    ],
  );
  assert.equal(map.get("proxyset"), 2);
  assert.equal(map.spelling("PROXYSET"), "ProxySet");
  assert.equal(map.get("constructor"), undefined);
  assert.equal(
    map.ensure("PROXYset", () => 9),
    2,
  );
  assert.equal(
    map.ensure("c", () => 9),
    9,
  );
  assert.ok(map.delete("B") && !map.has("b") && map.size === 2);
  assert.deepEqual(map.toObject(), { ProxySet: 2, c: 9 });
});

test("a property is found whatever its case, as it is asked for if it is there in two", () => {
  assert.equal(spellingIn({ Name: "x" }, "NAME"), "Name");
  assert.equal(spellingIn({ Name: "x" }, "constructor"), undefined);
  assert.equal(spellingIn({ NAME: "x", Name: "y" }, "Name"), "Name");
});

test("a column loses its table's prefix, and only that", () => {
  assert.equal(withoutPrefix("SIPInterface_UDPPort", "SIPInterface"), "UDPPort");
  assert.equal(withoutPrefix("sipinterface_UDPPort", "SIPInterface"), "UDPPort");
  assert.equal(withoutPrefix("UDPPort", "SIPInterface"), "UDPPort");
  assert.equal(withoutPrefix("SIPInterfaceUDPPort", "SIPInterface"), "SIPInterfaceUDPPort");
  assert.equal(withoutPrefix("T_T_A", "T"), "A");
});

test("status columns are the device's own", () => {
  assert.ok(isReadOnlyColumn("physicalportstable", "GROUPSTATUS"));
  for (const column of [
    "PREFIX.ConnectivityStatus",
    "PstnPrefix.ConnectivityStatus",
    "EtherGroupTable.GroupStatus",
  ])
    assert.ok(isReadOnlyColumn(...(column.split(".") as [string, string])), column);
  assert.ok(
    isReadOnlyColumn("TLSContexts", "CertificateStatus") && isReadOnlyColumn("DeviceTable", "Status"),
  );
  assert.ok(!isReadOnlyColumn("WebUsers", "Status"));
});

const obscured: [string, boolean][] = [
  ["$1$gQ==", true],
  ["$1$Zm9vYmFy", true],
  ["$1$Zm9vYm8=", true],
  ["$1$", false],
  ["$1$2", false],
  ["$1", false],
  ["$1$gQ", false],
  ["$1$gQ=", false],
  ["$1$gQ===", false],
  ["$1$gQ==x", false],
  [" $1$gQ==", false],
  ["$1$gQ==\n", false],
  ["$1$====", false],
  ["$2$gQ==", false],
];

for (const [text, expected] of obscured) {
  test(`${JSON.stringify(text)} is ${expected ? "" : "not "}an obscured value`, () => {
    assert.equal(isObscured(text), expected);
  });
}

test("secret names: built in, given, with stars, without case", () => {
  const isSecret = secretTest(["MyParam", "Table.Col", "*.Pin", "Vendor*"]);
  for (const address of [
    "Password",
    "SNMPREADONLYCOMMUNITYSTRING_0",
    "RadiusSharedSecret",
    "WebUsers 0 Password",
    "WebUsers 0 PwNonce",
    "SNMPUsers 3 AuthKey",
    "myparam",
    "TABLE 5 col",
    "Any 0 Pin",
    "VendorX",
  ])
    assert.ok(isSecret(address), address);
  for (const address of [
    "WebUsers 0",
    "WebUsers 0 Username",
    "MyParam2",
    "Table 5 Cold",
    "Pin",
    "Vendor 0 Xyz",
    "DenyAccessOnFailCount",
  ])
    assert.ok(!isSecret(address), address);
});

test("a row has no value of its own that could be a secret", () => {
  const isSecret = secretTest(["T.*"]);
  assert.ok(isSecret("T 3 C") && !isSecret("T 3"));
});

test("a pattern is not a regular expression", () => {
  assert.ok(!secretTest(["a.*"])("ab"));
  assert.ok(!secretTest(["(x|y)+"])("x"));
  const all = nameMatcher(["*"]);
  assert.ok(all("EnableSyslog") && !all("Table.Column"));
  assert.ok(nameMatcher(["*.*"])("Table.Column"));
});

test("placeholders are found once each and replaced in one pass", () => {
  assert.deepEqual(placeholders("{{a}}{{ b.c-1 }}{{a}}{{1}}{{}}{{ a b }}{a}"), ["a", "b.c-1"]);
  assert.equal(replacePlaceholders("{{a}}-{{ b }}", { a: "{{b}}", b: "$&$1" }), "{{b}}-$&$1");
  assert.equal(replacePlaceholders("{{a}}{{constructor}}", { a: 5 }), "5{{constructor}}");
});

const orders: [string, string[], string[][], string[], string[]][] = [
  ["the known order", ["IPGroup", "ProxySet", "SRD"], [], [], ["SRD", "ProxySet", "IPGroup"]],
  ["the text's before the known one", ["IPGroup", "SRD"], [["IPGroup", "SRD"]], [], ["IPGroup", "SRD"]],
  ["the dump's for what is not known", ["Zeta", "Alpha"], [], ["Alpha", "Zeta"], ["Alpha", "Zeta"]],
  [
    "the dump's, and then what it does not show",
    ["New", "Zeta", "Beta", "Alpha"],
    [],
    ["Alpha", "Beta", "Zeta"],
    ["Alpha", "Beta", "Zeta", "New"],
  ],
  ["as named for the rest", ["Zeta", "Alpha"], [], [], ["Zeta", "Alpha"]],
  ["known ones before the others", ["Zeta", "SRD"], [], ["Zeta", "SRD"], ["SRD", "Zeta"]],
  [
    "two texts together",
    ["C", "B", "A"],
    [
      ["A", "B"],
      ["B", "C"],
    ],
    [],
    ["A", "B", "C"],
  ],
  ["texts that name what is not sent", ["C", "A"], [["A", "B", "C"]], [], ["A", "C"]],
  [
    "texts that contradict each other",
    ["A", "B"],
    [
      ["A", "B"],
      ["B", "A"],
    ],
    [],
    ["A", "B"],
  ],
  ["a text that names a table twice", ["B", "A"], [["A", "a", "B"]], [], ["A", "B"]],
  ["whatever the case", ["ipgroup", "srd"], [], [], ["srd", "ipgroup"]],
];

for (const [what, tables, texts, dump, expected] of orders) {
  test(`the order of tables: ${what}`, () => assert.deepEqual(orderTables(tables, texts, dump), expected));
}

/** Tables, and those to whose rows theirs refer (device manuals, "ini file tables"). */
const REFERRED: Record<string, string[]> = {
  EtherGroupTable: ["PhysicalPortsTable"],
  DeviceTable: ["EtherGroupTable"],
  InterfaceTable: ["DeviceTable"],
  StaticRouteTable: ["DeviceTable", "InterfaceTable"],
  NATTranslation: ["InterfaceTable"],
  AudioCoders: ["AudioCodersGroups"],
  AllowedAudioCoders: ["AllowedAudioCodersGroups"],
  IpProfile: ["AudioCodersGroups", "AllowedAudioCodersGroups"],
  CpMediaRealm: ["InterfaceTable", "BandwidthProfile", "QOERules"],
  DialPlanRule: ["DialPlans"],
  SRD: ["SBCRoutingPolicy", "GwRoutingPolicy", "DialPlans"],
  SIPInterface: ["InterfaceTable", "SRD", "CpMediaRealm", "TLSContexts", "MessagePolicy"],
  ProxySet: ["SRD", "SIPInterface", "TLSContexts"],
  ProxyIp: ["ProxySet"],
  IPGroup: ["ProxySet", "SRD", "IpProfile", "CpMediaRealm", "CallSetupRules"],
  IPGroupSetMember: ["IPGroupSet", "IPGroup"],
  Account: ["IPGroup"],
  IP2IPRouting: [
    "IPGroup",
    "IPGroupSet",
    "SIPInterface",
    "ConditionTable",
    "CallSetupRules",
    "SBCRoutingPolicy",
  ],
  Classification: ["IPGroup", "SRD", "SIPInterface", "ConditionTable", "IpProfile"],
};

test("a table goes out behind those to which it refers, and before the ones that nobody knows", () => {
  for (const [table, referred] of Object.entries(REFERRED))
    for (const other of referred) {
      assert.deepEqual(orderTables([table, other], [], []), [other, table]);
      assert.deepEqual(orderTables(["Zeta", table], [], []), [table, "Zeta"]);
    }
});

test("a table that most devices have is known though a dump leaves it out while it is empty", () => {
  const alone = [
    "WebUsers",
    "TLSContexts",
    "MessageManipulations",
    "GwRoutingPolicy",
    "IPGroupSet",
    "webusers",
  ];
  for (const table of [...Object.keys(REFERRED), ...Object.values(REFERRED).flat(), ...alone])
    assert.ok(isWellKnownTable(table), table);
  assert.ok(!isWellKnownTable("Zeta") && !isWellKnownTable(""));
});
