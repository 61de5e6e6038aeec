import assert from "node:assert/strict";
import { test } from "node:test";
import type { Configuration } from "../../src/ini/configuration";
import { NameMap } from "../../src/ini/names";
import { observe } from "../../src/ini/observe";
import type { Fragment, MadeRow } from "../../src/reconcile/ini/fragment";
import { type StayedRows, settleRows } from "../../src/reconcile/ini/released-rows";
import { fragment } from "../shared/fragment";

const ROW = "ProxySet 2";
const MADE: MadeRow = { ours: ["ProxyName"], filled: { ProxyKeepAliveTime: "60" } };

const map = <V>(...entries: [string, V][]) => new NameMap<V>(entries);
const device = (...rows: string[]) =>
  observe(
    ["[ ProxySet ]", "FORMAT Index = ProxyName, ProxyKeepAliveTime;", ...rows, "[ \\ProxySet ]", ""].join(
      "\n",
    ),
  );
const held = device('ProxySet 2 = "a", 60;');
const empty = device('ProxySet 1 = "other", 60;');
const declares = (cells: Record<string, string>): Configuration => ({
  parameters: {},
  tables: { ProxySet: { "2": cells } },
});
const maker = (made = MADE) => fragment({ removedRows: map([ROW, true]), made: map([ROW, made]) });
const removed = (settled: readonly { fragment: Fragment }[]) =>
  settled.map((one) => [...one.fragment.removedRows.keys()]);
const lines = (settled: readonly { lines: string[] }[]) => settled.map((one) => one.lines);

test("a row that is as it was made goes", () => {
  const stayed: StayedRows = map([ROW, [MADE]]);
  const settled = settleRows(held, [maker()], stayed);
  assert.deepEqual(removed(settled), [[ROW]]);
  assert.deepEqual(lines(settled), [[]]);
  assert.equal(stayed.size, 0);
});

test("a row stays if somebody else put something into it, and is remembered", () => {
  const stayed: StayedRows = new NameMap();
  const settled = settleRows(device('ProxySet 2 = "a", 99;'), [maker()], stayed);
  assert.deepEqual(removed(settled), [[]]);
  assert.deepEqual(lines(settled), [
    [
      "ProxySet 2 stays on the device, no longer managed: ProxyKeepAliveTime is neither its own nor as the device filled it in",
    ],
  ]);
  assert.deepEqual([...stayed], [[ROW, [MADE]]]);
});

test("all foreign cells of a row that stays are told", () => {
  const settled = settleRows(held, [maker({ ours: [], filled: {} })], new NameMap());
  assert.match(
    lines(settled).flat().join(),
    /: ProxyName, ProxyKeepAliveTime are neither .* filled them in$/,
  );
});

test("a row of which nobody knows how it was made stays", () => {
  const settled = settleRows(held, [fragment({ removedRows: map([ROW, true]) })], new NameMap());
  assert.deepEqual(removed(settled), [[]]);
});

test("a row that another declares is handed over without a word", () => {
  const stayed: StayedRows = new NameMap();
  const other = fragment({ declared: declares({ ProxyName: "b" }) });
  const settled = settleRows(held, [maker(), other], stayed);
  assert.deepEqual(removed(settled), [[], []]);
  assert.deepEqual(lines(settled), [[], []]);
  assert.equal(stayed.size, 0);
});

test("a row that is gone and comes back as another's is none that stayed", () => {
  const other = fragment({ declared: declares({ ProxyName: "b" }) });
  assert.deepEqual(removed(settleRows(empty, [maker(), other], new NameMap())), [[], []]);
  assert.deepEqual(removed(settleRows(empty, [maker()], new NameMap())), [[ROW]]);
});

test("the values from before count as back, and do not go into a row that goes", () => {
  const restorer = fragment({ restored: map(["ProxySet 2 ProxyKeepAliveTime", "60"]) });
  const settled = settleRows(device('ProxySet 2 = "a", 99;'), [restorer, maker()], new NameMap());
  assert.deepEqual(removed(settled), [[], [ROW]]);
  assert.equal(settled[0]?.fragment.restored.size, 0);
  // The caller's own stays as it was.
  assert.equal(restorer.restored.size, 1);
});

test("who puts back the last foreign cell takes away a row that an earlier turn kept", () => {
  const stayed: StayedRows = map([ROW, [MADE]]);
  const restorer = fragment({ restored: map(["ProxySet 2 ProxyKeepAliveTime", "60"]) });
  assert.deepEqual(removed(settleRows(device('ProxySet 2 = "a", 99;'), [restorer], stayed)), [[ROW]]);
  assert.equal(stayed.size, 0);
});

test("values from before go to a row that nobody made, and stay with it", () => {
  const restorer = fragment({ restored: map(["ProxySet 2 ProxyKeepAliveTime", "60"]) });
  const settled = settleRows(held, [restorer], new NameMap());
  assert.deepEqual(removed(settled), [[]]);
  assert.equal(settled[0]?.fragment.restored.size, 1);
});

test("values from before do not make a row that is gone, but for a table that returns whole", () => {
  const restored = map(["ProxySet 2 ProxyKeepAliveTime", "60"], ["MAXDIGITS", "20"]);
  const [gone] = settleRows(empty, [fragment({ restored })], new NameMap());
  assert.deepEqual([...(gone?.fragment.restored ?? [])], [["MAXDIGITS", "20"]]);
  assert.deepEqual(gone?.lines, [
    "ProxySet 2 is gone from the device: its values from before are not put back",
  ]);
  const [back] = settleRows(empty, [fragment({ restored, returningTables: ["proxyset"] })], new NameMap());
  assert.equal(back?.fragment.restored.size, 2);
  assert.deepEqual(back?.lines, []);
});

test("what cannot be read is neither gone nor taken away", () => {
  const hidden = observe(
    "; *** TABLE ProxySet ***\n; This table contains hidden elements and will not be exposed.\n",
  );
  const restorer = fragment({ restored: map(["ProxySet 2 ProxyName", "b"]) });
  const settled = settleRows(hidden, [maker(), restorer], new NameMap());
  assert.deepEqual(removed(settled), [[ROW], []]);
  assert.equal(settled[1]?.fragment.restored.size, 1);
  const unreadable = device("ProxySet 2 = !;");
  assert.deepEqual(removed(settleRows(unreadable, [maker()], new NameMap())), [[ROW]]);
});
