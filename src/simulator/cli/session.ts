import { refersToNothing } from "../config/load";
import type { FieldModel } from "../config/model";
import type { NameMap } from "../config/name-map";
import type { ConfigStore, Row } from "../config/store";
import type { CliField, CliModel, ModeModel, RowCommand, SubModeCommand } from "./model";
import { putRow, type RowAddress, removeRow } from "./rows";
import { readItems } from "./values";
import { readWords } from "./words";

/** What a script did: what it printed, and the text of the line at which it ended early. */
export interface CliOutcome {
  output: string[];
  failure?: string;
  /** Whether the answer says no more than that it went well. */
  bare?: boolean;
}

/** What a session works on. */
export interface CliContext {
  model: CliModel;
  store: ConfigStore;
  /** Parameters, and columns as `Table.Column`, that keep their value whatever a script says. */
  ignores(name: string): boolean;
  /** The answer to `show` and what follows it; undefined if there is no such query. */
  show(words: readonly string[]): string[] | undefined;
  /** The rows of a command as an export prints them. */
  display(command: RowCommand): string[];
  /** With a whole script: the configuration that it replaces. A table is emptied when its command comes first. */
  replaces?: ConfigStore;
}

type Level =
  | { kind: "mode"; model: ModeModel }
  | { kind: "sub-mode"; model: SubModeCommand }
  | { kind: "row"; address: RowAddress; cells: Row }
  /** In `configure data`. */
  | { kind: "group"; place: string };

/** A line that the device refuses; the message is what it prints. */
class LineRefusal extends Error {}

