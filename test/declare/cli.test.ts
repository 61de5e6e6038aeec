import assert from "node:assert/strict";
import { test } from "node:test";
import { CliSyntaxError } from "../../src/cli/errors";
import {
  addressesOf,
  type CliScriptInputs,
  cliProblems,
  type FullCliScriptInputs,
  fullCliProblems,
  scriptOf,
} from "../../src/declare/cli";
import { UNKNOWN } from "../../src/declare/unknown";

const script = "configure voip\nproxy-set 3\nproxy-name {{name}}\nexit\nexit\n";
const inputs = (changed: Record<string, unknown> = {}) =>
  ({
    device: { url: "https://sbc1.example.com" },
    script,
    variables: { name: "Trunk" },
    __mediantName: "s",
    ...changed,
  }) as CliScriptInputs;
const confirm = { checks: { unlocked: true } };

test("an incremental script that is in order has no problem, also while parts are unknown", () => {
  const deleteScript = "configure voip\nno proxy-set 3\nexit\n";
  for (const changed of [
    {},
    { variables: { name: 7 } },
    { deleteScript },
    { restoreScript: deleteScript, confirm },
    { atDefault: ["configure voip / proxy-set 3 / proxy-name"] },
    { atDefault: UNKNOWN, variables: UNKNOWN },
    { script: UNKNOWN },
    { variables: { name: UNKNOWN } },
    { deleteScript: UNKNOWN },
    { script: UNKNOWN, deleteScript },
    { save: true },
    { save: UNKNOWN },
    { deleteScript: `${deleteScript}show version\n`, restoreScript: "show version\n", confirm },
  ])
    assert.deepEqual(cliProblems(inputs(changed)), [], JSON.stringify(changed));
});

const wrong: [string, Record<string, unknown>, RegExp][] = [
  [
    "a buffer in place of a text",
    { script: Buffer.from("x"), variables: {} },
    /^script must be a text: read a file with its enc/,
  ],
  [
    "what stands for a secret in a backup",
    { script: "configure voip\nproxy-set 3\nproxy-name {{name}}\npassword [secret]\nexit\nexit\n" },
    /^script: configure voip \/ proxy-set 3 \/ password is \[secret\], which stands for a secret in a backup/,
  ],
  [
    "the same beside other words",
    { script: "configure voip\nproxy-set 3\nproxy-name {{name}} [secret]\nexit\nexit\n" },
    /^script: configure voip \/ proxy-set 3 \/ proxy-name is \[secret\]/,
  ],
  ["a number in place of a script", { deleteScript: 7 }, /^deleteScript must be a text/],
  ["a word in place of true or false", { save: "yes" }, /^save must be true or false$/],
  ["a device that nobody can reach", { device: {} }, /^device: needs url/],
  ["a text and a number in atDefault", { atDefault: ["*", 3] }, /^atDefault must be a list of lines/],
  ["a line that is not a script", { deleteScript: 'a "b' }, /^deleteScript: /],
  ["a command that asks back", { restoreScript: "reload now", confirm }, /^restoreScript: .*`reload`/],
  [
    "a restoreScript by itself",
    { restoreScript: "configure voip\nexit\n" },
    /^restoreScript belongs to confirm/,
  ],
  ["variables in a list", { variables: "name" }, /^variables must be an object$/],
  ["no variables at all", { variables: null }, /^variables must be an object$/],
  [
    "a variable that is no text",
    { variables: { name: ["a"] } },
    /^variables\.name must be a string or a number$/,
  ],
  [
    "a number that is none",
    { variables: { name: Number.NaN } },
    /^variables\.name must be a string or a number$/,
  ],
  [
    "a variable that nothing asks for",
    { variables: { name: "a", nmae: "b" } },
    /^variables\.nmae is not used/,
  ],
  ["one text of atDefault", { atDefault: "*" }, /^atDefault must be a list of lines/],
  ["atDefault of numbers", { atDefault: [3] }, /^atDefault must be a list of lines/],
  ["a script without a command", { script: "! nothing\n", variables: {} }, /^script: has no command$/],
];
for (const [what, changed, problem] of wrong)
  test(`of an incremental script the problem is named: ${what}`, () => {
    const [said, ...more] = cliProblems(inputs(changed));
    assert.match(said ?? "", problem);
    assert.deepEqual(more, []);
  });

test("a whole script needs a line, and takes no query", () => {
  const full = (text: string) =>
    fullCliProblems({ ...inputs({ script: text, variables: {} }) } as FullCliScriptInputs);
  assert.deepEqual(full("configure voip\nexit\n"), []);
  assert.match(full("")[0] ?? "", /^script: a whole configuration without a line would take everything/);
  assert.match(full("configure voip\nexit\nshow version\n")[0] ?? "", /^script: queries such as `show`/);
});

test("arguments are looked at before the script", () => {
  const wrong = { device: {}, allowLossOfAccess: "yes", script: "" } as unknown as FullCliScriptInputs;
  const [device = "", ...more] = fullCliProblems(wrong);
  assert.match(device, /^device: needs url/);
  assert.deepEqual(more, ["allowLossOfAccess must be true or false"]);
});

test("a script of a user is read strictly, one of a state as far as it goes", () => {
  assert.throws(() => scriptOf({}, 'configure voip\na "b'), CliSyntaxError);
  assert.doesNotThrow(() => scriptOf({}, 'configure voip\na "b', true));
});

test("a script claims the values that it sets and takes away, and no row that it only enters", () => {
  const claimed = (text: string) => addressesOf(scriptOf({}, text)).parameters;
  assert.deepEqual(claimed("configure voip\nproxy-set 3\nproxy-name A\nexit\nno ip-group 2\nexit\n"), {
    "configure voip / proxy-set 3 / proxy-name": "A",
    "configure voip / ip-group 2": "no",
  });
  assert.deepEqual(claimed("configure data\naccess-list 1 permit\naccess-list 2 deny\nno hostname\nexit\n"), {
    "configure data / access-list": ["1 permit", "2 deny"],
    "configure data / hostname": "no",
  });
});
