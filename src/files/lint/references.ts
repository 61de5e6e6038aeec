import { cellAddress, rowAddress } from "../../ini/address";
import { cellPlace, type IniDocument, type IniTable } from "../../ini/document";
import { nameKey } from "../../ini/names";
import { isOwnName, looksLikeReference, NO_NAME, seemsToName } from "../../ini/references/columns";
import type { SecretTest } from "../../ini/secrets";
import { placeholders } from "../../ini/variables";
import { isSecretValue } from "../../secrets/values";
import { describeValue } from "../../text/describe";
import { suggest } from "../../text/suggest";
import type { Finding } from "./finding";

/** Among so many names one that is spelt alike says little, and is long looked for. */
const MANY = 500;

/** The names of the rows of one table. */
interface Named {
  table: string;
  column: string;
  /** Where each stands in the file that is looked at: its line; 0 if it stands elsewhere. */
  lines: Map<string, number>;
}

/**
 * Cells that seem to refer to a row which stands further down, or nowhere.
 *
 * @param beside other files and dumps: what they have is there
 * @param whole whether a dump is among them, so that what is nowhere is missing
 */
export function* strayReferences(
  document: IniDocument,
  beside: readonly IniDocument[],
  { whole, isSecret }: { whole: boolean; isSecret: SecretTest },
): Iterable<Finding> {
  const named = namesOf(document, beside);
  for (const table of document.tables)
    for (const [at, column] of table.columns.entries()) {
      const targets = looksLikeReference(column)
        ? named.filter((rows) => isMeant(table.name, column, rows))
        : [];
      if (targets.length === 0) continue;
      const names = [...new Set(targets.flatMap(({ lines }) => [...lines.keys()]))];
      const tables = [...new Set(targets.map((target) => target.table))].join(" or ");
      const refers = new Column(table.name, column, [document, ...beside], targets);
      for (const row of table.rows) {
        const { index } = row;
        const cell = row.cells[at];
        if (cell === undefined || NO_NAME.test(cell.text) || placeholders(cell.text).length > 0) continue;
        if (isSecret(cellAddress(table.name, index, column)) || isSecretValue(cell.text)) continue;
        const lines = targets.flatMap(({ lines: all }) => all.get(cell.text) ?? []);
        if (lines.some((line) => line < row.place.line)) continue;
        const who = `${rowAddress(table.name, index)} refers to ${describeValue(cell.text)} (${column})`;
        const [line] = lines;
        if (line !== undefined) {
          const message = `${who}, which line ${line} makes: put ${tables} above ${table.name}`;
          yield { rule: "table-order", level: "error", message, ...cellPlace(row, cell) };
          continue;
        }
        const meant = names.length > MANY ? undefined : suggest(cell.text, names);
        if (meant === undefined && !refers.isProved) continue;
        const guess = meant === undefined ? "" : `; did you mean ${describeValue(meant)}?`;
        const message = `${who}, and no row of ${tables} has this name${guess}`;
        yield {
          rule: "missing-reference",
          level: whole ? "error" : "warning",
          message,
          ...cellPlace(row, cell),
        };
      }
    }
}

function isMeant(table: string, column: string, rows: Named): boolean {
  return nameKey(rows.table) !== nameKey(table) && seemsToName({ table, column }, rows);
}

/** A column that looks as if it referred to rows. Its name alone proves nothing. */
class Column {
  private proved: boolean | undefined;

  constructor(
    private readonly table: string,
    private readonly column: string,
    private readonly documents: readonly IniDocument[],
    private readonly targets: readonly Named[],
  ) {}

  /** Whether some cell of it does refer to such a row. */
  get isProved(): boolean {
    this.proved ??= this.documents.some(({ tables }) => tables.some((table) => this.isProvedBy(table)));
    return this.proved;
  }

  private isProvedBy({ name, columns, rows }: IniTable): boolean {
    if (nameKey(name) !== nameKey(this.table)) return false;
    const at = columns.findIndex((column) => nameKey(column) === nameKey(this.column));
    return rows.some(({ cells }) => {
      const text = cells[at]?.text ?? "";
      return !NO_NAME.test(text) && this.targets.some(({ lines }) => lines.has(text));
    });
  }
}

function namesOf(document: IniDocument, beside: readonly IniDocument[]): Named[] {
  const named = new Map<string, Named>();
  const add = (tables: readonly IniTable[], own: boolean) => {
    for (const { name, columns, rows } of tables)
      for (const [at, column] of columns.entries()) {
        if (!isOwnName(name, column) || rows.length === 0) continue;
        const key = nameKey(`${name} ${column}`);
        const names = named.get(key) ?? { table: name, column, lines: new Map() };
        named.set(key, names);
        for (const { cells, place } of rows) {
          const text = cells[at]?.text ?? "";
          if (!names.lines.has(text)) names.lines.set(text, own ? place.line : 0);
        }
      }
  };
  for (const { tables } of beside) add(tables, false);
  add(document.tables, true);
  return [...named.values()];
}
