import type { ConfigStore } from "../../src/simulator";
import { reveal } from "../../src/simulator/config/secrets";
import type { Goal, Held, Outcome, UpFlags } from "./engine";
import type { WireRecord } from "./network";
import { CLI_PLACES, heldAt, heldOf, type Place } from "./palette";
import type { Inputs } from "./program";

/*
 * Judges from the device's own store and from what went over the network. It knows nothing of how the package works:
 * only what was promised.
 */

/** What is wrong, one sentence each. */
export class Findings extends Error {
  constructor(readonly findings: readonly string[]) {
    super(findings.join("\n"));
  }
}

/** What happened while a command ran, beside the command itself. */
export interface Circumstances {
  /** Whether anything went wrong on purpose. */
  faulty: boolean;
  /** The device lost what was not saved. */
  plugged: boolean;
  /** The device does later what it says it has done. */
  late: boolean;
  records: readonly WireRecord[];
  mostWrites: number;
  /** When the engine ended, and with it all that may be sent. */
  goneAt?: number | undefined;
  lines: readonly string[];
}

/** What a command may change. */
interface Permits {
  /** The values that may come to stand at an address. */
  values: Map<string, Set<string>>;
  /** Rows that may go. */
  rows: Set<string>;
  /** Tables whose rows may go. */
  tables: Set<string>;
}

export class Auditor {
  readonly findings: string[] = [];
  private known: Sight;
  private permits: Permits = { values: new Map(), rows: new Set(), tables: new Set() };
  /** What our requests have changed and no save has stored yet. */
  private unsaved = new Set<string>();
  /** What the device has damaged, with what stood there: it has to come back. */
  private damaged = new Map<string, string>();
  private what = "before the first command";
  private isLate = false;
  private atBegin: Sight;
  /** The state when the command began, and what its program declares. */
  private held: readonly Held[] = [];
  private goals: readonly Goal[] = [];

  constructor(
    private readonly running: ConfigStore,
    private readonly flash: ConfigStore,
  ) {
    this.known = sightOf(running);
    this.atBegin = this.known;
  }

  find(what: string): void {
    this.findings.push(`${this.what}: ${what}`);
  }

  /** A command begins. */
  begin(what: string, state: readonly Held[], goals: readonly Goal[], isLate = false): void {
    this.what = what;
    this.isLate = isLate;
    this.atBegin = this.known;
    this.held = state;
    this.goals = goals;
    this.permits = permitsOf(state, goals);
  }

  /** Looks at the device after a write: what nobody declared stands as it stood. */
  look(): void {
    const now = sightOf(this.running);
    const { known } = this;
    for (const [address, was, is, row] of differences(known, now)) {
      this.unsaved.add(address);
      if (is !== undefined && this.damaged.get(address) === is) this.damaged.delete(address);
      else if (is === undefined) {
        if (!this.mayGo(address)) this.find(`${address} is nobody's and was taken away (${shown(was)})`);
      } else if (!this.mayBecome(address, is, known.rows.has(row) ? undefined : row))
        this.find(`${address} is nobody's and was changed from ${shown(was)} to ${shown(is)}`);
    }
    this.known = now;
    for (const address of this.unsaved)
      if (valueIn(sightOf(this.flash), address) === valueIn(now, address)) this.unsaved.delete(address);
  }

  /** Something changed the device that was not us. */
  accept(): void {
    this.known = sightOf(this.running);
  }

  /** Whether a row stood before the step. */
  stood(table: string, index: string): boolean {
    return this.atBegin.rows.has(`${table} ${index}`);
  }

  /** The device damaged what an upload has sent again as it stood. */
  expectBack(): void {
    const now = sightOf(this.running);
    for (const [address, was] of differences(this.known, now))
      if (was !== undefined && !this.damaged.has(address)) this.damaged.set(address, was);
    this.known = now;
  }

  /** The device started again with what was saved. */
  acceptReset(): void {
    this.unsaved.clear();
    this.damaged.clear();
    this.accept();
  }

