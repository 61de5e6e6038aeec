import assert from "node:assert/strict";
import { test } from "node:test";
import type { IniRow } from "../../../src/cli/ini-rows";
import { DeviceClient } from "../../../src/device/client";
import { resolveConnection } from "../../../src/device/connect/connection";
import { removeRowsByCli } from "../../../src/reconcile/ini/row-removal";
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
