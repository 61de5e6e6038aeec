import assert from "node:assert/strict";
import { test } from "node:test";
import { requestLog } from "../../shared/simulated";
import { type Bench, bench, type Declared, PUT_INI } from "./bench";

/* A row gets another name while rows that nobody declares refer to it by the old one. */

const HELD = `
[ ProxySet ]
FORMAT Index = ProxyName, ProxyKeepAliveTime;
ProxySet 3 = "A", 70;
ProxySet 4 = "A2", 70;
[ \\ProxySet ]
[ IPGroup ]
FORMAT Index = Name, ProxySetName, SIPGroupName;
IPGroup 1 = "G1", "A", "";
IPGroup 2 = "G2", "A", "A";
IPGroup 5 = "A", "A2", "A";
[ \\IPGroup ]
`;

const RENAMED: Declared["tables"] = { ProxySet: { 3: { ProxyName: "B" } } };
const MOVED: Declared["tables"] = { IPGroup: { 1: { ProxySetName: "B" } } };

function renames({ lines }: Bench): string[] {
  return lines.filter((line) => /renamed/.test(line));
}

for (const tableMode of ["merge", "replace"] as const) {
  for (const incrementalTables of ["whole", "rows"] as const) {
    const how = `${tableMode}, ${incrementalTables}`;

    test(`it is refused before anything is sent if their table goes out too (${how})`, async (t) => {
      const b = await bench(t, { ini: HELD, tableMode }, { incrementalTables });
      const requests = requestLog(b);
      const { base } = await b.stack.up({ base: { tables: { ...RENAMED, ...MOVED } } });
      assert.deepEqual(base?.reasons, [
        'ProxySet 3 is renamed from "A" to "B", but IPGroup 2 ProxySetName, not declared, refers to it by the old ' +
          "name; their table goes out as well, and a device may drop a row that refers to what is not there: declare " +
          "it too with the new name, or first make another row of that name and move all references",
      ]);
      assert.ok(!requests().includes(PUT_INI));
      const both = { IPGroup: { 1: { ProxySetName: "B" }, 2: { ProxySetName: "B" } } };
      assert.deepEqual(await b.stack.up({ base: { tables: { ...RENAMED, ...both } } }), {
        base: { op: "create", reasons: [] },
      });
      assert.equal(b.simulator.running.cell("IPGroup", 2, "ProxySetName"), "B");
    });

    test(`alone it goes out, and those are named (${how})`, async (t) => {
      const b = await bench(t, { ini: HELD, tableMode }, { incrementalTables });
      assert.deepEqual((await b.stack.up({ base: { tables: RENAMED } }))["base"]?.reasons, []);
      assert.deepEqual(renames(b), [
        `[${b.device.name}] ProxySet 3 is renamed from "A" to "B", but IPGroup 1 ProxySetName, IPGroup 2 ` +
          "ProxySetName, not declared, refer to it by the old name: declare the new name there, unless this device " +
          "renames references of itself",
      ]);
    });

    test(`nothing is said if another resource declares them (${how})`, async (t) => {
      const b = await bench(t, { ini: HELD, tableMode }, { incrementalTables });
      const outcomes = await b.stack.up({
        base: { tables: { ...RENAMED, ...MOVED } },
        other: { tables: { IPGroup: { 2: { ProxySetName: "B" } } } },
      });
      assert.deepEqual(
        Object.values(outcomes).flatMap(({ reasons }) => reasons),
        [],
      );
      assert.deepEqual(renames(b), []);
      assert.equal(b.simulator.running.cell("IPGroup", 2, "ProxySetName"), "B");
    });
  }
}

test("a name that another row takes over is not lost", async (t) => {
  const b = await bench(t, { ini: HELD });
  const swapped = { ProxySet: { 3: { ProxyName: "A2" }, 4: { ProxyName: "A" } } };
  const { base } = await b.stack.up({ base: { tables: { ...swapped, IPGroup: { 1: { Name: "G" } } } } });
  assert.deepEqual([base?.reasons, renames(b)], [[], []]);
});

test("a row that is lost after an earlier rename is named with what it refers to", async (t) => {
  const b = await bench(t, { ini: HELD, tableMode: "replace" }, { incrementalTables: "rows" });
  await b.stack.up({ base: { tables: RENAMED } });
  const { base } = await b.stack.up({ base: { tables: { ...RENAMED, ...MOVED } } });
  assert.deepEqual(base?.reasons, [
    "the device changed rows that nobody declared, and they could not be put back: IPGroup 2: IPGroup 2 refers to " +
      '"A" (ProxySetName), and nothing on the device has this name, perhaps after a rename; declare the row with a ' +
      "reference that exists",
  ]);
});