  /** What holds of every command, whatever happened to it. */
  judgeWire({ records, mostWrites, goneAt }: Circumstances, mayWrite: boolean): void {
    const writes = records.filter(({ method }) => method !== "GET");
    if (!mayWrite && writes.length > 0) this.find(`it wrote: ${writes[0]?.method} ${writes[0]?.path}`);
    if (mostWrites > 1) this.find(`${mostWrites} writes were under way at once`);
    if (goneAt !== undefined && writes.some(({ sentAt }) => sentAt > goneAt))
      this.find("a write was sent although the engine was gone");
    for (const [at, lost] of writes.entries()) {
      if (lost.status !== undefined || !lost.arrived || lost.endedAt === undefined) continue;
      const again = writes.slice(at + 1).find(({ path }) => path === lost.path);
      if (again === undefined || !lost.path.endsWith("/incremental")) continue;
      const { endedAt } = lost;
      const looked = records.some(
        ({ method, path, sentAt, status }) =>
          method === "GET" &&
          /^\/files\/(ini|cliScript)$/.test(path) &&
          sentAt >= endedAt &&
          sentAt < again.sentAt &&
          status === 200,
      );
      if (!looked) this.find(`${lost.path} was sent again after a lost answer, without a look at the device`);
    }
  }

  /** No secret is in anything that is shown or stored in plain. */
  judgeSecrets(lines: readonly string[], outcomes: Iterable<Outcome>, state: Iterable<Held>): void {
    const texts = [...lines];
    for (const { reasons = [] } of outcomes) texts.push(...reasons);
    for (const text of texts)
      if (readingsOf(text).some((one) => SECRET.test(one))) this.find(`a secret is shown: ${text}`);
    for (const { name, outs } of state) {
      const place = secretIn(outs, []);
      if (place !== undefined) this.find(`a secret is in the state of ${name} in plain: ${place}`);
    }
  }

  /** What a preview promised. */
  judgePreview(
    preview: ReadonlyMap<string, Outcome>,
    up: ReadonlyMap<string, Outcome>,
    { records }: Circumstances,
    { readFailed, flags }: { readFailed: boolean; flags: UpFlags },
  ): void {
    if (readFailed) return;
    for (const [name, { op }] of up) {
      const said = preview.get(name)?.op ?? "nothing";
      // One that is read when another has done the same already has nothing left to do.
      if (flags.refresh === "between" && said === "update" && op === "same") continue;
      if (said !== op) this.find(`the preview said ${said} of ${name}, and it was ${op}`);
    }
    const acts = [...preview.values()].some(({ op }) => op !== "same");
    const write = records.find(({ method }) => method !== "GET");
    if (!acts && write !== undefined)
      this.find(`the preview was empty, and the run sent ${write.method} ${write.path}`);
  }

  /** What the device damaged stands again, or the run says that it failed. */
  judgeDamage(outcomes: Iterable<Outcome>, wasKilled: boolean): void {
    const damaged = [...this.damaged.keys()];
    this.damaged.clear();
    const wentWell = [...outcomes].every(({ reasons }) => reasons?.length === 0);
    if (wasKilled || !wentWell || damaged.length === 0) return;
    this.find(`all went well, and ${damaged.join(", ")} stayed as an upload has damaged it`);
  }

  /** What was said to have been done is so. */
  judgeUp(
    outcomes: ReadonlyMap<string, Outcome>,
    state: ReadonlyMap<string, Held>,
    flags: UpFlags,
    { faulty, plugged, late, lines }: Circumstances,
  ): void {
    for (const [name, { op, reasons }] of outcomes) {
      if (!faulty && reasons === undefined) this.find(`${name} (${op}) never ended`);
      if (!faulty && reasons !== undefined && reasons.length > 0)
        this.find(`${name} (${op}) failed although nothing went wrong: ${reasons.join("; ")}`);
      if (reasons?.some((reason) => reason.trim() === "")) this.find(`${name} failed without a word`);
      const held = state.get(name);
      if (reasons === undefined || reasons.length > 0 || held === undefined || op === "delete") continue;
      const isJudged = op !== "same" || (flags.refresh !== "none" && !faulty);
      if (isJudged) this.judgeDeclared(held, op, { plugged, late });
    }
    if (!faulty)
      for (const line of lines)
        if (/not by this run|by someone else/.test(line))
          this.find(`nobody else was there, and the log says: ${line}`);
  }

