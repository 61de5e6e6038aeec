import assert from "node:assert/strict";
import { test } from "node:test";
import { requestLog } from "../../shared/simulated";
import { afterEachWrite, type Bench, bench, countOf, flat, PUT_INI } from "./bench";

const TABLES = `
[ ProxySet ]
FORMAT Index = ProxyName, ProxyKeepAliveTime;
ProxySet 0 = "PS_theirs", 70;
ProxySet 5 = "PS_gap, with = and ;", 80;
[ \\ProxySet ]
[ Account ]
FORMAT Index = AccountName, Username, Password;
Account 0 = "trunk", "alice", "their-secret";
[ \\Account ]
`;

const DECLARED = {
  tables: {
    ProxySet: { 5: { ProxyKeepAliveTime: "81" }, 6: { ProxyName: "PS_new" } },
    Account: { 3: { AccountName: "ours", Password: "our-secret" } },
  },
};

/** Fails the test where a value that nobody declared is not what it was, at any moment. */
function guard(t: Parameters<typeof afterEachWrite>[0], b: Bench, except: RegExp): () => void {
  const was = flat(b.simulator.running.snapshot());
  const problems: string[] = [];
  const look = () => {
    const now = flat(b.simulator.running.snapshot());
    for (const [address, value] of was)
      if (!except.test(address) && now.get(address) !== value) problems.push(address);
  };
  afterEachWrite(t, b, look);
  return () => {
    look();
    assert.deepEqual(problems, []);
  };
}

for (const tableMode of ["merge", "replace"] as const) {
  for (const partialColumns of ["keep", "default"] as const) {
    for (const firmware of ["7.40A.250.440", "7.00A.018.005"]) {
      test(`unmanaged rows stand at every moment: ${tableMode}, columns ${partialColumns}, ${firmware}`, async (t) => {
        const b = await bench(t, { ini: TABLES, tableMode, partialColumns, firmware });
        const stillThere = guard(t, b, /^ProxySet 5 ProxyKeepAliveTime$/);
        assert.deepEqual((await b.stack.up({ base: DECLARED }))["base"]?.reasons, []);
        assert.deepEqual((await b.stack.up({ base: { tables: {} } }))["base"]?.reasons, []);
        stillThere();
        assert.equal(b.simulator.running.cell("ProxySet", 6, "ProxyName"), "PS_new");
        assert.equal(b.simulator.running.cell("Account", 3, "Password"), "our-secret");
      });
    }
  }
}

test("a table is sent whole, with others' secrets as the dump shows them, and only where something differs", async (t) => {
  const b = await bench(t, { ini: TABLES });
  const obscured = /"alice", "(\$1\$[^"]+)"/.exec(b.simulator.running.dump())?.[1] ?? "none";
  await b.stack.up({ base: { tables: { ...DECLARED.tables, ProxySet: { 0: { ProxyName: "PS_theirs" } } } } });
  const body = b.simulator.writes.find(({ method }) => method === "PUT")?.body ?? "";
  assert.match(body, /^\[ Account \]/);
  assert.ok(body.includes(`"alice", "${obscured}"`), "verbatim");
  assert.ok(!body.includes("ProxySet"), "what holds is not sent");
});

test("a new row's other columns go out empty, and the log says so once", async (t) => {
  const b = await bench(t, { ini: TABLES });
  await b.stack.up({ base: { tables: { Account: { 3: { AccountName: "ours" } } } } });
  const body = b.simulator.writes.find(({ method }) => method === "PUT")?.body ?? "";
  assert.match(body, /^Account 3 = "ours", , ,/m);
  assert.equal(
    b.lines.filter((line) => /Account: new row 3 \(.*Username.* left to the device\)/.test(line)).length,
    1,
  );
});

