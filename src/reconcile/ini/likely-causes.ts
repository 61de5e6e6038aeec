import { type Address, cellAddress, rowAddress, splitAddress } from "../../ini/address";
import type { Value } from "../../ini/configuration";
import { NameMap, nameKey } from "../../ini/names";
import type { Observed } from "../../ini/observe";
import { isOwnName, looksLikeReference, NO_NAME, seemsToName, tableIn } from "../../ini/references/columns";
import { COLUMN_DEFAULT } from "../../ini/scalar";
import { isWellKnownTable, WELL_KNOWN_TABLES } from "../../ini/table-order";
import { isSecretValue } from "../../secrets/values";
import { describeValue } from "../../text/describe";
import { listed } from "../../text/listed";
import { suggest } from "../../text/suggest";
import type { Fragment } from "./fragment";

/*
 * Words for what a device did not take: first what its dumps show, then what is likely. It gives no reason itself.
 */

/** A row of a table. */
interface Row {
  table: string;
  index: string;
}

/** What is known of an upload and of what became of it. */
export interface Seen {
  fragment: Pick<Fragment, "declared" | "isSecret" | "cellsElsewhere">;
  before: Observed;
  after: Observed;
}

/** Says why rows and cells of one fragment may not be there; what it looks up is made once, when it is first asked. */
export class LikelyCauses {
  private readonly texts: () => Texts;
  private readonly parents: () => Parents;
  private readonly unknown = new NameMap<string>();

  /** @param dropped the declared rows that the device does not show, by address */
  constructor(
    private readonly seen: Seen,
    private readonly dropped: NameMap<Row>,
  ) {
    this.texts = once(() => textsOf(seen.after));
    this.parents = once(() => parentsOf(seen.fragment, dropped));
  }

  droppedRow({ table, index }: Row): string {
    const { before, after, fragment } = this.seen;
    const row = `${rowAddress(table, index)} was dropped by the device`;
    const cells = Object.entries(fragment.declared.tables[table]?.[index] ?? {});
    for (const [column, value] of cells) {
      const parent = this.parentOf({ table, index }, column, value);
      if (parent !== undefined) return `${row}: so was ${parent}, to which it refers (${column})`;
    }
    const isShown = before.tables.has(table) || after.tables.has(table);
    // Of a table that it may not have, a text that nothing is called tells nothing.
    if (!isShown && !isWellKnownTable(table)) return row + this.unknownTable(table);
    const missing = cells
      .map(([column, value]) => this.missingReference(cellAddress(table, index, column), value))
      .find((text) => text !== "");
    if (missing !== undefined) return row + missing;
    return `${row}, which gives no reason: it may not take a value, or a reference leads nowhere`;
  }

  /** Names the text in a row that nothing on the device is called, where the column looks like a reference. */
  missingReference(address: Address, value: Value): string {
    const split = splitAddress(address);
    if (split.kind !== "cell" || typeof value !== "string" || this.seen.fragment.isSecret(address)) return "";
    if (NO_NAME.test(value) || value === COLUMN_DEFAULT || isSecretValue(value)) return "";
    if (!looksLikeReference(split.column) || isOwnName(split.table, split.column)) return "";
    const tables = this.texts().get(value) ?? new Set();
    const meant = tableIn(split.column);
    const isElsewhere = tables.size > 1 || (tables.size === 1 && !tables.has(nameKey(split.table)));
    if (isElsewhere && (meant === undefined || tables.has(nameKey(meant)))) return "";
    const what = isElsewhere ? `no row of ${meant}` : "nothing on it";
    return `: ${what} is called ${describeValue(value)} (${split.column}); ${this.whoBrings(split, value)}`;
  }

  /** Who declares a row of that name, which did not come in time. */
  private whoBrings(cell: { table: string; column: string }, name: string): string {
    for (const { resource, address } of this.seen.fragment.cellsElsewhere?.(name) ?? []) {
      const place = splitAddress(address);
      if (place.kind === "cell" && isOwnName(place.table, place.column) && seemsToName(cell, place))
        return `${resource} declares it (${rowAddress(place.table, place.index)}): name that resource in dependsOn`;
    }
    return "if another resource declares it, name that resource in dependsOn";
  }

