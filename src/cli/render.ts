import { type CanonicalScript, type CliLine, type CliQuery, commandText } from "./canonical";
import { CliSyntaxError } from "./errors";
import { knownHeader } from "./names";

/**
 * The script that the device accepts (LTRT-41760 section 6.2): one space a level, each row and sub-mode ended by
 * `activate` and `exit` (in `configure data` by `exit` alone), each line by CRLF.
 *
 * @throws {CliSyntaxError} if a line could break out of its place; the message names it, without its value.
 */
export function renderScript({ lines, queries }: CanonicalScript): string {
  const writer = new Writer([]);
  let next = 0;
  for (const [i, line] of [...lines, undefined].entries()) {
    for (let query = queries[next]; query !== undefined && query.at <= i; query = queries[++next]) {
      checkQuery(query);
      writer.query(query);
    }
    if (line === undefined) continue;
    checkLine(line);
    writer.line(line);
  }
  return writer
    .end()
    .map((text) => `${text}\r\n`)
    .join("");
}

/**
 * The text of what a device holds, lines that all stand in `mode` or deeper, each indented by its level below it.
 * For people to read: nothing is refused, so it is not to be sent.
 */
export function showLines(lines: readonly CliLine[], mode: readonly string[]): string[] {
  const writer = new Writer(mode);
  for (const line of lines) writer.line(line);
  return writer.end();
}

/** A sub-mode that the text stands in. */
interface Level {
  text: string;
  /** Whether something in it waits for `activate`. */
  edited: boolean;
  empty: boolean;
}

class Writer {
  readonly #lines: string[] = [];
  readonly #levels: Level[];

  constructor(readonly base: readonly string[]) {
    this.#levels = base.map((text) => ({ text, edited: false, empty: false }));
  }

  line(line: CliLine): void {
    this.#goTo(line.mode);
    const text = commandText(line);
    if (line.opens !== undefined) this.#open(text, line.opens === "row");
    else this.#field(text);
  }

  query({ mode, text }: CliQuery): void {
    this.#goTo(mode);
    const level = this.#levels[this.#levels.length - 1];
    // It shows the row that it stands in: what was set before it has to be there.
    if (level?.edited && DISPLAY.test(text)) this.#activate(level);
    this.#write(text);
  }

  end(): string[] {
    while (this.#levels.length > this.base.length) this.#close();
    return this.#lines;
  }

  /** Leaves what the next line does not stand in, and enters what it does. */
  #goTo(mode: readonly string[]): void {
    let common = 0;
    while (common < mode.length && this.#levels[common]?.text === mode[common]) common += 1;
    while (this.#levels.length > Math.max(common, this.base.length)) this.#close();
    for (const text of mode.slice(this.#levels.length)) this.#open(text, false);
  }

  #open(text: string, row: boolean): void {
    const parent = this.#levels[this.#levels.length - 1];
    // A row must exist before rows can be made inside it.
    if (parent?.edited === true) this.#activate(parent);
    if (parent !== undefined) parent.empty = false;
    this.#write(text);
    this.#levels.push({ text, edited: row, empty: true });
  }

  #field(text: string): void {
    this.#write(text);
    const level = this.#levels[this.#levels.length - 1];
    if (level === undefined) return;
    level.empty = false;
    level.edited = this.#levels.length > 1;
  }

  #close(): void {
    const level = this.#levels[this.#levels.length - 1];
    if (level === undefined) return;
    if (this.#levels.length > 1 && (level.edited || level.empty)) this.#activate(level);
    this.#levels.pop();
    this.#write("exit");
  }

  #activate(level: Level): void {
    level.edited = false;
    // The lines of a router take effect at once: its guides have no `activate` there. But an empty group that
    // is no interface would read as a line.
    const isData = this.#levels[0]?.text === "configure data";
    const isKnown = knownHeader("data", level.text.split(" "))?.mode === "data";
    const isInterface = isKnown && this.#levels.length === 2;
    if (!isData || (level.empty && !isInterface)) this.#write("activate");
  }

  #write(text: string): void {
    this.#lines.push(" ".repeat(this.#levels.length - this.base.length) + text);
  }
}

const NAME = /^[a-z0-9][^\s"#!;]*(?: [a-z0-9][^\s"#!;]*)*$/;
/** A mode path is made of what `headerText` gives. */
const MODE = /^(?:[^"#!;]|"[^"]*")+$/;
/** A row, asked for itself. */
const DISPLAY = /^display$/i;
const RESERVED = new Set(["exit", "activate", "configure", "no", "show", "do"]);

function checkLine({ mode, name, args }: CliLine): void {
  checkMode(mode);
  const reserved = RESERVED.has(name) && !(name === "configure" && mode.length === 0);
  if (!NAME.test(name) || unprintable(name) || reserved)
    throw new CliSyntaxError(`a line of \`${mode.join(" / ")}\` begins with a word that is no command`);
  for (const arg of args) {
    const breaks = unprintable(arg) ? "a control character" : /"/.exec(arg)?.[0];
    if (breaks !== undefined)
      throw new CliSyntaxError(
        `${[...mode, name].join(" / ")}: the value has ${breaks}, which would end it early; the device knows no escape`,
      );
  }
}

function checkQuery({ mode, text }: CliQuery): void {
  checkMode(mode);
  if (!/^(?:show|do show)( |$)|(?:^| )display$/i.test(text) || unprintable(text) || text.includes(";"))
    throw new CliSyntaxError("a query is one line that begins with `show`, without a semicolon");
}

function checkMode(mode: readonly string[]): void {
  if (mode.some((text) => unprintable(text) || !MODE.test(text)))
    throw new CliSyntaxError("the mode of a line has a character that would end it early");
}

/** Line ends and everything else that a terminal would act on. */
function unprintable(text: string): boolean {
  return /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text);
}
