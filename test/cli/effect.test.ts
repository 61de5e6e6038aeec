import assert from "node:assert/strict";
import { test } from "node:test";
import { effectOf, hasLine, linesOf } from "../../src/cli/effect";
import { read, shortly } from "./scripts";

/** What is left of lines in `configure data` when all of them have run. */
const left = (...lines: string[]) =>
  shortly({
    lines: linesOf(effectOf(read(`configure data\n${lines.join("\n")}\nexit\n`).lines)),
    queries: [],
  })
    .slice(1)
    .map((line) => line.replace("configure data / ", ""));

test("`no` takes away what was set by its name and its words, and holds until it is set again", () => {
  const list = ["access-list 1 permit", "access-list 2 permit", "access-list 3 deny"];
  assert.deepEqual(left(...list), list);
  assert.deepEqual(left(...list, "no access-list 2"), [
    "access-list 1 permit",
    "access-list 3 deny",
    "no access-list 2",
  ]);
  assert.deepEqual(left(...list, "no access-list"), ["no access-list"]);
  assert.deepEqual(left(...list, "no access-list 4"), [...list, "no access-list 4"]);
  assert.deepEqual(left("no access-list 1 permit", "access-list 1 permit"), ["access-list 1 permit"]);
  assert.deepEqual(left("no access-list", "access-list 1 permit"), ["access-list 1 permit"]);
  assert.deepEqual(left("no access-list 2", "access-list 1 permit"), [
    "no access-list 2",
    "access-list 1 permit",
  ]);
  assert.deepEqual(left("hostname a", "no hostname", "hostname b"), ["hostname b"]);
});

test("a row that is taken away takes all in it along, one that is entered again is one row", () => {
  assert.deepEqual(left(" interface VLAN 1", "  mtu auto", " no interface VLAN 1"), ["no interface VLAN 1"]);
  assert.deepEqual(left(" no interface VLAN 1", " interface VLAN 1", "  mtu auto"), [
    "+interface VLAN 1",
    "interface VLAN 1 / mtu auto",
  ]);
  assert.deepEqual(
    left(" interface VLAN 1", "  mtu auto", " interface VLAN 2", "  mtu 9", " interface VLAN 1", "  ip x"),
    [
      "+interface VLAN 1",
      "interface VLAN 1 / mtu auto",
      "+interface VLAN 2",
      "interface VLAN 2 / mtu 9",
      "interface VLAN 1 / ip x",
    ],
  );
});

test("the lines that hold are those, with their values, that the script left", () => {
  const { lines } = read(
    "configure data\n interface VLAN 1\n  mtu auto\n exit\n no interface VLAN 2\n no mtu\n x 1\n x 2\nexit\n",
  );
  const root = effectOf(lines);
  for (const line of lines) assert.ok(hasLine(root, line), JSON.stringify(line));
  const others = read(
    "configure data\n interface VLAN 2\n  mtu auto\n exit\n no interface VLAN 1\n no x\n mtu auto\n x 3\nexit\n",
  );
  for (const line of others.lines.slice(1)) assert.ok(!hasLine(root, line), JSON.stringify(line));
  // A row is there only if a line opens it: an address inside it is not enough.
  const inner = effectOf(lines.filter(({ name }) => name === "mtu"));
  assert.ok(lines.filter(({ opens }) => opens).every((line) => !hasLine(inner, line)));
});
