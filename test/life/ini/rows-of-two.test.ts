import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bench, bench, type Declared } from "./bench";

const onRelease = "restore" as const;

/** A row that one resource makes and in which another declares a cell. */
const PAIR = {
  a: { onRelease, tables: { ProxySet: { 7: { ProxyName: "PS_new" } } } },
  b: { onRelease, tables: { ProxySet: { 7: { ProxyKeepAliveTime: "90" } } } },
} satisfies Record<string, Declared>;

const STAYS =
  "ProxySet 7 stays on the device, no longer managed: ProxyKeepAliveTime is neither its own nor as the device filled it in";

function row({ simulator }: Bench): (string | undefined)[] {
  return ["ProxyName", "ProxyKeepAliveTime"].map((column) => simulator.running.cell("ProxySet", 7, column));
}

function told({ lines }: Bench, line: string): number {
  return lines.filter((one) => one.endsWith(line)).length;
}

for (const tableMode of ["merge", "replace"] as const) {
  for (const parallel of [1, 8]) {
    test(`a row stays while another resource has a cell in it (${tableMode}, ${parallel} at once)`, async (t) => {
      const b = await bench(t, { tableMode });
      await b.stack.up(PAIR, { parallel });
      const { a } = await b.stack.destroy({ targets: ["a"] });
      assert.deepEqual(a, { op: "delete", reasons: [] });
      assert.deepEqual(row(b), ["PS_new", "90"]);
      assert.equal(told(b, STAYS), 1);
      assert.deepEqual(await b.stack.preview({ b: PAIR.b }, { refresh: true }), { b: false });
    });

    test(`the same where the row only leaves the declaration (${tableMode}, ${parallel} at once)`, async (t) => {
      const b = await bench(t, { tableMode });
      await b.stack.up(PAIR, { parallel });
      const program = { ...PAIR, a: { onRelease } };
      const { a } = await b.stack.up(program, { targets: ["a"] });
      assert.deepEqual(a, { op: "update", reasons: [] });
      assert.deepEqual(row(b), ["PS_new", "90"]);
      assert.equal(told(b, STAYS), 1);
      assert.deepEqual(await b.stack.preview(program, { refresh: true }), { a: false, b: false });
    });

    for (const order of [
      ["a", "b"],
      ["b", "a"],
    ] as const)
      test(`the last of both to go takes the row along (${tableMode}, ${parallel} at once, ${order})`, async (t) => {
        const b = await bench(t, { tableMode });
        for (const name of order) await b.stack.up(PAIR, { targets: [name] });
        assert.deepEqual(row(b), ["PS_new", "90"]);
        const outcomes = await b.stack.destroy({ parallel });
        assert.deepEqual([outcomes["a"]?.reasons, outcomes["b"]?.reasons], [[], []]);
        assert.deepEqual(b.simulator.running.indexes("ProxySet").includes("7"), false);
        assert.ok(b.simulator.flash.equals(b.simulator.running), "saved");
      });
  }

  test(`a row that moves keeps what a person set, whoever comes first (${tableMode})`, async (t) => {
    for (const first of ["a", "b"]) {
      const b = await bench(t, { tableMode });
      await b.stack.up({ a: PAIR.a });
      b.simulator.running.setCell("ProxySet", 7, "ProxyKeepAliveTime", "90");
      const program = { a: { onRelease }, b: PAIR.a };
      await b.stack.up(program, { targets: [first] });
      assert.deepEqual(row(b), ["PS_new", "90"]);
      await b.stack.up(program);
      assert.deepEqual(row(b), ["PS_new", "90"]);
      assert.deepEqual(await b.stack.preview(program, { refresh: true }), { a: false, b: false });
    }
  });

  test(`under another name of the device a row keeps what a person set (${tableMode})`, async (t) => {
    const b = await bench(t, { tableMode });
    await b.stack.up({ a: PAIR.a });
    b.simulator.running.setCell("ProxySet", 7, "ProxyKeepAliveTime", "90");
    b.device.name = `${b.device.name}-renamed`;
    assert.deepEqual(await b.stack.up({ a: PAIR.a }), { a: { op: "replace", reasons: [] } });
    assert.deepEqual(row(b), ["PS_new", "90"]);
    assert.equal(told(b, STAYS), 1);
  });
}

test("a row that nobody else touched goes, with the cells that the device filled in", async (t) => {
  const b = await bench(t, { tableMode: "replace" });
  const tables = { Account: { 3: { AccountName: "ours", Password: "our-secret" } } };
  await b.stack.up({ a: { onRelease, tables, secretNames: ["*.Username"] } });
  await b.stack.refresh();
  assert.deepEqual(await b.stack.destroy(), { a: { op: "delete", reasons: [] } });
  assert.deepEqual(b.simulator.running.indexes("Account"), []);
});

