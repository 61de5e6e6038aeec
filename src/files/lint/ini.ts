import { cellAddress, rowAddress } from "../../ini/address";
import { sameValue, type Value } from "../../ini/configuration";
import { cellPlace, type IniDocument, type IniRow, type IniTable } from "../../ini/document";
import type { Place } from "../../ini/errors";
import { NameMap, nameKey } from "../../ini/names";
import type { SecretTest } from "../../ini/secrets";
import { placeholders } from "../../ini/variables";
import { holdsPlainSecretPart, isObscured, REDACTED, sameText } from "../../secrets/values";
import { type Finding, inOrder } from "./finding";
import type { KnownNames } from "./known";
import { strayReferences } from "./references";

/** What an ini file is held against. */
export interface IniContext {
  /** Of dumps; undefined if there is none. */
  known: KnownNames | undefined;
  /** Other files that go to the same device, and dumps: the rows that they have are there. */
  beside: readonly IniDocument[];
  isSecret: SecretTest;
}

/** What is wrong with an ini file, or most likely is, in the order of the text. */
export function lintIni(document: IniDocument, { known, beside, isSecret }: IniContext): Finding[] {
  return inOrder([
    ...document.problems.map(
      ({ message, semicolon, place }): Finding => ({
        rule: semicolon ? "unquoted-semicolon" : "syntax",
        level: "error",
        message,
        ...(place ?? { line: 1, column: 1 }),
      }),
    ),
    ...repeatedParameters(document),
    ...repeatedRows(document.tables),
    ...(known?.unknownIn(document) ?? []),
    ...strayReferences(document, beside, { whole: known !== undefined, isSecret }),
    ...plainSecrets(document, isSecret),
  ]);
}

function* repeatedParameters({ parameters }: IniDocument): Iterable<Finding> {
  const first = new NameMap<{ value: Value; place: Place }>();
  for (const { name, value, place } of parameters) {
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, { value, place });
    else
      yield repeated(
        "duplicate-parameter",
        name,
        earlier,
        place,
        sameValue(earlier.value, value) ? [] : undefined,
      );
  }
}

function* repeatedRows(tables: readonly IniTable[]): Iterable<Finding> {
  const first = new Map<string, { cells: NameMap<string>; place: Place }>();
  for (const table of tables)
    for (const row of table.rows) {
      const address = rowAddress(table.name, row.index);
      const own = cellsOf(table, row);
      const earlier = first.get(nameKey(address));
      if (earlier === undefined) {
        first.set(nameKey(address), { cells: own, place: row.place });
        continue;
      }
      // One row in two blocks, each with columns of its own, is one row.
      const shared = [...own].filter(([column]) => earlier.cells.has(column));
      const other = shared.filter(([column, text]) => earlier.cells.get(column) !== text);
      for (const [column, text] of own) if (!earlier.cells.has(column)) earlier.cells.set(column, text);
      if (shared.length > 0)
        yield repeated(
          "duplicate-row",
          address,
          earlier,
          row.place,
          other.map(([column]) => column),
        );
    }
}

function cellsOf({ columns }: IniTable, { cells }: IniRow): NameMap<string> {
  return new NameMap(columns.map((column, at) => [column, cells[at]?.text ?? ""]));
}

/** @param other the columns that differ; undefined if the value itself does */
function repeated(
  rule: "duplicate-parameter" | "duplicate-row",
  address: string,
  { place: { line } }: { place: Place },
  place: Place,
  other: readonly string[] | undefined,
): Finding {
  const same = other?.length === 0;
  const differing = other === undefined || same ? "" : ` of ${other.join(", ")}`;
  const how = same ? "the same again" : `other values${differing}`;
  return {
    rule,
    level: same ? "warning" : "error",
    message: `${address} is in line ${line} already: this one gives ${how}`,
    ...place,
  };
}

function* plainSecrets({ parameters, tables }: IniDocument, isSecret: SecretTest): Iterable<Finding> {
  for (const { name, value, place } of parameters)
    for (const text of typeof value === "string" ? [value] : value) {
      const message = secretMessage(name, text, isSecret(name));
      if (message !== undefined) yield { rule: "plain-secret", ...message, ...place };
    }
  for (const { name, columns, rows } of tables)
    for (const row of rows)
      for (const [at, cell] of row.cells.entries()) {
        const address = cellAddress(name, row.index, columns[at] ?? "");
        const message = secretMessage(address, cell.text, isSecret(address));
        if (message !== undefined) yield { rule: "plain-secret", ...message, ...cellPlace(row, cell) };
      }
}

const INSTEAD = "put {{name}} in its place, and the value into the stack's configuration";

function secretMessage(
  address: string,
  text: string,
  named: boolean,
): Pick<Finding, "level" | "message"> | undefined {
  if (sameText(text, "") || text === REDACTED || (named && placeholders(text).length > 0)) return undefined;
  if (isObscured(text))
    return { level: "warning", message: `${address} is obscured, which can be turned back: ${INSTEAD}` };
  if (named) return { level: "error", message: `${address} is a secret in the clear: ${INSTEAD}` };
  if (holdsPlainSecretPart(text))
    return { level: "error", message: `${address} holds a secret in the clear: ${INSTEAD}` };
  return undefined;
}