  /** Nothing went wrong: what resources let go of and restore is as it was before them, unless others declare it. */
  judgeRestored(outcomes: ReadonlyMap<string, Outcome>, { lines }: Circumstances): void {
    for (const { name, kind, outs } of this.held) {
      const { op, reasons } = outcomes.get(name) ?? {};
      if (kind !== "ini" || reasons?.length !== 0 || (op !== "delete" && op !== "update")) continue;
      const goal = this.goals.find((one) => one.name === name);
      const { onRelease, ownTables } = goal?.inputs ?? outs;
      if (onRelease !== "restore") continue;
      const own = goal === undefined ? [] : [...declaredBy(goal.inputs)].map(([one]) => one);
      const others = [...this.goals, ...this.held].filter((one) => one.name !== name);
      for (const [address, value] of Object.entries((outs["previous"] as Inputs | undefined) ?? {})) {
        const [table = ""] = address.split(" ");
        const isDeclared = own.some((one) => one === address || one.startsWith(`${address} `));
        if (isDeclared || (ownTables as string[] | undefined)?.includes(table)) continue;
        // What others have to do with the table or parameter may take it over.
        if (others.some(({ inputs }) => touches(inputs, table))) continue;
        // The row is gone, by hand, and the run says so.
        const row = rowOf(address);
        const isGone = row !== undefined && !this.known.rows.has(row);
        if (isGone && lines.some((line) => line.includes(`${row} is gone from the device`))) continue;
        if (value !== null) this.judgeBack(`${name} (${op})`, address, String(value));
        // One that somebody has changed meanwhile stays, and the run says so.
        else if (this.known.rows.has(address) && !lines.some((line) => line.includes(address)))
          this.find(`${name} (${op}) succeeded, and ${address} stays, which was not there before`);
      }
    }
  }

  private judgeBack(who: string, address: string, value: string): void {
    const place = placeAt(address);
    const live = heldAt(this.running, place);
    const was = heldOf(reveal(value));
    if (live !== was && !this.isDefault(place, live, was))
      this.find(`${who} succeeded, and ${address} is ${shown(live)}, not ${shown(was)} as before`);
  }

  /** Nothing went wrong: nothing is sent twice, and it is saved only if somebody asks for that. */
  judgeThrift(outcomes: ReadonlyMap<string, Outcome>, { records }: Circumstances): void {
    const all = [...this.held, ...this.goals];
    const isSaved = ({ name, kind }: Pick<Goal, "name" | "kind">) =>
      kind === "saved" && outcomes.has(name) && outcomes.get(name)?.op !== "same";
    const asked = new Set(all.filter(isSaved).map(({ name }) => name)).size;
    const wants = all.some(({ kind, inputs }) => kind !== "saved" && inputs["save"] !== false);
    const writes = records.filter(({ method }) => method !== "GET");
    const saves = writes.filter(({ path }) => path === "/actions/saveConfiguration").length;
    if (!wants && saves > asked) this.find("it saved, and nobody asked for that");
    const scripts = this.goals.flatMap(({ inputs: { script, variables } }) =>
      script === undefined ? [] : JSON.stringify([script, variables]),
    );
    // A script with a secret is run although another has done the same.
    const haveTwins = new Set(scripts).size < scripts.length;
    const addresses = this.goals.flatMap(({ inputs }) => [...declaredBy(inputs)].map(([one]) => one));
    // What the device shows in another form is sent by each resource that declares it.
    const shareAddresses = new Set(addresses).size < addresses.length;
    for (const [at, { path, body }] of writes.entries()) {
      const before = writes[at - 1];
      if (body === undefined || (haveTwins && path.startsWith("/files/cliScript"))) continue;
      if (shareAddresses && path.startsWith("/files/ini")) continue;
      if (before?.path === path && before.body === body) this.find(`${path} got the same twice in a row`);
    }
  }