test("a secret that somebody added keeps the row, and is shown in no form", async (t) => {
  for (const obscuring of ["steady", "anew"] as const) {
    const b = await bench(t, { tableMode: "replace", obscuring });
    await b.stack.up({ a: { onRelease, tables: { Account: { 3: { AccountName: "ours" } } } } });
    b.simulator.running.setCell("Account", 3, "Password", "their-secret");
    assert.deepEqual(await b.stack.destroy(), { a: { op: "delete", reasons: [] } });
    assert.equal(b.simulator.running.cell("Account", 3, "Password"), "their-secret");
    assert.ok(
      b.lines.some((line) => /Account 3 stays on the device, no longer managed: Password is/.test(line)),
    );
    assert.doesNotMatch(b.lines.join("\n"), /their-secret|\$1\$/);
  }
});

test("a cell that left the declaration before its row does not keep the row, unless it was changed since", async (t) => {
  for (const changed of [false, true]) {
    const b = await bench(t, { tableMode: "replace" });
    const made = { 7: { ProxyName: "PS_new", ProxyKeepAliveTime: "090" } };
    await b.stack.up({ a: { onRelease, tables: { ProxySet: made } } });
    await b.stack.up({ a: PAIR.a });
    if (changed) b.simulator.running.setCell("ProxySet", 7, "ProxyKeepAliveTime", "91");
    assert.deepEqual(await b.stack.destroy(), { a: { op: "delete", reasons: [] } });
    assert.equal(b.simulator.running.indexes("ProxySet").includes("7"), changed);
  }
});

test("a row that somebody deleted is made anew, and still goes", async (t) => {
  const b = await bench(t, { tableMode: "replace" });
  await b.stack.up({ a: PAIR.a });
  b.simulator.running.removeRow("ProxySet", 7);
  await b.stack.up({ a: PAIR.a }, { refresh: true });
  assert.deepEqual(row(b)[0], "PS_new");
  assert.deepEqual(await b.stack.destroy(), { a: { op: "delete", reasons: [] } });
  assert.ok(!b.simulator.running.indexes("ProxySet").includes("7"));
});

test("values from before make no row of what is gone", async (t) => {
  const b = await bench(t, {
    ini: '[ ProxySet ]\nFORMAT Index = ProxyName;\nProxySet 7 = "PS";\n[ \\ProxySet ]\n',
  });
  await b.stack.up({ b: PAIR.b });
  b.simulator.running.removeRow("ProxySet", 7);
  assert.deepEqual(await b.stack.destroy(), { b: { op: "delete", reasons: [] } });
  assert.ok(!b.simulator.running.indexes("ProxySet").includes("7"));
  assert.equal(told(b, "ProxySet 7 is gone from the device: its values from before are not put back"), 1);
});

test("a row whose making was cut short is known as made", async (t) => {
  const b = await bench(t, { tableMode: "replace" });
  const { a } = await b.stack.up({
    a: { onRelease, tables: PAIR.a.tables, parameters: { EnableSylog: "1" } },
  });
  assert.match(a?.reasons.join() ?? "", /misspelt/);
  assert.deepEqual(await b.stack.destroy(), { a: { op: "delete", reasons: [] } });
  assert.ok(!b.simulator.running.indexes("ProxySet").includes("7"));
});

test("a row that could not go goes later", async (t) => {
  const b = await bench(t, { tableMode: "merge" });
  const program = { a: { onRelease, parameters: { EnableSyslog: "1" } } };
  await b.stack.up({ a: { ...program.a, tables: PAIR.a.tables } });
  b.simulator.faults.refuseUploadContaining("no proxy-set 7");
  assert.match(
    (await b.stack.up(program))["a"]?.reasons.join() ?? "",
    /ProxySet 7 stays on the device although/,
  );
  b.simulator.faults.clear();
  assert.deepEqual(await b.stack.up(program, { refresh: true }), { a: { op: "update", reasons: [] } });
  assert.ok(!b.simulator.running.indexes("ProxySet").includes("7"));
});

test("what the device filled in stands in the state once for rows that are alike", async (t) => {
  const b = await bench(t, { tableMode: "replace" });
  const rows = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [at + 1, { ProxyName: `PS_${at}` }]));
  await b.stack.up({ a: { onRelease, tables: { ProxySet: rows } } });
  const { __mediantFilled } = b.stack.state("a");
  assert.deepEqual(
    Object.entries(__mediantFilled ?? {}).map(([table, groups]) => [
      table,
      groups.map((one) => one.rows.length),
    ]),
    [["ProxySet", [30]]],
  );
});
