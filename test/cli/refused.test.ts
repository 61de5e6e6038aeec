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

test("each is refused for what is true of it", () => {
  const why = (line: string) => refusedCommands(parseScript(`${line}\n`))[0]?.message ?? "";
  // Tools start captures through the API, and it answers at once.
  assert.match(
    why("debug capture voip interface vlan 1 start"),
    /is no configuration: it would run again at each apply/,
  );
  assert.match(why("write"), /saves to flash before what the device took is read back: leave it out/);
  assert.match(
    why("reload now"),
    /resets the device before what it took is read back and saved: use DeviceReset/,
  );
  assert.match(why("traceroute 192.0.2.1"), /long commands that a device refuses in a script/);
});

test("a script of configuration and queries has none, and refused commands are no configuration", () => {
  assert.deepEqual(
    refusedCommands(parseScript("show version\nconfigure voip\n proxy-set 1\n exit\nexit\n")),
    [],
  );
  const { lines, queries } = read("configure system\nexit\nreload now\n");
  assert.deepEqual([lines.length, queries], [1, []]);
});

test("what is refused says why, and what to do instead", () => {
  const commands = [
    "copy",
    "reload",
    "reset",
    "write",
    "wr",
    "ping",
    "traceroute",
    "nslookup",
    "debug",
    "telnet",
  ];
  for (const command of [
    ...commands,
    "ssh",
    "enable",
    "disable",
    "login",
    "quit",
    "erase",
    "clear",
    "admin",
  ]) {
    const [refused] = refusedCommands(parseScript(`${command} now\n`));
    const sentence = new RegExp(`^\`${command}\` [a-z].*: (upload|use|leave it out|run it|declare)\\b`);
    assert.match(refused?.why ?? "", sentence);
    assert.equal(refused?.message, `script line 1, column 1: ${refused?.why}`);
  }
});

test("a word that no setting has is the command in every mode, another one only behind `do`; none in quotes", () => {
  const inMode = (line: string) =>
    refusedCommands(parseScript(`configure system\n ${line}\nexit\n`, { tolerant: true })).length;
  for (const word of ["copy", "reload", "write", "wr", "ping", "traceroute"])
    assert.equal(inMode(`${word} x`), 1, word);
  for (const word of ["reset", "debug", "ssh", "enable", "clear"]) {
    assert.equal(inMode(`${word} x`), 0, word);
    assert.equal(inMode(`do ${word} x`), 1, word);
  }
  for (const line of ['"reload" x', "do constructor x", "do hostname x", "do"])
    assert.equal(inMode(line), 0, line);
});