  /** A change went well, at this moment. What saves later for another reason does not make it true. */
  judgeSaved({ name, inputs }: Held, late: boolean): void {
    if (late || inputs["save"] === false) return;
    for (const [address] of declaredBy(inputs))
      if (this.unsaved.has(address))
        this.find(`${name} succeeded, and ${address} was not saved at that moment`);
  }

  /** After a refresh the state says what the device holds. */
  judgeRefreshed(state: Iterable<Held>): void {
    for (const { name, kind, inputs } of state) {
      if (kind !== "ini") continue;
      for (const [address, value] of declaredBy(inputs)) {
        const place = placeAt(address);
        const live = heldAt(this.running, place);
        // A secret of a row that nobody declares is not repeated.
        if (value === "(secret)") continue;
        const said = heldOf(reveal(value));
        if (live !== said && !this.isDefault(place, live, said))
          this.find(
            `the refresh of ${name} says ${shown(value)} for ${address}, and the device has ${shown(live)}`,
          );
      }
    }
  }

  /** Some devices show a parameter that is at its default, and hold nothing all the same. */
  private isDefault(
    { table, name }: Pick<Place, "table" | "name">,
    live: string | undefined,
    said: string,
  ): boolean {
    return live === undefined && table === undefined && said === this.running.model.parameter(name)?.default;
  }

  private judgeDeclared(
    { name, inputs }: Held,
    op: string,
    { plugged, late }: Pick<Circumstances, "plugged" | "late">,
  ): void {
    const saves = inputs["save"] !== false;
    if (!late && !plugged) this.judgeOwned(`${name} (${op})`, inputs);
    for (const [address, value] of declaredBy(inputs)) {
      const place = placeAt(address);
      const live = heldAt(this.running, place);
      if (plugged && !saves) continue;
      // What a device does after it has said that it is done, and after it was looked at, nobody can tell.
      if (late) continue;
      // An ignored change leaves what a refresh found, which for a secret is the device's form of it.
      const wanted = heldOf(reveal(value));
      if (live !== wanted && !this.isDefault(place, live, wanted))
        this.find(`${name} (${op}) succeeded, and ${address} is ${shown(live)} in place of ${shown(value)}`);
      else if (saves && this.unsaved.has(address) && heldAt(this.flash, place) !== live)
        this.find(`${name} (${op}) succeeded, and ${address} is not saved`);
    }
  }

  /** A table that belongs to a resource has the rows that it declares, and no other. */
  private judgeOwned(who: string, inputs: Inputs): void {
    const declared = new Set([...declaredBy(inputs)].map(([address]) => rowOf(address)));
    for (const table of (inputs["ownTables"] as string[] | undefined) ?? [])
      for (const [index] of this.running.rows(table))
        if (!declared.has(`${table} ${index}`))
          this.find(`${who} succeeded, and ${table} ${index} stands in the table that it owns`);
  }

  /** @param madeRow the row, if it was not there before: the device fills in what it was not told */
  private mayBecome(address: string, value: string, madeRow: string | undefined): boolean {
    const { values } = this.permits;
    const permitted = values.get(address);
    if (permitted?.has(value) || permitted?.has("*")) return true;
    if (this.mayBeUndone(address, value)) return true;
    if (madeRow === undefined || madeRow === "") return false;
    for (const one of values.keys()) if (one.startsWith(`${madeRow} `)) return true;
    return false;
  }

  /** A device that is late with one table undoes what came to it meanwhile. @param value undefined if the row goes */
  private mayBeUndone(address: string, value?: string): boolean {
    const row = rowOf(address);
    if (!this.isLate || row === undefined) return false;
    return !this.atBegin.rows.has(row) || (value !== undefined && valueIn(this.atBegin, address) === value);
  }

