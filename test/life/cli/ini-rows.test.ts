import assert from "node:assert/strict";
import { test } from "node:test";
import { type IniRow, removalScript } from "../../../src/cli/ini-rows";
import { DeviceClient } from "../../../src/device/client";
import { resolveConnection } from "../../../src/device/connect/connection";
import { removeRowsByCli } from "../../../src/reconcile/ini/row-removal";
import { CLI_ROWS } from "../../../src/simulator/cli/model-rows";
import { bench, byHand } from "./bench";

test("rows are removed on the device by the commands of their tables, rows inside of rows first", async (t) => {
  const b = await bench(t);
  await byHand(
    b,
    `configure voip
proxy-set 3
activate
proxy-ip 0
proxy-address 192.0.2.1
activate
exit
exit
proxy-set 4
activate
exit
exit
configure system
user Bob
password Long-enough-1
activate
`,
  );
  const rows: IniRow[] = [
    { table: "ProxySet", index: "3" },
    { table: "proxyip", index: "0", cells: { ProxySetId: "3", ProxyIpIndex: "0" } },
    { table: "WebUsers", index: "7", cells: { Username: "Bob" } },
  ];
  const { inputs, simulator } = b;
  const client = new DeviceClient(resolveConnection(inputs({ script: "" }).device));
  assert.deepEqual(await removeRowsByCli(client, rows), []);
  assert.deepEqual(simulator.running.indexes("ProxySet").includes("3"), false);
  assert.deepEqual(simulator.running.indexes("ProxySet").includes("4"), true);
  assert.deepEqual(simulator.running.indexes("ProxyIp"), []);
  assert.ok(
    !simulator.running
      .indexes("WebUsers")
      .some((at) => simulator.running.cell("WebUsers", at, "Username") === "Bob"),
  );
});

test("a table without a known command is named, with how to remove its row; the others go", async (t) => {
  const b = await bench(t);
  const client = new DeviceClient(resolveConnection(b.inputs({ script: "" }).device));
  await byHand(b, "configure voip\nproxy-set 3\nactivate\n");
  const [reason, ...more] = await removeRowsByCli(client, [
    { table: "ProxySet", index: "3" },
    { table: "TableOfTomorrow", index: "9" },
  ]);
  assert.deepEqual(more, []);
  assert.match(reason ?? "", /^table TableOfTomorrow: .*web interface \(TableOfTomorrow 9\)$/);
  assert.equal(b.simulator.running.row("ProxySet", "3"), undefined);
});

test("a row inside of a row without the cells that place it cannot be removed", () => {
  assert.deepEqual(removalScript([{ table: "ProxyIp", index: "0" }]), { unknown: ["ProxyIp"] });
});

test("an index cannot bring in a command", () => {
  assert.throws(() => removalScript([{ table: "ProxySet", index: "3\r\nno proxy-set 4" }]));
});

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
