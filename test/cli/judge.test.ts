import assert from "node:assert/strict";
import { test } from "node:test";
import type { CanonicalScript, CliLine } from "../../src/cli/canonical";
import { judgeScript, type KnownLines, refusedLinesOf } from "../../src/cli/judge";
import { read } from "./scripts";

const system = (...lines: string[]) =>
  read(`configure system\n${lines.join("\n")}\nexit\n`, { tolerant: true });

interface Look {
  declared: CanonicalScript;
  before?: CanonicalScript;
  after: CanonicalScript;
  known?: KnownLines;
  atDefault?: (line: CliLine) => boolean;
}

/** The verdict by kind, each change by the name of its line; kinds without one are left out. */
function verdict({ declared, before, after, known, atDefault }: Look) {
  const { shown, ...kinds } = judgeScript(declared, { before, after }, known, atDefault);
  const named = Object.entries(kinds).flatMap(([kind, changes]) =>
    changes.length === 0
      ? []
      : [[kind, changes.map(({ address }) => address.replace("configure system / ", ""))]],
  );
  return {
    ...Object.fromEntries(named),
    shown: Object.fromEntries(
      Object.entries(shown).map(([key, as]) => [key.replace("configure system / ", ""), as]),
    ),
  };
}

test("a value that went from view after it was set is at its default; one that never was there is unconfirmed", () => {
  const declared = system("ttl 64", "mtu 1500");
  assert.deepEqual(verdict({ declared, before: system("ttl 9"), after: system() }), {
    atDefault: ["ttl"],
    unconfirmed: ["mtu"],
    shown: { "ttl 64": null },
  });
});

test("a value that stays in view as it was tells nothing of its default", () => {
  const declared = system("ttl 64");
  // It was shown with this very value: were it set, it would still be shown.
  assert.deepEqual(verdict({ declared, before: system("ttl 64"), after: system() }), {
    unconfirmed: ["ttl"],
    shown: {},
  });
});

test("what a script takes away and what stays is refused, unless a user says that it is at its default", () => {
  const declared = system("no hostname");
  const look = { declared, before: system("hostname a"), after: system("hostname a") };
  assert.deepEqual(verdict(look), { refused: ["hostname"], shown: {} });
  assert.deepEqual(verdict({ ...look, atDefault: () => true }), { shown: { "no hostname": "hostname a" } });
  // With another value than before: `no` gave it back its default, which the device shows.
  assert.deepEqual(verdict({ ...look, after: system("hostname mediant") }), {
    shown: { "no hostname": "hostname mediant" },
  });
});

test("what a script takes away and the device never showed is confirmed only if its name is known", () => {
  const declared = system("no hostname");
  const look = { declared, before: system(), after: system() };
  assert.deepEqual(verdict(look), { unconfirmed: ["hostname"], shown: {} });
  const gone = { shown: { "no hostname": null } };
  assert.deepEqual(verdict({ ...look, atDefault: () => true }), gone);
  assert.deepEqual(verdict({ ...look, before: system("hostname a") }), gone);
  // An earlier script set it, and the device showed it.
  assert.deepEqual(verdict({ ...look, known: { shown: {}, held: system("hostname a") } }), gone);
  const notShown = { shown: { "configure system / hostname a": null }, held: system("hostname a") };
  for (const known of [
    notShown,
    { shown: {}, held: system("no hostname") },
    { shown: {}, held: system("x 1") },
  ])
    assert.deepEqual(verdict({ ...look, known }), { unconfirmed: ["hostname"], shown: {} });
});

test("a row of a table that we do not know is gone if it was there before", () => {
  const declared = system("no tomorrow 3");
  const look = { declared, after: system() };
  const before = system(" tomorrow 3", "  x 1");
  assert.deepEqual(verdict({ ...look, before }), { shown: { "no tomorrow 3": null } });
  const other = system(" tomorrow 4", "  x 1");
  assert.deepEqual(verdict({ ...look, before: other }), { unconfirmed: ["tomorrow 3"], shown: {} });
});

test("a value in another form than before, and than declared, is the device's own form", () => {
  const look = { declared: system("ttl 064"), before: system("ttl 9"), after: system("ttl 64") };
  assert.deepEqual(verdict(look), { rewritten: ["ttl"], shown: { "ttl 064": "ttl 64" } });
});

test("another form of the same value is the device's own; another value that stayed is refused", () => {
  const declared = system("ttl 064", "mtu 1500");
  const device = system("ttl 64", "mtu 9000");
  assert.deepEqual(verdict({ declared, before: device, after: device }), {
    rewritten: ["ttl"],
    refused: ["mtu"],
    shown: { "ttl 064": "ttl 64" },
  });
});

