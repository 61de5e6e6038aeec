import * as fc from "fast-check";
import { type CanonicalScript, type CliLine, canonicalScript, headerText } from "../../src/cli/canonical";
import { type ParseOptions, parseScript } from "../../src/cli/parse";

/** The canonical form of a text. */
export function read(text: string, options?: ParseOptions): CanonicalScript {
  return canonicalScript(parseScript(text, options));
}

/** Canonical lines as `mode / mode / [no] name value`, a `+` before what opens something. */
export function shortly(script: CanonicalScript): string[] {
  return script.lines.map(
    ({ mode, name, args, negated, opens }) =>
      `${opens === undefined ? "" : "+"}${[...mode, `${negated ? "no " : ""}${headerText(name, args)}`].join(" / ")}`,
  );
}

/** A script as it is meant, before it is written down in one of many ways. */
export interface Meant {
  mode: string;
  items: Item[];
}
export type Item = MeantField | MeantBlock;
export interface MeantField {
  kind: "field";
  name: string;
  args: string[];
  negated: boolean;
  set?: true | undefined;
}
export interface MeantBlock {
  kind: "block";
  name: string;
  key: string | undefined;
  fields: MeantField[];
}

export interface Style {
  indent: number;
  exits: boolean;
  activates: boolean;
  eol: string;
  lastEnd: boolean;
  upper: boolean;
  comments: boolean;
}

const MODES = ["system", "network", "voip", "troubleshoot"];
/** Rows that the parser knows, and others that it does not. */
const ROWS = ["proxy-set", "ip-group", "nat-translation", "interface network-if", "sbc classification"];
const UNKNOWN_ROWS = ["table-of-tomorrow", "new group-table"];
const SUB_MODES = ["automatic-update", "sip-definition settings", "ntp"];
const FIELDS = ["description", "src-port", "enable-it", "primary-server", "password", "list-entry"];

