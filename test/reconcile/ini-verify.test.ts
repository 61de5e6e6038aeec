import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Value } from "../../src/ini/configuration";
import { NameMap } from "../../src/ini/names";
import { observe } from "../../src/ini/observe";
import type { DeviceForm, Fragment } from "../../src/reconcile/ini/fragment";
import { type Verdict, verifyFragment } from "../../src/reconcile/ini/verify";
import { fragment } from "../shared/fragment";

/* What the dumps from before and after an upload say of one declared value. */

const CELL = "ProxySet 3 ProxyName";
const OLD = "$1$b2xkLW9uZQ==";
const NEW = "$1$bmV3LW9uZQ==";

const parameter = (value?: string) => (value === undefined ? "" : `P = ${value}\n`);
const row = (value?: string, index = "3") =>
  value === undefined
    ? "[ ProxySet ]\nFORMAT Index = Other;\nProxySet 3 = x;\n[ \\ProxySet ]\n"
    : `[ ProxySet ]\nFORMAT Index = ProxyName;\nProxySet ${index} = "${value}";\n[ \\ProxySet ]\n`;

type Told = Partial<
  Record<"problems" | "mayComeLater" | "unconfirmed" | "newlyObscured" | "notes", string[]>
>;

/** A verdict without what is empty in it. */
function told({ forms, lookedTwice, ...lists }: Verdict): Told & { form?: DeviceForm } {
  const said = Object.entries(lists).filter(([, list]) => list.length > 0);
  const [form] = [...forms].map(([, one]) => one);
  return { ...Object.fromEntries(said), ...(form && { form }) };
}

interface Look {
  declared: Value;
  before?: string | undefined;
  after?: string | undefined;
  /** What is known of the value from earlier runs. */
  form?: DeviceForm;
  /** Whether the upload did not carry it. */
  unsent?: true;
  more?: Partial<Fragment>;
}

/** The verdict on the parameter `P`, by the lines that the device shows of it. */
function ofParameter({ declared, before, after, form, unsent, more }: Look) {
  const forms = new NameMap(form === undefined ? [] : [["P", form]]);
  const one = fragment({ declared: { parameters: { P: declared }, tables: {} }, forms, ...more });
  const written = new NameMap<Value>(unsent ? [] : [["P", declared]]);
  return told(verifyFragment(one, observe(before ?? ""), observe(after ?? ""), written));
}

/** The same of the cell `ProxySet 3 ProxyName`. */
function ofCell({ declared, before, after, form, unsent, more }: Look) {
  const forms = new NameMap(form === undefined ? [] : [[CELL, form]]);
  const tables = { ProxySet: { 3: { ProxyName: String(declared) } } };
  const one = fragment({ declared: { parameters: {}, tables }, forms, ...more });
  const written = new NameMap<Value>(unsent ? [] : [[CELL, declared]]);
  return told(verifyFragment(one, observe(row(before)), observe(row(after)), written));
}

const isSecret = () => true;
const notTaken = (name: string, text = "") => `${name} was not taken by the device${text}`;
const isForm = (device: string, what = "what is declared") => `the device shows "${device}" for ${what}`;

type Case = [what: string, look: Look, expected: Told & { form?: DeviceForm }];

