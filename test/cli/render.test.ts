import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { CanonicalScript } from "../../src/cli/canonical";
import { CliSyntaxError } from "../../src/cli/errors";
import { renderScript, showLines } from "../../src/cli/render";
import { indentedScripts, read, style, write } from "./scripts";

test("one space a level, activate and exit a row, CRLF", () => {
  const script = read(
    'configure voip\n proxy-set 1\n  proxy-name "PS A"\n  proxy-ip 0\n   proxy-address 192.0.2.1\n  exit\n exit\n no ip-group 2\nshow version\n',
  );
  assert.equal(
    renderScript(script),
    [
      "configure voip",
      " proxy-set 1",
      '  proxy-name "PS A"',
      "  activate",
      "  proxy-ip 0",
      "   proxy-address 192.0.2.1",
      "   activate",
      "  exit",
      " exit",
      " no ip-group 2",
      "exit",
      "show version",
      "",
    ].join("\r\n"),
  );
});

test("a line without its modes before it gets them", () => {
  const lines = [{ mode: ["configure voip", "proxy-set 1"], name: "proxy-ip", args: ["0"], negated: true }];
  assert.equal(
    renderScript({ lines, queries: [] }),
    "configure voip\r\n proxy-set 1\r\n  no proxy-ip 0\r\n  activate\r\n exit\r\nexit\r\n",
  );
});