const value = fc.oneof(
  fc.constantFrom(
    "0",
    "5060",
    "on",
    "PS A",
    "a,b",
    "a;b",
    "; a",
    "#1",
    "00",
    "$1$abc=",
    "display",
    "exit",
    "",
  ),
  fc.stringMatching(/^[A-Za-z0-9 .:/@_#!?'*-]{1,12}$/),
);

const field = fc.record({
  kind: fc.constant("field" as const),
  name: fc.constantFrom(...FIELDS),
  args: fc.array(value, { minLength: 1, maxLength: 2 }),
  negated: fc.constant(false),
  set: fc.constantFrom(true as const, undefined, undefined),
});
const anyField = fc.oneof(
  { weight: 6, arbitrary: field },
  { weight: 1, arbitrary: field.map((one) => ({ ...one, args: [], negated: true })) },
);

function block(rows: readonly string[]): fc.Arbitrary<MeantBlock> {
  const row = fc.record({
    kind: fc.constant("block" as const),
    name: fc.constantFrom(...rows),
    key: fc.nat(9).map((n): string | undefined => String(n)),
    fields: fc.array(anyField, { minLength: 1, maxLength: 4 }),
  });
  const subMode = fc.record({
    kind: fc.constant("block" as const),
    name: fc.constantFrom(...SUB_MODES),
    key: fc.constant<string | undefined>(undefined),
    fields: fc.array(anyField, { minLength: 1, maxLength: 4 }),
  });
  return fc.oneof({ weight: 4, arbitrary: row }, { weight: 1, arbitrary: subMode });
}

/** Blocks of known and unknown names, for indented text; a mode's own fields only come before its blocks. */
export const indentedScripts: fc.Arbitrary<Meant[]> = fc.array(
  fc.record({
    mode: fc.constantFrom(...MODES),
    items: fc
      .tuple(
        fc.array(anyField, { maxLength: 2 }),
        fc.array(block([...ROWS, ...UNKNOWN_ROWS]), { maxLength: 4 }),
      )
      .map(([fields, blocks]): Item[] => [...fields, ...blocks]),
  }),
  { maxLength: 4 },
);

/** Blocks of known names alone, for flat text. */
export const flatScripts: fc.Arbitrary<Meant[]> = fc.array(
  fc.record({ mode: fc.constantFrom(...MODES), items: fc.array(block(ROWS), { maxLength: 4 }) }),
  { maxLength: 4 },
);

export const style = (indents: readonly number[]): fc.Arbitrary<Style> =>
  fc
    .record({
      indent: fc.constantFrom(...indents),
      exits: fc.boolean(),
      activates: fc.boolean(),
      eol: fc.constantFrom("\n", "\r\n", "\r\r\n", "\r", "\n\n"),
      lastEnd: fc.boolean(),
      upper: fc.boolean(),
      comments: fc.boolean(),
    })
    // In flat text something has to say where a row ends.
    .map((one) => (one.indent === 0 && !one.exits ? { ...one, activates: true } : one));

/** Writes it down in that way, each value as the device may show it. */
export function write(script: readonly Meant[], how: Style): string {
  const lines: string[] = [];
  const put = (level: number, text: string) => lines.push(" ".repeat(level * how.indent) + text);
  // Only what is known to be a name has no case.
  const name = (text: string) =>
    !how.upper
      ? text
      : UNKNOWN_ROWS.includes(text)
        ? text.replace(/^\S+/, (first) => first.toUpperCase())
        : text.toUpperCase();
  const say = (level: number, { name: own, args, negated, set }: MeantField) =>
    put(
      level,
      [negated ? "no" : "", set ? name("set") : "", name(own), ...args.map(quoted)]
        .filter((word) => word !== "")
        .join(" "),
    );
  for (const { mode, items } of script) {
    if (how.comments) put(0, "## heading");
    put(0, `configure ${mode}`);
    for (const item of items) {
      if (how.comments) lines.push("", '! a note "without an end');
      if (item.kind === "field") say(1, item);
      else {
        put(1, [name(item.name), ...(item.key === undefined ? [] : [item.key])].join(" "));
        for (const inside of item.fields) say(2, inside);
        if (how.activates) put(2, "activate");
        if (how.exits) put(1, "exit");
      }
    }
    if (how.exits) put(0, "exit");
  }
  return lines.join(how.eol) + (how.lastEnd ? how.eol : "");
}

/** The canonical lines that this must give, told without the parser. */
export function linesOf(script: readonly Meant[]): CliLine[] {
  const lines: CliLine[] = [];
  let last: string[] = [];
  const enter = (mode: string[], name: string, args: string[], opens: "row" | "submode") => {
    const path = [...mode, [name, ...args].join(" ")];
    if (!path.every((text, i) => last[i] === text)) {
      lines.push({ mode, name, args, negated: false, opens });
      last = path;
    }
    return path;
  };
  const say = (mode: string[], { name, args, negated, set }: MeantField) => {
    lines.push({ mode, name, args, negated, ...(set && { set }) });
    last = mode;
  };
  for (const { mode, items } of script) {
    const path = enter([], "configure", [mode], "submode");
    for (const item of items) {
      if (item.kind === "field") say(path, item);
      else {
        const [first = "", ...rest] = item.name.split(" ");
        // Of a name that is not known only the first word is taken for the name.
        const known = !UNKNOWN_ROWS.includes(item.name);
        const [name, args] = known ? [item.name, []] : [first, rest];
        const key = item.key === undefined ? [] : [item.key];
        const inside = enter(path, name, [...args, ...key], item.key === undefined ? "submode" : "row");
        for (const one of item.fields) say(inside, one);
      }
    }
  }
  return lines;
}

function quoted(text: string): string {
  return /^[A-Za-z0-9.:/_-]+$/.test(text) && text !== "display" ? text : `"${text}"`;
}