const PARAMETERS: Case[] = [
  ["it is shown as declared", { declared: "2", before: parameter("1"), after: parameter("2") }, {}],
  [
    "another text stands there that did not before: the device's own form of it",
    { declared: "00", before: parameter("1"), after: parameter("0") },
    { form: { declared: "00", device: "0" }, notes: [`P: ${isForm("0")}`] },
  ],
  [
    "so it is if nothing stood there before",
    { declared: "a", after: parameter("b") },
    { form: { declared: "a", device: "b" }, notes: [`P: ${isForm("b")}`] },
  ],
  [
    "what stood there before is a form of it",
    { declared: "00", before: parameter("0"), after: parameter("0") },
    { form: { declared: "00", device: "0" }, notes: [`P: ${isForm("0")}`] },
  ],
  [
    "what stood there before is no form of it",
    { declared: "2", before: parameter("1"), after: parameter("1") },
    { problems: [notTaken("P", ': it keeps "1"')] },
  ],
  [
    "the device keeps a secret in plain text",
    { declared: "new", before: parameter("old"), after: parameter("old"), more: { isSecret } },
    { problems: [notTaken("P")] },
  ],
  [
    "the device keeps what is secret by its look, though nobody called it so",
    { declared: "new", before: parameter("$2$Zm9vYg=="), after: parameter("$2$Zm9vYg==") },
    { problems: [notTaken("P")] },
  ],
  [
    "another form of a secret is not shown",
    { declared: "a", before: parameter("c"), after: parameter("b"), more: { isSecret } },
    {
      form: { declared: "a", device: "b" },
      notes: ["P: the device shows another form for what is declared"],
    },
  ],
  [
    "a form that is known is not told again",
    { declared: "00", before: parameter("1"), after: parameter("0"), form: { declared: "00", device: "0" } },
    { form: { declared: "00", device: "0" } },
  ],
  [
    "the form of an earlier value is not that of this one",
    {
      declared: "00",
      before: parameter("1"),
      after: parameter("0"),
      form: { declared: "0000", device: "0" },
    },
    { form: { declared: "00", device: "0" }, notes: [`P: ${isForm("0")}`] },
  ],
  [
    "what was not sent holds in the form that is known",
    {
      ...{ declared: "a", before: parameter("b"), after: parameter("b"), unsent: true },
      form: { declared: "a", device: "b" },
    },
    { form: { declared: "a", device: "b" } },
  ],
  [
    "what was sent and stays in the form that is known was refused: a form is no proof that it was taken again",
    {
      ...{ declared: "a", before: parameter("b"), after: parameter("b") },
      form: { declared: "a", device: "b" },
    },
    { problems: [notTaken("P", ': it keeps "b"')] },
  ],
  [
    "the device withholds it",
    { declared: "a", after: ";P is hidden but has non-default value\n" },
    {
      form: { declared: "a", device: null, incomparable: true },
      notes: ["P is hidden on the device: not comparable"],
    },
  ],
  [
    "it went from view: it is at its default",
    { declared: "a", before: parameter("b") },
    { form: { declared: "a", device: null, known: true } },
  ],
  ["it was never in view: nobody knows", { declared: "a" }, { unconfirmed: ["P"] }],
  [
    "it was never in view, and the user says that it is at its default",
    { declared: "a", more: { mayBeAtDefault: (name) => name === "P" } },
    { form: { declared: "a", device: null } },
  ],
  [
    "an earlier run saw the name",
    { declared: "a", more: { isKnown: (address) => address === "P" } },
    { form: { declared: "a", device: null, known: true } },
  ],
  [
    "an earlier turn of this resource saw the name",
    { declared: "a", form: { declared: "b", device: null, known: true } },
    { form: { declared: "a", device: null, known: true } },
  ],
  [
    "another form of the value was at its default",
    { declared: "0", form: { declared: "00", device: null } },
    { form: { declared: "0", device: null, known: true } },
  ],
  [
    "another value was said to be at its default",
    { declared: "1", form: { declared: "00", device: null } },
    { unconfirmed: ["P"] },
  ],
  [
    "another form of the value was withheld: that tells nothing of its default",
    { declared: "0", form: { declared: "00", device: null, incomparable: true } },
    { unconfirmed: ["P"] },
  ],
  [
    "another form of the value was shown: that tells nothing of its default",
    { declared: "0", form: { declared: "00", device: "000" } },
    { unconfirmed: ["P"] },
  ],
  [
    "an earlier run saw this very value, which can be no default then",
    { declared: "a", more: { lastShown: () => "a", isKnown: () => true } },
    {
      problems: [
        "P was not taken by the device: it showed this value before, and shows none now; if the value is the " +
          'default now, say so: atDefault: ["P"]',
      ],
    },
  ],
  [
    "the same, and the user says that it is at its default now",
    { declared: "a", more: { lastShown: () => "a", mayBeAtDefault: () => true } },
    { form: { declared: "a", device: null } },
  ],
  [
    "an earlier run saw another value",
    { declared: "a", more: { lastShown: () => "b", isKnown: () => true } },
    { form: { declared: "a", device: null, known: true } },
  ],
  [
    "an earlier run saw this very value, and this turn another one go from view",
    { declared: "a", before: parameter("b"), more: { lastShown: () => "a" } },
    { form: { declared: "a", device: null, known: true } },
  ],
  [
    "a text of two dollars is one for a parameter",
    { declared: "$$", before: parameter("1"), after: parameter("$$") },
    {},
  ],
];

for (const [what, look, expected] of PARAMETERS)
  test(`a parameter: ${what}`, () => assert.deepEqual(ofParameter(look), expected));

