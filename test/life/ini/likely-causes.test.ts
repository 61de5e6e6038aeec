import assert from "node:assert/strict";
import { test } from "node:test";
import { bench, type Declared } from "./bench";

/* Errors say what is known of the device, then what is likely. */

const SHOWN = `
SyslogServerIP = 10.0.0.9
EnableSyslog = 1
[ ProxySet ]
FORMAT Index = ProxyName, ProxyKeepAliveTime;
ProxySet 0 = "PS_theirs", 70;
[ \\ProxySet ]
`;

const CASES: [what: string, declared: Declared, reasons: string[]][] = [
  [
    "a table that the device does not have, with a text that looks like a reference",
    { tables: { UserInfoOfGateways: { 0: { DisplayName: "Mike", GroupName: "Nowhere" } } } },
    [
      "UserInfoOfGateways 0 was dropped by the device, which shows no table UserInfoOfGateways: it may not have such a " +
        "table (another product or firmware, or misspelt), or takes none of these rows",
    ],
  ],
  [
    "a misspelt table",
    { tables: { ProxySets: { 3: { ProxyName: "PS" } } } },
    [
      "ProxySets 3 was dropped by the device, which shows no table ProxySets (did you mean ProxySet?): misspelt, or a " +
        "table that it does not have",
    ],
  ],
  [
    "a child row whose parent was dropped",
    {
      tables: {
        ProxySet: { 3: { ProxyName: "PS_new", SRDName: "SRD_nowhere" } },
        ProxyIp: { 0: { ProxySetId: "3", IpAddress: "10.0.0.1" } },
        IPGroup: { 1: { Name: "G", ProxySetName: "PS_new" } },
      },
    },
    [
      "IPGroup 1 was dropped by the device: so was ProxySet 3, to which it refers (ProxySetName)",
      "ProxyIp 0 was dropped by the device: so was ProxySet 3, to which it refers (ProxySetId)",
      'ProxySet 3 was dropped by the device: nothing on it is called "SRD_nowhere" (SRDName); if another resource ' +
        "declares it, name that resource in dependsOn",
    ],
  ],
  [
    "a misspelt parameter and a misspelt column",
    {
      parameters: { SyslogSeverIP: "10.0.0.9", EnableSislog: "1", Quatsch: "1" },
      tables: { ProxySet: { 0: { ProxyKeepAlifeTime: "70" } } },
    },
    [
      "the device does not show EnableSislog (did you mean EnableSyslog?), Quatsch, SyslogSeverIP (did you mean " +
        "SyslogServerIP?), ProxySet.ProxyKeepAlifeTime (did you mean ProxyKeepAliveTime?): misspelt, or already " +
        "at its default; if the declared value is the default, say so: " +
        'atDefault: ["EnableSislog", "Quatsch", "SyslogSeverIP", "ProxySet.ProxyKeepAlifeTime"]',
    ],
  ],
];

for (const [what, declared, reasons] of CASES)
  test(what, async (t) => {
    const b = await bench(t, { ini: SHOWN });
    assert.deepEqual((await b.stack.up({ base: declared }))["base"]?.reasons, reasons);
  });

test("a new row with a misspelt column is named as left behind, and goes as it is said", async (t) => {
  const b = await bench(t, { ini: SHOWN });
  const declared = (column: string): Declared => ({
    onRelease: "restore",
    tables: { ProxySet: { 7: { ProxyName: "PS_new", [column]: "90" } } },
  });
  const { base } = await b.stack.up({ base: declared("ProxyKeepAlifeTime") });
  assert.match(
    base?.reasons.join() ?? "",
    /ProxyKeepAlifeTime \(did you mean ProxyKeepAliveTime\?\).* New on the device without it: ProxySet 7\. Correct the name and run again; a row that leaves the declaration goes with onRelease: "restore", else remove it by hand$/,
  );
  assert.ok(b.simulator.running.row("ProxySet", 7));
  assert.deepEqual((await b.stack.up({ base: declared("ProxyKeepAliveTime") }))["base"]?.reasons, []);
  await b.stack.up({ base: declared("ProxyKeepAlifeTime") });
  assert.deepEqual((await b.stack.destroy())["base"]?.reasons, []);
  assert.equal(b.simulator.running.row("ProxySet", 7), undefined);
});

test("no secret is named as what a row refers to", async (t) => {
  const b = await bench(t, { ini: SHOWN });
  const row = { AccountName: "trunk", ServingIPGroupName: "canary-name", Password: "canary-name" };
  const { base } = await b.stack.up({
    base: { tables: { Account: { 0: row } }, secretNames: ["Account.ServingIPGroupName"] },
  });
  assert.match(base?.reasons.join() ?? "", /^Account 0 was dropped by the device/);
  assert.doesNotMatch(JSON.stringify([base, b.lines]), /canary/);
});
