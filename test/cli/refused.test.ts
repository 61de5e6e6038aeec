import assert from "node:assert/strict";
import { test } from "node:test";
import { parseScript } from "../../src/cli/parse";
import { refusedCommands } from "../../src/cli/refused";
import { read } from "./scripts";

test("interactive and long commands are found wherever they stand, with what to use instead", () => {
  const script =
    "enable\nconfigure system\n cli-settings\n  ssh on\n  telnet off\n exit\n do ping 192.0.2.1\n write\nexit\ncopy firmware from http://host/a.cmp\nreload now\n";
  const found = refusedCommands(parseScript(script));
  assert.deepEqual(
    found.map(({ command, line, column }) => [command, line, column]),
    [
      ["enable", 1, 1],
      ["ping", 7, 2],
      ["write", 8, 2],
      ["copy", 10, 1],
      ["reload", 11, 1],
    ],
  );
  assert.match(found[3]?.message ?? "", /^script line 10, column 1: `copy` .*SoftwareLoad.*automatic-update/);
  assert.match(found[4]?.message ?? "", /DeviceReset/);
  assert.match(found[2]?.message ?? "", /SavedConfiguration/);
});

test("a script of configuration and queries has none, and refused commands are no configuration", () => {
  assert.deepEqual(
    refusedCommands(parseScript("show version\nconfigure voip\n proxy-set 1\n exit\nexit\n")),
    [],
  );
  assert.equal(read("configure system\nexit\nreload now\n").lines.length, 1);
});