  private mayGo(address: string): boolean {
    const row = rowOf(address);
    if (this.mayBeUndone(address)) return true;
    if (row === undefined) {
      const permitted = this.permits.values.get(address);
      const { default: usual = "" } = this.running.model.parameter(address) ?? {};
      return permitted !== undefined && (permitted.has("*") || permitted.has(usual));
    }
    return this.permits.rows.has(row) || this.permits.tables.has(row.split(" ")[0] ?? "");
  }
}

/** A secret in plain, or in the device's form of it. */
const SECRET = /canary|\$1\$[A-Za-z0-9+/]{6}/i;

const ESCAPE = /%([0-9a-f]{2})|&#x([0-9a-f]+);|\\u([0-9a-f]{4})/gi;

/** A text as it is, and as who undoes escapes and base64 reads it. */
function readingsOf(text: string): string[] {
  const readings = [text];
  let plain = text;
  for (let round = 0; round < 3 && /[%&\\]/.test(plain); round++) {
    plain = plain.replace(ESCAPE, (_, ...codes: (string | undefined)[]) =>
      String.fromCharCode(Number.parseInt(codes.find((code) => code !== undefined) ?? "", 16)),
    );
    readings.push(plain);
  }
  for (const [word] of text.matchAll(/[A-Za-z0-9+/_-]{12,}/g))
    readings.push(Buffer.from(word, "base64").toString("latin1"));
  return readings;
}

/** Where the engine keeps what it encrypts: secret inputs stay secret in outputs. */
const ENCRYPTED = [
  /^device password$/,
  /^(previous|__mediantForms|__mediantFilled|__mediantCameSince|output|__mediantDeclared|__mediantShown|__mediantRefused)\b/,
  /^variables /,
  /^parameters (SharedSecret|SNMPReadOnlyCommunityString_0)$/,
  /^tables Account \d+ Password$/,
];