/** Actions that ask back or take long (REST API of version 7.4, "Incremental CLI Script"). */
const ACTIONS = new Set(
  `admin clear copy debug delete disable enable erase nslookup ping quit reload reset ssh telnet traceroute undebug
  usb wr write`.split(/\s+/),
);
/** `#` heads the parts of an export. The other two are not sighted: users write them, and they do no harm. */
const COMMENT = /^[#!;]/;

/**
 * One run of a script. Lines take effect one by one: a parameter at once, a row when `activate` or `exit` comes in
 * it. A row that is left by the next command or by the end of the script loses its edit. The first line that the
 * device refuses ends the run, and what came before stays: there is no rollback.
 */
export class CliSession {
  readonly #context: CliContext;
  readonly #output: string[] = [];
  readonly #emptied = new Set<RowCommand>();
  /** From the mode to the row that is open. */
  #levels: Level[] = [];

  constructor(context: CliContext) {
    this.#context = context;
  }

  /** Lines end in LF, or in any number of CR before it: terminals double them. */
  run(script: string): CliOutcome {
    for (const line of script.split("\n").map((each) => each.trim())) {
      if (line === "" || COMMENT.test(line)) continue;
      try {
        this.#line(line);
      } catch (error) {
        if (error instanceof LineRefusal) return { output: this.#output, failure: error.message };
        throw error;
      }
    }
    return { output: this.#output };
  }

  #line(line: string): void {
    const words = readWords(line) ?? [];
    if (this.#command(words, line)) return;
    const command = words[0]?.toLowerCase() ?? "";
    if (ACTIONS.has(command))
      throw new LineRefusal(`Command "${command}" is not supported in CLI script: ${line}`);
    throw new LineRefusal(`Invalid command: ${line}`);
  }

  /** Whether the line is a command where the session is. */
  #command(words: readonly string[], line: string): boolean {
    const [first = "", ...rest] = words;
    switch (first.toLowerCase()) {
      case "show":
        return this.#print(this.#context.show(rest.map((word) => word.toLowerCase())));
      case "do":
        return rest[0]?.toLowerCase() === "show" && this.#command(rest, line);
      case "configure":
        return this.#configure(rest);
      case "exit":
        return rest.length === 0 && this.#exit();
      case "activate":
        return rest.length === 0 && this.#activate();
      case "no":
        return this.#isInData ? this.#data(words) : this.#no(rest);
      case "set":
        if (this.#isInData) return this.#data(words);
        return this.#context.model.takesSet && this.#field(rest, line);
      default:
        if (this.#isInData) return this.#data(words);
        return this.#field(words, line) || this.#open(words) || this.#display(words);
    }
  }

  get #isInData(): boolean {
    const [level] = this.#levels;
    return level?.kind === "mode" && level.model.mode === "data";
  }

  /** A line of a group takes effect at once; the next header closes the group that is open. */
  #data(words: readonly string[]): boolean {
    const { router } = this.#context.store;
    const level = this.#levels.at(-1);
    const place = level?.kind === "group" ? level.place : undefined;
    const done = router.run(words, place);
    if (done === false) return false;
    if (done.place === place) return true;
    this.#levels.length = 1;
    if (done.place !== undefined) this.#levels.push({ kind: "group", place: done.place });
    return true;
  }

  #print(lines: string[] | undefined): boolean {
    for (const line of lines ?? []) this.#output.push(line);
    return lines !== undefined;
  }

  /** Leads into the mode from wherever the session is. */
  #configure(words: readonly string[]): boolean {
    const model = this.#context.model.mode(words.join(" "));
    if (model) this.#levels = [{ kind: "mode", model }];
    return model !== undefined;
  }

  #exit(): boolean {
    const level = this.#levels.at(-1);
    if (level?.kind === "row") this.#apply(level);
    this.#levels.pop();
    return true;
  }

  #activate(): boolean {
    const level = this.#levels.at(-1);
    if (level?.kind === "row") this.#apply(level);
    if (level?.kind === "row" || level?.kind === "sub-mode") this.#output.push("Done");
    return level !== undefined && level.kind !== "mode";
  }

  #no(words: readonly string[]): boolean {
    const field = words.length === 1 ? this.#fields().get(words[0] ?? "") : undefined;
    if (field) {
      this.#set(field, [field.field.default]);
      return true;
    }
    const found = this.#header(words);
    if (found?.kind !== "row") return false;
    this.#emptyOnce(found.address.command);
    removeRow(this.#context.store, found.address);
    return true;
  }

  #field(words: readonly string[], line: string): boolean {
    const [name = "", ...values] = words;
    const field = this.#fields().get(name);
    if (!field) return false;
    const items = readItems(field, values);
    const inRow = this.#levels.at(-1)?.kind === "row";
    if (
      !items?.every((item) => canHold(field.field, item, inRow)) ||
      refersToNothing(field.field, items[0] ?? "", this.#context.store)
    )
      throw new LineRefusal(`Invalid value: ${line}`);
    this.#set(field, items);
    return true;
  }

  #set({ field }: CliField, items: readonly string[]): void {
    const { store, ignores } = this.#context;
    const level = this.#levels.at(-1);
    if (level?.kind === "row") {
      if (!ignores(`${level.address.command.table.name}.${field.name}`))
        level.cells[field.name] = items[0] ?? "";
    } else if (!ignores(field.name)) store.setParameter(field.name, items);
  }

  /** Opens a row or a sub-mode, of this level or of one around it: what is inside is left, and its edit lost. */
  #open(words: readonly string[]): boolean {
    const found = this.#header(words);
    if (!found) return false;
    this.#levels.length = found.depth;
    const around = this.#levels.at(-1);
    // A row must exist before there is anything inside it.
    if (around?.kind === "row") this.#apply(around);
    if (found.kind === "row") this.#emptyOnce(found.address.command);
    this.#levels.push(
      found.kind === "row"
        ? { kind: "row", address: found.address, cells: {} }
        : { kind: "sub-mode", model: found.model },
    );
    return true;
  }

  /** What the words open, and how many levels stay open around it. */
  #header(
    words: readonly string[],
  ):
    | { kind: "row"; address: RowAddress; depth: number }
    | { kind: "sub-mode"; model: SubModeCommand; depth: number }
    | undefined {
    const whole = words.join(" ").toLowerCase();
    const command = words.slice(0, -1).join(" ").toLowerCase();
    const key = words.at(-1) ?? "";
    for (let depth = this.#levels.length; depth > 0; depth--) {
      const level = this.#levels[depth - 1];
      if (!level || level.kind === "sub-mode" || level.kind === "group") continue;
      const subModes = level.kind === "mode" ? level.model.subModes : [];
      const subMode = subModes.find((each) => each.command === whole);
      if (subMode) return { kind: "sub-mode", model: subMode, depth };
      const rows =
        level.kind === "mode" ? [...level.model.rows, ...level.model.guests] : level.address.command.rows;
      const row = rows.find((each) => each.command === command);
      if (!row || !isKey(row, key)) continue;
      const outer = level.kind === "row" ? level.address : undefined;
      const normal = row.key?.type === "text" ? key : String(Number(key));
      return { kind: "row", address: { command: row, key: normal, outer }, depth };
    }
    return undefined;
  }

  /** `<row command> display`: its rows; `display` in a row: the rows of its command. */
  #display(words: readonly string[]): boolean {
    const level = this.#levels.at(-1);
    if (level?.kind === "row" && words.join(" ").toLowerCase() === "display")
      return this.#print(this.#context.display(level.address.command));
    if (level?.kind !== "mode" || words.at(-1)?.toLowerCase() !== "display") return false;
    const command = words.slice(0, -1).join(" ").toLowerCase();
    const row = level.model.rows.find((each) => each.command === command);
    return this.#print(row && this.#context.display(row));
  }

  #fields(): Pick<NameMap<CliField>, "get"> {
    const level = this.#levels.at(-1);
    if (!level) return { get: () => undefined };
    if (level.kind === "group") return { get: () => undefined };
    return level.kind === "row" ? level.address.command.fields : level.model.fields;
  }

  #apply(level: Level & { kind: "row" }): void {
    const { store, replaces } = this.#context;
    const { command, key } = level.address;
    if (!putRow(store, level.address, level.cells, replaces))
      throw new LineRefusal(`Invalid command: the row around ${command.command} ${key} does not exist`);
    level.cells = {};
  }

  /** A whole script replaces the tables that it names, with the rows inside theirs. */
  #emptyOnce(command: RowCommand): void {
    if (!this.#context.replaces || this.#emptied.has(command)) return;
    this.#emptied.add(command);
    this.#context.store.clearTable(command.table.name);
    for (const inner of command.rows) this.#emptyOnce(inner);
  }
}

const isKey = ({ key }: RowCommand, word: string): boolean =>
  key?.type === "text" ? word !== "" && canHold(key, word, true) : /^\d{1,9}$/.test(word);

/** What no ini file could carry is none of the device's values. */
const canHold = ({ type }: FieldModel, value: string, inRow: boolean): boolean =>
  !(value.includes("\r") || (inRow && value.includes('"')) || (type === "list" && value.includes("'")));
