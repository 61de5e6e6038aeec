import assert from "node:assert/strict";
import { test } from "node:test";
import { removalScript, rowCommand } from "../../src/cli/ini-rows";
import { rowsOfIni } from "../../src/cli/row-claims";
import { CLI_ROWS } from "../../src/simulator/cli/model-rows";

test("each table that is known has the command that the device has", () => {
  for (const { table, path, key, parent } of CLI_ROWS) {
    const cells = Object.fromEntries(
      [key, parent].filter((name) => name !== undefined).map((name) => [name, "5"]),
    );
    const removal = removalScript([{ table, index: "5", cells }]);
    const [mode, ...commands] = path.split(" / ");
    const byName = parent !== undefined && /Name$/.test(parent);
    if (byName) assert.deepEqual(removal, { unknown: [table] });
    else {
      assert.ok("script" in removal, table);
      const lines = removal.script.split("\r\n").map((line) => line.trim());
      assert.equal(lines[0], `configure ${mode}`);
      assert.ok(lines.includes(`no ${commands.at(-1)} 5`), removal.script);
    }
  }
});

test("a row inside of a row is removed before the row around it, in the mode of that row", () => {
  const removal = removalScript([
    { table: "ProxySet", index: "3" },
    { table: "proxyip", index: "0", cells: { proxysetid: "3", PROXYIPINDEX: "2" } },
  ]);
  assert.ok("script" in removal);
  assert.deepEqual(
    removal.script.split("\r\n").flatMap((line) => line.trim() || []),
    ["configure voip", "proxy-set 3", "no proxy-ip 2", "activate", "exit", "no proxy-set 3", "exit"],
  );
});

test("a row inside of a row without the cells that place it cannot be removed", () => {
  assert.deepEqual(removalScript([{ table: "ProxyIp", index: "0" }]), { unknown: ["ProxyIp"] });
  const place = { table: "ProxyIp", index: "0", cells: { ProxyIpIndex: "1" } };
  assert.deepEqual(removalScript([place]), { unknown: ["ProxyIp"] });
});

test("a table without a known command is named once, and nothing is removed", () => {
  const strange = [0, 1].map((index) => ({ table: "TableOfTomorrow", index: String(index) }));
  assert.deepEqual(removalScript([{ table: "ProxySet", index: "3" }, ...strange]), {
    unknown: ["TableOfTomorrow"],
  });
  assert.equal(rowCommand("TableOfTomorrow"), undefined);
  assert.deepEqual(rowCommand("SRD"), ["configure voip", "srd"]);
  assert.deepEqual(rowCommand("PROXYIP"), ["configure voip", "proxy-set", "proxy-ip"]);
});

test("an index cannot bring in a command", () => {
  assert.throws(() => removalScript([{ table: "ProxySet", index: "3\r\nno proxy-set 4" }]));
});

test("a row of an ini claims the place that its command has, and that of the row around it", () => {
  const claims = rowsOfIni({
    tables: {
      ProxyIp: {
        "0": { ProxySetId: "03", ProxyIpIndex: "1", IpAddress: "192.0.2.1" },
        "1": { IpAddress: "x" },
      },
      TableOfTomorrow: { "0": { A: "1" } },
    },
  });
  assert.deepEqual(
    [...claims].map(([key, { address, fields }]) => [
      key,
      address,
      [...fields.values()].map(({ value }) => value),
    ]),
    [
      ["configure voip proxy-set 3", "ProxyIp 0", []],
      ["configure voip proxy-set 3 proxy-ip 1", "ProxyIp 0", ["03", "1", "192.0.2.1"]],
    ],
  );
});
