import assert from "node:assert/strict";
import { test } from "node:test";
import { requestLog } from "../../shared/simulated";
import { bench, countOf, PUT_INI } from "./bench";

/*
 * A device whose dump leaves a column out that is at its default in all rows: a column that goes so was not damaged.
 */

const ini = `[ ProxySet ]
FORMAT Index = ProxyName;
ProxySet 0 = "zero";
ProxySet 1 = "one";
[ \\ProxySet ]
`;
const declared = (IsProxyHotSwap: string) => ({
  base: { tables: { ProxySet: { 2: { ProxyName: "two", IsProxyHotSwap } } }, onRelease: "restore" as const },
});

for (const [what, next] of [
  ["goes", {}],
  ["takes the default", declared("0")],
] as const)
  test(`a column that is shown no more because the one row that differed ${what} is no damage`, async (t) => {
    const b = await bench(t, { ini, columnsAtDefault: "left out" });
    await b.stack.up(declared("1"));
    const requests = requestLog(b);
    assert.deepEqual((await b.stack.up(next))["base"]?.reasons, []);
    assert.equal(countOf(requests(), PUT_INI), 1);
    assert.ok(!b.lines.some((line) => line.includes("putting back")), b.lines.join("\n"));
  });