const TAKEN_FOR_A_TEXT =
  `${CELL}: the device took $$ for a text, so this firmware does not know it as the default of a column; ` +
  "declare the value itself";
const NOT_AT_DEFAULT = (kept: string) =>
  `${CELL} was not set to its default ($$)${kept}, and showed another one before; declare the value itself`;

const CELLS: Case[] = [
  ["it is shown as declared", { declared: "b", before: "a", after: "b" }, {}],
  [
    "it stays as it was: what it refers to may come later",
    { declared: "b", before: "a", after: "a" },
    { mayComeLater: [notTaken(CELL, ': it keeps "a"')] },
  ],
  ["its column was never in view", { declared: "b" }, { unconfirmed: ["ProxySet.ProxyName"] }],
  [
    "its column was never in view, and the user says that it is at its default",
    { declared: "b", more: { mayBeAtDefault: (name) => name === "ProxySet.ProxyName" } },
    { form: { declared: "b", device: null } },
  ],
  [
    "its default is asked for, and the device shows what that is",
    { declared: "$$", before: "a", after: "d" },
    { form: { declared: "$$", device: "d" }, notes: [`${CELL}: ${isForm("d", "the default ($$)")}`] },
  ],
  [
    "its default is asked for, and it may be there already",
    { declared: "$$", before: "a", after: "a" },
    { form: { declared: "$$", device: "a" }, notes: [`${CELL}: ${isForm("a", "the default ($$)")}`] },
  ],
  [
    "its default is asked for, and is known to be another one",
    { declared: "$$", before: "a", after: "a", form: { declared: "$$", device: "d" } },
    { problems: [NOT_AT_DEFAULT(': it keeps "a"')] },
  ],
  [
    "the default of a secret is asked for, and is known to be another one",
    { declared: "$$", before: "a", after: "a", form: { declared: "$$", device: "d" }, more: { isSecret } },
    { problems: [NOT_AT_DEFAULT("")] },
  ],
  [
    "its default is asked for, and another form of it is known",
    { declared: "$$", before: "A", after: "A", form: { declared: "$$", device: "a" } },
    { form: { declared: "$$", device: "A" }, notes: [`${CELL}: ${isForm("A", "the default ($$)")}`] },
  ],
  [
    "its default is asked for, and could not be compared before",
    { declared: "$$", before: "a", after: "a", form: { declared: "$$", device: "d", incomparable: true } },
    { form: { declared: "$$", device: "a" }, notes: [`${CELL}: ${isForm("a", "the default ($$)")}`] },
  ],
  [
    "its default is asked for, and the form of another value is known",
    { declared: "$$", before: "a", after: "a", form: { declared: "x", device: "d" } },
    { form: { declared: "$$", device: "a" }, notes: [`${CELL}: ${isForm("a", "the default ($$)")}`] },
  ],
  [
    "its default is asked for, and the device takes that for a text",
    { declared: "$$", before: "a", after: "$$" },
    { problems: [TAKEN_FOR_A_TEXT] },
  ],
];

for (const [what, look, expected] of CELLS)
  test(`a cell: ${what}`, () => assert.deepEqual(ofCell(look), expected));

const AS_BEFORE =
  "P is obscured as before, so the device had this secret already or did not take it; it does not say which";
const NAME_IT = "P comes back obscured: name it in secretNames to keep it out of previews and state";
const KEPT = "P was not taken by the device: it shows what it showed before";
const stayed = { declared: "new", before: parameter(OLD), after: parameter(OLD), more: { isSecret } };
const unproven: DeviceForm = { declared: "new", device: OLD, unproven: true };