test("no value breaks out of its line", () => {
  const line = (name: string, args: string[], mode = ["configure system"]): CanonicalScript => ({
    lines: [{ mode, name, args, negated: false }],
    queries: [],
  });
  for (const bad of ['x" y', "x\nreload now", "x\ry", "a\u0000b", "a\tb", "a\u0085b"])
    assert.throws(
      () => renderScript(line("description", [bad])),
      (error: unknown) =>
        error instanceof CliSyntaxError &&
        error.message.startsWith("configure system / description: ") &&
        !error.message.includes(bad),
      JSON.stringify(bad),
    );
  assert.throws(() => renderScript(line("x", ['a"b'])), /has ", which would end it early/);
  assert.throws(() => renderScript(line("x", ["a\u0007b"])), /has a control character, which would/);
  assert.throws(() => renderScript(line("exit", [], [])), /begins with a word that is no command/);
  for (const bad of ["", "exit", "activate", "configure", "do", "a\nb", "no", "show", 'a"', "#a", ";a"])
    assert.throws(
      () => renderScript(line(bad, [])),
      /a line of `configure system` begins with a word that is no command/,
      JSON.stringify(bad),
    );
  for (const bad of ["a\nb", 'a "b', "a;b", 'user "a;b" c;d'])
    assert.throws(
      () => renderScript(line("x", [], [bad])),
      /the mode of a line has a character that would end it early/,
      JSON.stringify(bad),
    );
  for (const bad of ["reload", "show x\nreload", "show x;reload", "showx"])
    assert.throws(
      () => renderScript({ lines: [], queries: [{ mode: [], text: bad, at: 0 }] }),
      /a query is one line that begins with `show`, without a semicolon/,
      JSON.stringify(bad),
    );
});

test("a value with ';' stands in quotes, as vendor pages have it", () => {
  const text =
    'configure system\r\n automatic-update\r\n  http-user-agent "MyWorld-<NAME>;<VER>(<MAC>)"\r\n  activate\r\n exit\r\n' +
    ' user "a;b"\r\n  privilege admin\r\n  activate\r\n exit\r\nexit\r\n';
  assert.equal(renderScript(read(text)), text);
  assert.deepEqual(read(text).lines[2]?.args, ["MyWorld-<NAME>;<VER>(<MAC>)"]);
});

test("`set` before a name stays where it was written, and is no part of the name", () => {
  const text =
    "configure voip\r\n interface network-if 0\r\n  set ip-address 192.0.2.1\r\n  no set gateway\r\n  activate\r\n exit\r\nexit\r\n";
  const script = read(text);
  assert.deepEqual(
    script.lines.slice(2).map(({ name, args, negated }) => [name, args, negated]),
    [
      ["ip-address", ["192.0.2.1"], false],
      ["gateway", [], true],
    ],
  );
  assert.equal(renderScript(script), text);
  const bare = { mode: ["configure voip"], name: "set", args: [] };
  assert.deepEqual(read("configure voip\n set\n").lines[1], { ...bare, negated: false });
  assert.deepEqual(read("configure voip\n no set\n").lines[1], { ...bare, negated: true });
});

test("a row is made before the rows in it, and an empty sub-mode is entered as such", () => {
  const rendered = (text: string) => renderScript(read(text)).split("\r\n").slice(1, -2);
  assert.deepEqual(rendered("configure voip\n proxy-set 1\n  proxy-ip 0\n   proxy-address x\n"), [
    " proxy-set 1",
    "  activate",
    "  proxy-ip 0",
    "   proxy-address x",
    "   activate",
    "  exit",
    " exit",
  ]);
  assert.deepEqual(rendered("configure system\n ntp\n exit\n"), [" ntp", "  activate", " exit"]);
});

test("what a device holds is shown from the mode on in which people read it", () => {
  const { lines } = read("configure voip\n proxy-set 1\n  proxy-name A\n exit\n proxy-set 2\n exit\nexit\n");
  assert.deepEqual(showLines(lines.slice(1), ["configure voip"]), [
    "proxy-set 1",
    " proxy-name A",
    " activate",
    "exit",
    "proxy-set 2",
    " activate",
    "exit",
  ]);
  assert.deepEqual(showLines(lines.slice(2, 3), ["configure voip", "proxy-set 1"]), ["proxy-name A"]);
});

test("a query of other rows, or of a row that is applied, needs no `activate` before it", () => {
  const rendered = (...lines: string[]) =>
    renderScript(read(`configure voip\n proxy-set 1\n${lines.join("\n")}\n exit\nexit\n`)).split("\r\n");
  const count = (lines: string[]) => lines.filter((line) => line.trim() === "activate").length;
  const asked = rendered("  proxy-name A", "  proxy-ip display");
  assert.deepEqual(asked.slice(2, 5), ["  proxy-name A", "  proxy-ip display", "  activate"]);
  assert.equal(count(rendered("  proxy-name A", "  display", "  display")), 1);
});

test("a row that is asked for itself has been applied before", () => {
  const script = read("configure network\ninterface network-if 0\nmtu 1400\ndisplay\nactivate\n");
  assert.equal(
    renderScript(script),
    "configure network\r\n interface network-if 0\r\n  mtu 1400\r\n  activate\r\n  display\r\n exit\r\nexit\r\n",
  );
});

test("parse after render is the identity on the canonical form", () => {
  fc.assert(
    fc.property(indentedScripts, style([1, 2, 4]), (meant, how) => {
      const script = read(write(meant, how));
      assert.deepEqual(read(renderScript(script)), script);
    }),
    { numRuns: 500 },
  );
});

test("also on what a tolerant reading makes of anything", () => {
  const part = fc.constantFrom(
    ..."configure voip,configure data,exit,activate,no x,no proxy-set 1,proxy-set 1,proxy-ip 0,srd 1,tomorrow 3".split(
      ",",
    ),
    ...'a b,a 5,word,show x,x display,a "b c" d,interface Gi 0/0,user "a b",ntp,a "display",a ""'.split(","),
  );
  const text = fc
    .array(fc.tuple(fc.nat(4), part), { maxLength: 30 })
    .map((lines) => lines.map(([indent, line]) => " ".repeat(indent) + line).join("\n"));
  let rendered = 0;
  fc.assert(
    fc.property(text, (one) => {
      const script = read(one, { tolerant: true });
      assert.deepEqual(read(renderScript(script)), script);
      rendered += script.lines.length;
    }),
    { numRuns: 3000 },
  );
  assert.ok(rendered > 3000);
});

test("the lines of a router take effect at once: no `activate`", () => {
  const written = "configure data\n interface VLAN 1\n  mtu auto\n exit\n interface VLAN 2\nexit\n";
  assert.equal(
    renderScript(read(written)),
    "configure data\r\n interface VLAN 1\r\n  mtu auto\r\n exit\r\n interface VLAN 2\r\n exit\r\nexit\r\n",
  );
});