function secretIn(value: unknown, path: readonly string[]): string | undefined {
  const place = path.join(" ");
  if (ENCRYPTED.some((one) => one.test(place))) return undefined;
  if (SECRET.test(place) || (typeof value === "string" && SECRET.test(value))) return place;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = secretIn(item, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function permitsOf(state: readonly Held[], goals: readonly Goal[]): Permits {
  const permits: Permits = { values: new Map(), rows: new Set(), tables: new Set() };
  const permit = (address: string, value: string) => {
    const values = permits.values.get(address) ?? new Set();
    permits.values.set(address, values.add(heldOf(reveal(value))));
  };
  const restores = goals.some(({ inputs }) => inputs["onRelease"] === "restore");
  for (const { inputs } of [...state, ...goals]) {
    for (const [address, value] of declaredBy(inputs)) permit(address, value);
    for (const table of (inputs["ownTables"] as string[] | undefined) ?? []) permits.tables.add(table);
  }
  for (const { inputs, outs } of state) {
    // After a refresh the inputs are what was found; what was last declared may still be sent.
    for (const [address, value] of declaredBy(outs)) permit(address, value);
    // An update that failed may have been the one that asked for it.
    const releases = [inputs, outs].some(({ onRelease }) => onRelease === "restore");
    if (!releases && !restores) continue;
    for (const [address, value] of Object.entries((outs["previous"] as Inputs | undefined) ?? {})) {
      if (value === null && /^\S+ \d+$/.test(address)) permits.rows.add(address);
      permit(address, value === null ? "*" : String(value));
    }
    for (const table of (outs["ownTables"] as string[] | undefined) ?? []) permits.tables.add(table);
  }
  return permits;
}

/** The addresses that inputs or outputs declare, with their values as they are written. */
function* declaredBy(inputs: Inputs): Iterable<[address: string, value: string]> {
  const {
    parameters = {},
    tables = {},
    script,
    variables = {},
  } = inputs as {
    parameters?: Record<string, string>;
    tables?: Record<string, Record<string, Record<string, string>>>;
    script?: string;
    variables?: Record<string, string>;
  };
  yield* Object.entries(parameters);
  for (const [table, rows] of Object.entries(tables))
    for (const [index, cells] of Object.entries(rows))
      for (const [column, value] of Object.entries(cells)) yield [`${table} ${index} ${column}`, value];
  if (script !== undefined) yield* linesOf(script, variables);
}

/** The places in a script of the form in which programs write it. */
function* linesOf(script: string, variables: Record<string, string>): Iterable<[string, string]> {
  let path: string[] = [];
  for (const line of script.split("\n")) {
    const depth = line.length - line.trimStart().length;
    const words = line.trim();
    if (words === "exit" || words === "activate" || words === "") continue;
    path = [...path.slice(0, depth), words];
    const place = CLI_PLACES.find(
      (one) =>
        path.length === 3 &&
        words.startsWith(`${one.line} `) &&
        one.path.every((part, at) => path[at] === part),
    );
    if (place === undefined) continue;
    const value = words.slice(place.line.length + 1).replace(/^"(.*)"$/, "$1");
    const name = /^\{\{(\w+)\}\}$/.exec(value)?.[1];
    yield [place.address, name === undefined ? value : (variables[name] ?? "")];
  }
}

/** A refresh of an owned table says more than what programs declare. */
function placeAt(address: string): Pick<Place, "table" | "index" | "name"> {
  const [table = "", index, name] = address.split(" ");
  return index === undefined || name === undefined ? { name: table } : { table, index, name };
}

/** Whether a resource declares or owns something of a table, or the parameter. */
function touches(inputs: Inputs, table: string): boolean {
  if ((inputs["ownTables"] as string[] | undefined)?.includes(table)) return true;
  return [...declaredBy(inputs)].some(([address]) => address.split(" ", 1)[0] === table);
}

function valueIn({ parameters, rows }: Sight, address: string): string | undefined {
  const row = rowOf(address);
  return row === undefined ? parameters.get(address) : rows.get(row)?.[address.slice(row.length + 1)];
}

function rowOf(address: string): string | undefined {
  const [table, index, column] = address.split(" ");
  return column === undefined ? undefined : `${table} ${index}`;
}

/** What a device holds. Rows that did not change are the same objects. */
interface Sight {
  parameters: ReadonlyMap<string, string>;
  /** By `Table index`. */
  rows: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

function sightOf(store: ConfigStore): Sight {
  return store.made("what the auditor sees", () => {
    const { parameters } = store.snapshot();
    const rows = new Map<string, Readonly<Record<string, string>>>();
    for (const table of store.tableNames())
      for (const [index, row] of store.rows(table)) rows.set(`${table} ${index}`, row);
    const held = Object.entries(parameters).map(([name, value]) => [name, [value].flat().join(",")] as const);
    return { parameters: new Map(held), rows };
  });
}

/** What differs, by address: what was there before, what is now, and the row. */
function* differences(
  before: Sight,
  now: Sight,
): Iterable<[address: string, was: string | undefined, is: string | undefined, row: string]> {
  if (before === now) return;
  for (const [name, is] of now.parameters) {
    const was = before.parameters.get(name);
    if (was !== is) yield [name, was, is, ""];
  }
  for (const [name, was] of before.parameters)
    if (!now.parameters.has(name)) yield [name, was, undefined, ""];
  for (const [row, is] of now.rows) {
    const was = before.rows.get(row);
    if (was === is) continue;
    for (const [column, value] of Object.entries(is))
      if (was?.[column] !== value) yield [`${row} ${column}`, was?.[column], value, row];
  }
  for (const [row, was] of before.rows) {
    const is = now.rows.get(row);
    if (was === is) continue;
    for (const [column, value] of Object.entries(was))
      if (is?.[column] === undefined) yield [`${row} ${column}`, value, undefined, row];
  }
}

function shown(value: string | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