  /** The dropped row that a cell of another one refers to, by its index or by its name. */
  private parentOf(row: Row, column: string, value: string): string | undefined {
    const own = rowAddress(row.table, row.index);
    const byIndex = /^(.+?)_?(?:id|index)$/i.exec(column)?.[1];
    const indexed = byIndex === undefined ? undefined : this.dropped.spelling(rowAddress(byIndex, value));
    if (indexed !== undefined && indexed !== own) return indexed;
    if (this.seen.fragment.isSecret(`${own} ${column}`) || isOwnName(row.table, column)) return undefined;
    if (!looksLikeReference(column) && byIndex === undefined) return undefined;
    const named = this.parents().get(value);
    return named?.table === row.table ? undefined : named?.address;
  }

  private unknownTable(table: string): string {
    return this.unknown.ensure(table, () => {
      const { before, after } = this.seen;
      const meant = meantBy(table, [...after.tables.keys(), ...before.tables.keys(), ...WELL_KNOWN_TABLES]);
      return (
        `, which shows no table ${table}${meant}: ` +
        (meant === ""
          ? "it may not have such a table (another product or firmware, or misspelt), or takes none of these rows"
          : "misspelt, or a table that it does not have")
      );
    });
  }
}

/** The words for names that were absent before and after, with the list to paste. */
export function unconfirmed(names: readonly string[], seen: Seen): string {
  const list = names.map((name) => JSON.stringify(name)).join(", ");
  const shown = names.map((name) => name + meantName(name, seen)).join(", ");
  return (
    `the device does not show ${shown}: misspelt, or already at its default; ` +
    `if the declared value is the default, say so: atDefault: [${list}]${leftBehind(names, seen)}`
  );
}

/** ` (did you mean X?)` if a dump has a name like it: of a parameter, or of a column (`Table.Column`, or a cell). */
export function meantName(name: string, { before, after }: Pick<Seen, "before" | "after">): string {
  const [table = "", column] = name.split(/\.| [0-9]+ /);
  const dumps = [after, before];
  if (column === undefined) {
    const names = ({ parameters, hiddenParameters }: Observed) => [
      ...parameters.keys(),
      ...hiddenParameters.keys(),
    ];
    return meantBy(name, dumps.flatMap(names));
  }
  return meantBy(
    column,
    dumps.flatMap(({ tables }) => tables.get(table)?.columns ?? []),
  );
}

function meantBy(name: string, known: readonly string[]): string {
  // Two letters of so few are another name.
  const close = name.length < 5 ? [] : known.filter((one) => nameKey(one) !== nameKey(name));
  const meant = suggest(name, close);
  return meant === undefined ? "" : ` (did you mean ${meant}?)`;
}

const LISTED = 10;

/** New rows that the device took without a column that it does not know. */
function leftBehind(names: readonly string[], { fragment, before, after }: Seen): string {
  const columns = new NameMap(names.map((name) => [name, true]));
  const rows: string[] = [];
  for (const [table, byIndex] of Object.entries(fragment.declared.tables))
    for (const [index, cells] of Object.entries(byIndex)) {
      const isNew = !before.tables.get(table)?.rows.has(index) && after.tables.get(table)?.rows.has(index);
      if (isNew && Object.keys(cells).some((column) => columns.has(`${table}.${column}`)))
        rows.push(rowAddress(table, index));
    }
  if (rows.length === 0) return "";
  return (
    `. New on the device without it: ${listed(rows, LISTED)}. Correct the name and run again; ` +
    'a row that leaves the declaration goes with onRelease: "restore", else remove it by hand'
  );
}

/** The tables in which each text of a dump stands. */
type Texts = ReadonlyMap<string, ReadonlySet<string>>;

function textsOf(observed: Observed): Texts {
  const texts = new Map<string, Set<string>>();
  for (const [name, table] of observed.tables)
    for (const row of table.rows.values())
      for (const [, { text }] of row) texts.set(text, (texts.get(text) ?? new Set()).add(nameKey(name)));
  return texts;
}

/** Dropped rows by their names. */
type Parents = ReadonlyMap<string, { address: Address; table: string }>;

function parentsOf({ declared, isSecret }: Seen["fragment"], dropped: NameMap<Row>): Parents {
  const parents = new Map<string, { address: Address; table: string }>();
  for (const [address, { table, index }] of dropped)
    for (const [column, text] of Object.entries(declared.tables[table]?.[index] ?? {}))
      if (isOwnName(table, column) && !NO_NAME.test(text) && !isSecret(`${address} ${column}`))
        parents.set(text, { address, table });
  return parents;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