test("read-only columns of old firmware are left out, and refused where they are declared", async (t) => {
  const b = await bench(t, { firmware: "7.00A.018.005" });
  const row = (cells: Record<string, string>) => ({ base: { tables: { PhysicalPortsTable: { 1: cells } } } });
  assert.match(b.simulator.running.dump(), /GroupStatus/);
  assert.deepEqual((await b.stack.up(row({ PortDescription: "to the core" })))["base"]?.reasons, []);
  assert.equal(b.simulator.running.cell("PhysicalPortsTable", 1, "PortDescription"), "to the core");
  assert.equal(b.simulator.running.cell("PhysicalPortsTable", 0, "PortDescription"), "User Port #0");
  assert.doesNotMatch(b.simulator.writes[0]?.body ?? "", /GroupStatus/);
  const { base } = await b.stack.up(row({ GroupStatus: "Down" }));
  assert.match(base?.reasons.join() ?? "", /GroupStatus is read-only/);
});

test("a table with hidden elements is never sent: declared, owned or restored, it is an error", async (t) => {
  const b = await bench(t, { firmware: "7.00A.018.005" });
  const stillThere = guard(t, b, /^EnableSyslog$/);
  const tables = { DspTemplates: { 0: { DspTemplateNumber: "1" } } };
  const first = await b.stack.up({
    declared: { tables },
    other: { parameters: { EnableSyslog: "1" } },
  });
  const sentence =
    "table DspTemplates has hidden elements on the device and cannot be declared: an upload would lose them";
  assert.deepEqual(first["declared"]?.reasons, [sentence]);
  assert.deepEqual(first["other"]?.reasons, []);
  assert.ok(!b.stack.resources.has("declared"), "nothing was sent, so there is no state");
  const second = await b.stack.up({ owned: { ownTables: ["dsptemplates"] } });
  assert.deepEqual(second["owned"]?.reasons, [sentence.replace("DspTemplates", "dsptemplates")]);
  assert.ok(b.simulator.writes.every(({ body }) => !body?.includes("DspTemplates")));
  stillThere();
});

test("a table that became hidden is not sent back when it leaves with restore", async (t) => {
  const b = await bench(t, { ini: TABLES });
  const declared = { onRelease: "restore" as const, tables: { ProxySet: { 0: { ProxyName: "PS_ours" } } } };
  await b.stack.up({ base: declared });
  const table = b.simulator.running.model.table("ProxySet");
  assert.ok(table);
  table.hidden = true;
  const { base } = await b.stack.destroy();
  assert.match(base?.reasons.join() ?? "", /ProxySet has hidden elements/);
  assert.deepEqual(b.simulator.running.indexes("ProxySet"), ["0", "5"]);
});

test("what an upload lost of others' rows is put back, and told", async (t) => {
  // Rows mode on a device that drops what a table leaves out: the setting is wrong for this firmware.
  const b = await bench(t, { ini: TABLES, tableMode: "replace" }, { incrementalTables: "rows" });
  const was = flat(b.simulator.running.snapshot());
  const { base } = await b.stack.up({ base: { tables: { ProxySet: { 6: { ProxyName: "PS_new" } } } } });
  assert.deepEqual(base?.reasons, []);
  const now = flat(b.simulator.running.snapshot());
  for (const [address, value] of was) assert.equal(now.get(address), value, address);
  assert.equal(now.get("ProxySet 6 ProxyName"), "PS_new");
  assert.ok(
    b.lines.some((line) =>
      /putting back what the upload changed and nobody declared: ProxySet 0, ProxySet 5/.test(line),
    ),
  );
  assert.ok(b.simulator.flash.equals(b.simulator.running));
});

test("a cell that the device damages again and again is an error that names its row, with the rest kept in the state", async (t) => {
  const b = await bench(t, { ini: TABLES });
  afterEachWrite(t, b, () => b.simulator.running.setCell("ProxySet", 0, "ProxyName", "damaged"));
  const { base } = await b.stack.up({ base: { tables: { ProxySet: { 6: { ProxyName: "PS_new" } } } } });
  assert.deepEqual(base?.reasons, [
    "the device changed rows that nobody declared, and they could not be put back: ProxySet 0",
  ]);
  assert.deepEqual(b.stack.state("base").tables, { ProxySet: { 6: { ProxyName: "PS_new" } } });
});

