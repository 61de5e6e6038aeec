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
  const { lines, queries } = trace(tree);
  return { lines, queries };
}

/** The canonical form, and for each of its lines what of the text it comes from. */
export interface Traced extends CanonicalScript {
  sources: readonly (Field | SubMode)[][];
}

/** @internal */
export function trace(tree: CliTree): Traced {
  const tracer = new Tracer();
  tracer.nodes(tree.nodes, { path: [], headers: [] });
  const { lines, sources, queries } = tracer;
  return { lines, sources, queries };
}

/** A mode: the texts that lead to it, outermost first, and for each the index of the line that opened it. */
interface Mode {
  path: readonly string[];
  headers: readonly number[];
}

class Tracer {
  readonly lines: CliLine[] = [];
  readonly sources: (Field | SubMode)[][] = [];
  readonly queries: CliQuery[] = [];
  /** The mode of the last line. */
  #last: Mode = { path: [], headers: [] };

  nodes(nodes: readonly CliNode[], mode: Mode): void {
    for (const node of nodes) {
      if (node.kind === "submode") this.#submode(node, mode);
      else if (node.kind === "field") {
        const { name, args, negated, set } = node;
        this.#add(node, { mode: mode.path, name, args, negated, ...(set && { set }) });
        this.#last = mode;
      } else if (node.kind === "query") {
        const isShow = /^(?:do )?show /i.test(`${node.text} `);
        this.queries.push({ mode: isShow ? [] : mode.path, text: node.text, at: this.lines.length });
      }
    }
  }

  /** A mode that was left just now and is entered again goes on: no second line opens it. */
  #submode(node: SubMode, mode: Mode): void {
    const { name, args, row, children } = node;
    const path = [...mode.path, headerText(name, args)];
    const open = path.every((text, at) => this.#last.path[at] === text);
    const again = open ? this.#last.headers[path.length - 1] : undefined;
    if (again !== undefined) {
      this.sources[again]?.push(node);
      this.nodes(children, { path, headers: [...mode.headers, again] });
      return;
    }
    const header = this.#add(node, {
      mode: mode.path,
      name,
      args,
      negated: false,
      opens: row ? "row" : "submode",
    });
    this.#last = { path, headers: [...mode.headers, header] };
    this.nodes(children, this.#last);
  }

  /** @returns the index of the line */
  #add(source: Field | SubMode, line: CliLine): number {
    this.sources.push([source]);
    return this.lines.push(line) - 1;
  }
}

/** A name and its words as they stand in a mode path and in a script; a word that needs quotes has them. */
export function headerText(name: string, args: readonly string[]): string {
  return [name, ...args.map(wordText)].join(" ");
}

/** A line as it is sent, without its indentation. */
export function commandText({ name, args, negated, set }: CliLine): string {
  return [...(negated ? ["no"] : []), ...(set ? ["set"] : []), headerText(name, args)].join(" ");
}

/** A word, in quotes where it would not be read back as one word with this text. */
export function wordText(word: string): string {
  return /^[\w.:/@+*%$=,&^-]+$/.test(word) && word.toLowerCase() !== "display" ? word : `"${word}"`;
}