const SECRETS: Case[] = [
  [
    "it comes back in a form of its own",
    { ...stayed, after: parameter(NEW) },
    { form: { declared: "new", device: NEW }, newlyObscured: ["P"] },
  ],
  [
    "so does one that nobody called a secret",
    { declared: "new", before: parameter("old"), after: parameter(NEW) },
    { form: { declared: "new", device: NEW }, newlyObscured: ["P"], notes: [NAME_IT] },
  ],
  [
    "it looks as it did before, and nothing is known of that form",
    stayed,
    { form: unproven, newlyObscured: ["P"], notes: [AS_BEFORE] },
  ],
  [
    "it looks as it did before, which is the form of another value",
    { ...stayed, form: { declared: "old", device: OLD } },
    { problems: [KEPT] },
  ],
  [
    "it looks like another value, though not as it did before",
    { ...stayed, before: parameter(NEW), form: { declared: "old", device: OLD } },
    { problems: [KEPT] },
  ],
  [
    "it looks as it did before, and had another form when it was taken",
    { ...stayed, form: { declared: "new", device: NEW } },
    { problems: [KEPT] },
  ],
  [
    "it looks as it did before, and that is its own form",
    { ...stayed, form: { declared: "new", device: OLD } },
    { form: unproven, newlyObscured: ["P"], notes: [AS_BEFORE] },
  ],
  [
    "it has a third form, as on a device that obscures anew",
    { ...stayed, after: parameter(NEW), form: { declared: "new", device: OLD } },
    { form: { declared: "new", device: NEW }, newlyObscured: ["P"] },
  ],
  [
    "the form that it looks like is not sure to be that of the other value",
    { ...stayed, form: { declared: "old", device: OLD, unproven: true } },
    { form: unproven, newlyObscured: ["P"], notes: [AS_BEFORE] },
  ],
  [
    "the form that it looks like changes from look to look",
    { ...stayed, form: { declared: "old", device: OLD, incomparable: true } },
    { form: unproven, newlyObscured: ["P"], notes: [AS_BEFORE] },
  ],
  [
    "the other value was at its default",
    { ...stayed, form: { declared: "old", device: null } },
    { form: unproven, newlyObscured: ["P"], notes: [AS_BEFORE] },
  ],
  [
    "the other value was declared as a device obscured it, and may have been this one",
    { ...stayed, form: { declared: NEW, device: OLD } },
    { form: unproven, newlyObscured: ["P"], notes: [AS_BEFORE] },
  ],
  [
    "it is declared as a device obscured it, and comes back so",
    { ...stayed, declared: NEW, after: parameter(NEW) },
    {},
  ],
  [
    "it is declared as a device obscured it, and the device keeps its own",
    { ...stayed, declared: NEW },
    { problems: [notTaken("P")] },
  ],
];

for (const [what, look, expected] of SECRETS)
  test(`a secret: ${what}`, () => assert.deepEqual(ofParameter(look), expected));

test("a row that the device dropped is told once, and nothing of its cells", () => {
  const cells = { ProxyName: "PS", ProxyKeepAliveTime: "60" };
  const declared = { parameters: {}, tables: { ProxySet: { 3: cells, 4: cells } } };
  const after = observe(
    '[ ProxySet ]\nFORMAT Index = ProxyName, ProxyKeepAliveTime;\nProxySet 4 = "PS_old", 60;\n[ \\ProxySet ]\n',
  );
  const verdict = verifyFragment(fragment({ declared }), after, after, new NameMap());
  assert.deepEqual(told(verdict), {
    mayComeLater: [
      "ProxySet 3 was dropped by the device, which gives no reason: it may not take a value, or a reference leads nowhere",
      'ProxySet 4 ProxyName was not taken by the device: it keeps "PS_old"',
    ],
  });
});

test("a column that is not shown is named once, however many rows have it", () => {
  const declared = { parameters: {}, tables: { ProxySet: { 3: { A: "1", B: "2" }, 4: { A: "1" } } } };
  const shown = observe(
    "[ ProxySet ]\nFORMAT Index = C;\nProxySet 3 = x;\nProxySet 4 = x;\n[ \\ProxySet ]\n",
  );
  const { unconfirmed } = verifyFragment(fragment({ declared }), shown, shown, new NameMap());
  assert.deepEqual(unconfirmed, ["ProxySet.A", "ProxySet.B"]);
});

test("two dumps are two looks, and one is one", () => {
  const [once, twice] = [observe(""), observe("")];
  assert.equal(verifyFragment(fragment(), once, once, new NameMap()).lookedTwice, false);
  assert.equal(verifyFragment(fragment(), once, twice, new NameMap()).lookedTwice, true);
});

/** The verdict on a value from before that goes back. */
function ofRestored(
  address: string,
  value: string,
  before: string,
  after: string,
  more: Partial<Fragment> = {},
) {
  const restored = new NameMap<Value>([[address, value]]);
  const written = new NameMap<Value>([[address, value]]);
  return told(verifyFragment(fragment({ restored, ...more }), observe(before), observe(after), written));
}

