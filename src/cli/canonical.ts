import type { CliNode, CliTree, Field, SubMode } from "./tree";

/** One configuration line. */
export interface CliLine {
  /** The modes it stands in, outermost first: `["configure voip", "proxy-set 3"]`. */
  mode: readonly string[];
  /** Lower case, without `no`: `proxy-name`. */
  name: string;
  /** The words after the name, as exact text without quotes; a value with blanks is one word. */
  args: readonly string[];
  negated: boolean;
  /** Whether `set` stands before the name, as in rows of firmware 6.6 and 7.0; a device may show the line without. */
  set?: true;
  /** What the line opens, where it opens something; the lines inside follow with a longer `mode`. */
  opens?: "row" | "submode";
}

/** A line that asks. */
export interface CliQuery {
  /** The modes it needs; `show` needs none. */
  mode: readonly string[];
  text: string;
  /** How many of the configuration lines come before it. */
  at: number;
}

/**
 * What a script says, whatever it looks like: lines in the order of the script, names in lower case, values as
 * exact text without quotes, no `activate`, no `exit`, and a mode that is entered twice in a row entered once.
 */
export interface CanonicalScript {
  lines: readonly CliLine[];
  queries: readonly CliQuery[];
}

export function canonicalScript(tree: CliTree): CanonicalScript {
  return walk(tree, () => {});
}

/** The canonical form, and for each of its lines what of the text it comes from. */
export interface Traced extends CanonicalScript {
  sources: readonly (Field | SubMode)[][];
}

/** @internal */
export function trace(tree: CliTree): Traced {
  const sources: (Field | SubMode)[][] = [];
  const script = walk(tree, (at, node) => {
    const known = sources[at];
    if (known === undefined) sources[at] = [node];
    else known.push(node);
  });
  return { ...script, sources };
}

/** @param comesFrom is told the node of each line, by the line's index */
function walk(tree: CliTree, comesFrom: (at: number, node: Field | SubMode) => void): CanonicalScript {
  const lines: CliLine[] = [];
  const queries: CliQuery[] = [];
  /** Where the last line left off, outermost first, and the lines that opened it. */
  let place: readonly string[] = [];
  let openedBy: readonly number[] = [];

  const visit = (nodes: readonly CliNode[], mode: readonly string[], headers: readonly number[]): void => {
    for (const node of nodes) {
      if (node.kind === "field") {
        const { name, args, negated, set } = node;
        comesFrom(lines.length, node);
        lines.push(set ? { mode, name, args, negated, set } : { mode, name, args, negated });
        place = mode;
        openedBy = headers;
      } else if (node.kind === "submode") {
        // A spread would leave room for more, and there are many of these.
        const path = mode.concat(headerText(node.name, node.args));
        const again = path.every((text, i) => place[i] === text) ? openedBy[path.length - 1] : undefined;
        if (again !== undefined) {
          comesFrom(again, node);
          visit(node.children, path, headers.concat(again));
          continue;
        }
        const inside = headers.concat(lines.length);
        const opens = node.row ? "row" : "submode";
        comesFrom(lines.length, node);
        lines.push({ mode, name: node.name, args: node.args, negated: false, opens });
        place = path;
        openedBy = inside;
        visit(node.children, path, inside);
      } else if (node.kind === "query") {
        const show = /^(?:do )?show /i.test(`${node.text} `);
        queries.push({ mode: show ? [] : mode, text: node.text, at: lines.length });
      }
    }
  };
  visit(tree.nodes, [], []);
  return { lines, queries };
}

/** A name and its words as they stand in a mode path and in a script; a word that needs quotes has them. */
export function headerText(name: string, args: readonly string[]): string {
  let text = name;
  for (const word of args) text += ` ${wordText(word)}`;
  return text;
}

/** A line as it is sent, without its indentation. */
export function commandText({ name, args, negated, set }: CliLine): string {
  return [...(negated ? ["no"] : []), ...(set ? ["set"] : []), headerText(name, args)].join(" ");
}

/** A word, in quotes where it would not be read back as one word with this text. */
export function wordText(word: string): string {
  return PLAIN_WORD.test(word) && !DISPLAY.test(word) ? word : `"${word}"`;
}

const PLAIN_WORD = /^[\w.:/@+*%$=,&^-]+$/;
const DISPLAY = /^display$/i;