test("a value that the device kept once in place of the declared one is refused again, however plausible", () => {
  const declared = system("ttl 064");
  const device = system("ttl 64");
  const look = { declared, before: device, after: device };
  const kept = (line: string) => ({ shown: {}, refused: { [`configure system / ${line}`]: "ttl 64" } });
  assert.deepEqual(verdict({ ...look, known: kept("ttl 064") }), { refused: ["ttl"], shown: {} });
  // What was kept in place of another value tells nothing of this one.
  assert.deepEqual(verdict({ ...look, known: kept("ttl 65") }), {
    rewritten: ["ttl"],
    shown: { "ttl 064": "ttl 64" },
  });
});

test("of a refused line it is remembered what the device has in its place, or that it has nothing", () => {
  const declared = system("mtu 1500", "hostname a");
  const { refused } = judgeScript(declared, {
    before: system("mtu 9000", "hostname b"),
    after: system("mtu 9000", "hostname b"),
  });
  assert.deepEqual(refusedLinesOf(declared, refused), {
    "configure system / mtu 1500": "mtu 9000",
    "configure system / hostname a": "hostname b",
  });
  const row = read("configure voip\nproxy-set 3\nexit\nexit\n");
  const missing = judgeScript(row, { before: undefined, after: read("configure voip\nexit\n") }).refused;
  assert.deepEqual(refusedLinesOf(row, missing), { "configure voip / proxy-set 3": null });
});

test("capitals that stayed are the form of an earlier value if the device showed that one as declared", () => {
  const declared = system("hostname SBC");
  const device = system("hostname sbc");
  const look = { declared, before: device, after: device };
  assert.deepEqual(verdict(look), { rewritten: ["hostname"], shown: { "hostname SBC": "hostname sbc" } });
  const held = system("hostname sbc");
  assert.deepEqual(verdict({ ...look, known: { shown: {}, held } }), { refused: ["hostname"], shown: {} });
});

test("a value that the device once showed as declared has no other form", () => {
  const declared = system("hostname SBC");
  const device = system("hostname sbc");
  const known = { shown: {}, held: declared };
  assert.deepEqual(verdict({ declared, before: device, after: device, known }), {
    refused: ["hostname"],
    shown: {},
  });
});

test("a secret that looks as before is unproven, unless the form is known to be that of another", () => {
  const declared = system("password new-word");
  const device = system("password $1$eA==");
  const look = { declared, before: device, after: device };
  assert.equal(
    JSON.stringify(verdict(look)),
    '{"unproven":["password"],"shown":{"password new-word":"password $1$eA=="}}',
  );
  const held = system("password old-word");
  const shown = { "configure system / password old-word": "password $1$eA==" };
  assert.deepEqual(verdict({ ...look, known: { shown, held } }), { refused: ["password"], shown: {} });
  // It was sent before and the device kept this form in its place.
  const refused = { "configure system / password other": "password $1$eA==" };
  assert.deepEqual(verdict({ ...look, known: { shown: {}, refused } }), { refused: ["password"], shown: {} });
  // What was kept in place of another setting, or looked different, tells nothing of this one.
  const strangers: KnownLines[] = [
    { shown: {}, refused: { "configure system / ntp / password other": "password $1$eA==" } },
    { shown: {}, refused: { "configure system / password other": "password $1$eQ==" } },
    { shown: { "configure system / password old-word": "password $1$eQ==" }, held },
  ];
  for (const known of strangers) assert.deepEqual(verdict({ ...look, known }).unproven, ["password"]);
  // The declared one itself was held so: it is known to look like that.
  const own = { shown: { "configure system / password new-word": "password $1$eA==" }, held: declared };
  assert.deepEqual(verdict({ ...look, known: own }).refused, undefined);
});

test("a secret among other words of a line is one", () => {
  const device = system("user Bob password $1$eA==");
  const { unproven } = verdict({
    declared: system("user Bob password new-word"),
    before: device,
    after: device,
  });
  assert.deepEqual(unproven, ["user"]);
});

test("a secret in another form than before was taken, and the form is kept", () => {
  const look = {
    declared: system("password new-word"),
    before: system("password $1$eA=="),
    after: system("password $1$eQ=="),
  };
  assert.deepEqual(verdict(look), { shown: { "password new-word": "password $1$eQ==" } });
});

test("a secret that the device shows in the open as another one is refused", () => {
  const device = system("password old-word");
  assert.deepEqual(verdict({ declared: system("password new-word"), before: device, after: device }), {
    refused: ["password"],
    shown: {},
  });
});