test("the put-back itself survives a lost answer", async (t) => {
  for (const applied of [true, false]) {
    const b = await bench(t, { ini: TABLES });
    let damages = 1;
    afterEachWrite(t, b, () => {
      if (damages-- === 1) {
        b.simulator.running.removeRow("ProxySet", 0);
        b.simulator.faults.loseAnswer(PUT_INI.replace("/", "/api/v1/"), { applied });
      }
    });
    const { base } = await b.stack.up({ base: { tables: { ProxySet: { 6: { ProxyName: "PS_new" } } } } });
    assert.deepEqual(base?.reasons, []);
    assert.equal(b.simulator.running.cell("ProxySet", 0, "ProxyName"), "PS_theirs");
  }
});

test("rows mode sends only the rows that differ", async (t) => {
  const b = await bench(t, { ini: TABLES, tableMode: "merge" }, { incrementalTables: "rows" });
  const requests = requestLog(b);
  const program = {
    base: { tables: { ProxySet: { 0: { ProxyName: "PS_theirs" }, 6: { ProxyName: "PS_new" } } } },
  };
  assert.deepEqual((await b.stack.up(program))["base"]?.reasons, []);
  assert.equal(countOf(requests(), PUT_INI), 1);
  const rows = (b.simulator.writes[0]?.body ?? "").match(/^ProxySet \d+ =/gm);
  assert.deepEqual(rows, ["ProxySet 6 ="]);
  assert.deepEqual(await b.stack.preview(program, { refresh: true }), { base: false });
});

test("a device that cannot be sent a table whole refuses that table alone", async (t) => {
  const b = await bench(t, { ini: TABLES });
  const dump = b.simulator.running.dump.bind(b.simulator.running);
  t.mock.method(b.simulator.running, "dump", () =>
    // More values than columns: strange, but not cut short.
    dump().replace(/^(Account 0 = .*);$/m, "$1, 0;"),
  );
  const outcomes = await b.stack.up({
    account: { tables: { Account: { 3: { AccountName: "ours" } } } },
    proxies: { tables: { ProxySet: { 6: { ProxyName: "PS_new" } } } },
  });
  assert.match(
    outcomes["account"]?.reasons.join() ?? "",
    /table Account cannot be sent back whole: line \d+/,
  );
  assert.deepEqual(outcomes["proxies"]?.reasons, []);
});

test("the row of our own user is refused unless it is said, and other users' rows are not", async (t) => {
  const b = await bench(t);
  const user = (index: number, cells: Record<string, string>) => ({
    tables: { WebUsers: { [index]: cells } },
  });
  const refused = await b.stack.up({ base: user(0, { SessionLimit: "3" }) });
  assert.deepEqual(refused["base"]?.reasons, [
    "WebUsers 0 is the user that this connection logs in with: set allowLossOfAccess to change or remove it",
  ]);
  assert.deepEqual(
    (await b.stack.up({ base: user(1, { Username: "op", Password: "op-secret" }) }))["base"]?.reasons,
    [],
  );
  assert.equal(b.simulator.running.cell("WebUsers", 0, "Password"), "Admin");
  const allowed = await b.stack.up({ base: { ...user(0, { SessionLimit: "3" }), allowLossOfAccess: true } });
  assert.deepEqual(allowed["base"]?.reasons, []);
});

test("owning WebUsers without the row of our own user is refused", async (t) => {
  const b = await bench(t);
  const { base } = await b.stack.up({ base: { ownTables: ["WebUsers"] } });
  assert.match(base?.reasons.join() ?? "", /WebUsers 0 is the user that this connection logs in with/);
  assert.equal(b.simulator.writes.length, 0);
});