test("a value that goes back and stays as it was is a problem, unless it is a form of it", () => {
  const kept = "P could not be restored: the device kept its value";
  assert.deepEqual(ofRestored("P", "1", parameter("2"), parameter("2")), { problems: [kept] });
  assert.deepEqual(ofRestored("P", "1", parameter("2"), parameter("1")), {});
  assert.deepEqual(ofRestored("P", "01", parameter("1"), parameter("1")), {});
  // It moved, or went from view: what the device has now is its own form.
  assert.deepEqual(ofRestored("P", "1", parameter("2"), parameter("3")), {});
  assert.deepEqual(ofRestored("P", "1", parameter("2"), ""), {});
  assert.deepEqual(ofRestored("P", "1", "", parameter("2")), {});
});

test("a value that goes back and is declared, or was not sent, is not judged", () => {
  const declared = { parameters: { P: "2" }, tables: {} };
  assert.deepEqual(ofRestored("P", "1", parameter("2"), parameter("2"), { declared }), {});
  const restored = new NameMap<Value>([["P", "1"]]);
  const look = observe(parameter("2"));
  assert.deepEqual(told(verifyFragment(fragment({ restored }), look, look, new NameMap())), {});
});

test("a cell that was not there before goes back to its default, and what that is nobody knows", () => {
  const note = `${CELL} was not there before: set to its default ($$), it shows what it showed`;
  assert.deepEqual(ofRestored(CELL, "$$", row("a"), row("a")), { notes: [note] });
  assert.deepEqual(ofRestored(CELL, "$$", row("a"), row("b")), {});
  assert.deepEqual(ofRestored(CELL, "$$", row(), row("b")), {});
  assert.deepEqual(ofRestored(CELL, "$$", row("a"), row()), {});
  const { problems: [problem = ""] = [] } = ofRestored(CELL, "$$", row("a"), row("$$"));
  assert.match(problem, /^ProxySet 3 ProxyName could not be restored: the device took \$\$ for a text/);
});

test("a row that was to go and is there is named, by the removal or by an owned table", () => {
  const shown = observe(`${row("a")}${row("b", "4")}`);
  const stays = (address: string) =>
    `${address} stays on the device although it was to go: remove it by hand`;
  const problems = (more: Partial<Fragment>) =>
    verifyFragment(fragment(more), shown, shown, new NameMap()).problems;
  const removedRows = new NameMap<true>([
    ["proxyset 3", true],
    ["ProxySet 9", true],
    ["IPGroup 3", true],
  ]);
  assert.deepEqual(problems({ removedRows }), [stays("proxyset 3")]);
  const declared = { parameters: {}, tables: { PROXYSET: { 4: { ProxyName: "b" } } } };
  assert.deepEqual(problems({ ownTables: ["ProxySet", "IPGroup"], declared }), [stays("ProxySet 3")]);
  assert.deepEqual(problems({ ownTables: ["ProxySet"], declared, removedRows }), [stays("proxyset 3")]);
  assert.deepEqual(problems({}), []);
});

test("a parameter that was at its default and cannot go back there is named if the device has it", () => {
  const shown = observe(`${parameter("1")};Q is hidden but has non-default value\n`);
  const { notes } = verifyFragment(
    fragment({ unsetParameters: ["p", "q", "r"] }),
    shown,
    shown,
    new NameMap(),
  );
  const stays = "was at its default before, which the device does not tell: it stays as it is";
  assert.deepEqual(notes, [`p ${stays}`, `q ${stays}`]);
});

test("whatever a device shows of a value that it was sent, exactly one of the lists or the form speaks of it", () => {
  const shown = fc.constantFrom(undefined, "a", "A", "b", "0", "00", OLD, NEW, "$$");
  const value = fc.constantFrom("a", "A", "b", "0", "00", OLD, "$$");
  fc.assert(
    fc.property(value, shown, shown, fc.boolean(), (declared, before, after, secret) => {
      const look = { declared, before, after, more: { isSecret: () => secret } };
      const { form, problems = [], mayComeLater = [], unconfirmed = [], notes = [] } = ofCell(look);
      const said = problems.length + mayComeLater.length + unconfirmed.length + (form === undefined ? 0 : 1);
      assert.equal(said, declared === after && declared !== "$$" ? 0 : 1);
      if (form !== undefined) assert.deepEqual(form.declared, declared);
      if (secret && before !== undefined && before.length > 2)
        assert.ok(![...problems, ...mayComeLater, ...notes].join().includes(before));
    }),
  );
});
