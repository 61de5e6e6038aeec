import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { cellAddress, rowAddress } from "../../src/ini/address";
import { packPrevious, type StoredPrevious, unpackPrevious } from "../../src/reconcile/ini/previous/stored";
import { nothingBefore } from "../../src/reconcile/ini/previous/values";
import { restorationOf } from "../../src/reconcile/ini/restore";

type ByAddress = NonNullable<StoredPrevious["previous"]>;

const value = fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 2 }), fc.constant(null));

/** Rows with some of the columns each, rows that were not there, and rows of which both is said. */
const tables = fc.dictionary(
  fc.constantFrom("ProxySet", "DialPlanRule"),
  fc.array(fc.dictionary(fc.constantFrom("Name", "Tag", "Prefix"), value), { maxLength: 9 }),
);

function previousOf(
  parameters: Record<string, string | string[] | null>,
  given: Record<string, Record<string, string | string[] | null>[]>,
  times: number,
): ByAddress {
  const previous: ByAddress = { ...parameters };
  for (const [table, rows] of Object.entries(given))
    for (const [at, cells] of Array.from({ length: times }, () => rows)
      .flat()
      .entries()) {
      if (at % 4 === 0) previous[rowAddress(table, String(at))] = null;
      for (const [column, cell] of Object.entries(cells))
        previous[cellAddress(table, String(at), column)] = cell;
    }
  return previous;
}

const parameters = fc.dictionary(fc.constantFrom("EnableSyslog", "DialPlanRule", "NTPServerIP"), value);

test("the values from before are in the state what they were, whatever the size of their tables", () => {
  fc.assert(
    fc.property(parameters, tables, fc.constantFrom(1, 60), (some, given, times) => {
      const previous = unpackPrevious({ previous: previousOf(some, given, times) });
      const stored = JSON.parse(JSON.stringify(packPrevious(previous)));
      assert.deepEqual(unpackPrevious(stored), previous);
    }),
    { numRuns: 50 },
  );
  fc.assert(
    fc.property(parameters, tables, (some, given) => {
      const byAddress = previousOf(some, given, 1);
      assert.deepEqual(packPrevious(unpackPrevious({ previous: byAddress })), { previous: byAddress });
    }),
    { numRuns: 50 },
  );
});

test("what was before goes back value by value if nothing is managed any more", () => {
  const nothing = { declared: { parameters: {}, tables: {} }, ownTables: [] };
  fc.assert(
    fc.property(parameters, tables, fc.boolean(), (some, given, owned) => {
      const byAddress = { ...previousOf(some, given, 1), ...(owned ? { "ProxySet *": null } : {}) };
      const restoration = restorationOf(unpackPrevious({ previous: byAddress }), nothing);
      const restored = new Map<string, unknown>();
      const gone: string[] = [];
      const unset: string[] = [];
      for (const [address, before] of Object.entries(byAddress)) {
        const words = address.split(" ").length;
        if (address === "ProxySet *") continue;
        if (before !== null) restored.set(address, before);
        else if (words === 3) restored.set(address, "$$");
        else (words === 2 ? gone : unset).push(address);
      }
      assert.deepEqual(new Map(restoration.restored), restored);
      assert.deepEqual([...restoration.removedRows.keys()].sort(), gone.sort());
      assert.deepEqual([...restoration.unsetParameters].sort(), unset.sort());
      assert.deepEqual(restoration.returningTables, owned ? ["ProxySet"] : []);
    }),
  );
  assert.equal(restorationOf(nothingBefore(), nothing).restored.size, 0);
});

test("a large table takes no address for each value, and a small one stays as people read it", () => {
  const rows = Array.from({ length: 200 }, (_, at) => [
    [cellAddress("DialPlanRule", String(at), "Tag"), `t${at}`],
    [cellAddress("DialPlanRule", String(at), "Name"), `n${at}`],
  ]);
  const previous = Object.fromEntries([["ProxySet 3", null], ["EnableSyslog", "1"], ...rows.flat()]);
  const stored = packPrevious(unpackPrevious({ previous }));
  assert.deepEqual(stored.previous, { "ProxySet 3": null, EnableSyslog: "1" });
  const [group, ...others] = stored.__mediantPreviousRows?.["DialPlanRule"] ?? [];
  assert.deepEqual([group?.columns, group?.rows["7"], others], [["Tag", "Name"], ["t7", "n7"], []]);
});
