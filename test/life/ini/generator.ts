import fc from "fast-check";
import type { Configuration, Value } from "../../../src/ini/configuration";
import { COLUMN_DEFAULT } from "../../../src/ini/scalar";
import type { ConfigStore } from "../../../src/simulator";

type Model = ConfigStore["model"];
type Field =
  | ReturnType<Model["parameters"]>[number]
  | ReturnType<ReturnType<Model["tables"]>[number]["columns"]["values"]>[number];

/** One thing that a device can hold, and how it is written. */
interface Term<V extends Value = string> {
  /** As a person declares it. */
  written: V;
  /** As the device holds it; the elements of a list joined by commas. */
  held: string;
}

export interface Scene {
  /** What the device has from before, put there by hand. */
  before: {
    parameters: Record<string, string>;
    tables: Record<string, Record<string, Record<string, string>>>;
  };
  declared: Configuration;
  /** What the device must hold of the declaration, by address. */
  expected: Map<string, string>;
}

/** Letters, the signs that the grammar is made of, and what is beyond ASCII. No control characters, no quotes. */
const CHARACTERS = [..."abcXYZ019 ;=,.:/\\[]{}$%&#*+-_()<>@!|~^?éßñÄ漢🙂"];

const text = (quotes: string): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...CHARACTERS, ...quotes), minLength: 1, maxLength: 24 });

/** What a field can hold, in the forms in which it may be written. */
function term(field: Field, quotes: string): fc.Arbitrary<Term> {
  if (field.type === "integer") {
    const { minimum, maximum } = field;
    return fc
      .tuple(
        fc.oneof(
          fc.integer({ min: minimum, max: Math.min(maximum, minimum + 5) }),
          fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31 - 1) }),
        ),
        fc.nat({ max: 3 }),
      )
      .map(([value, zeros]) => {
        const held = String(value);
        // The device rewrites `01`, also if it holds 1 already.
        return { held, written: zeros === 3 && value >= 0 ? `0${held}` : held };
      });
  }
  if (field.type === "address") return fc.ipV4().map((value) => ({ held: value, written: value }));
  return text(quotes).map((value) => ({ held: value, written: value }));
}

/** What a cell can hold. As a text, `$$` would ask for something else. */
function cell(field: Field): fc.Arbitrary<Term> {
  return term(field, "'").filter(({ held }) => held !== COLUMN_DEFAULT);
}

/** What can be declared for a cell: now and then the default of its column. */
function declaredCell(field: Field): fc.Arbitrary<Term> {
  const { default: held } = field;
  const atDefault = fc.constant({ written: COLUMN_DEFAULT, held });
  return fc.oneof({ weight: 30, arbitrary: cell(field) }, { weight: 1, arbitrary: atDefault });
}

function parameter(field: Field): fc.Arbitrary<Term<Value>> {
  if (field.type !== "list") return term(field, '"');
  const items = fc.array(
    text("").map((item) => item.trim() || "x"),
    { minLength: 1, maxLength: 4 },
  );
  return items.map((all) => ({ held: all.join(","), written: all.length > 1 ? all : (all[0] ?? "") }));
}

/** A field that a generated value can be put into: not a reference, for those need a row to point at. */
function isFree(field: Field): boolean {
  return !field.references && !field.readOnly && !field.hidden;
}

const OWN_ROW = /^WebUsers 0$/;

/**
 * A device with things of its own, and a declaration that names some of them and some new ones.
 *
 * @param store of a simulator that has just begun: what every device of that firmware has
 */
export function scene(store: ConfigStore): fc.Arbitrary<Scene> {
  const parameters = store.model.parameters().filter((one) => isFree(one));
  const tables = store.model.tables().filter((table) => !table.hidden && table.columns.values().some(isFree));
  const index = fc.oneof(fc.nat({ max: 6 }), fc.constantFrom(17, 250, 99_999)).map(String);

  // To rename what the device's own rows refer to would make those rows invalid, and nobody could send them again.
  const references = store.model.tables().flatMap(({ columns }) => columns.values());
  const named = new Set(references.flatMap(({ references: to }) => (to ? `${to.table}.${to.column}` : [])));
  const free = (table: (typeof tables)[number], at: string) =>
    table.columns
      .values()
      .filter(isFree)
      .filter(({ name }) => !named.has(`${table.name}.${name}`) || store.row(table.name, at) === undefined);

  const rowOf = (table: (typeof tables)[number], at: string, cellsOf: (field: Field) => fc.Arbitrary<Term>) =>
    fc
      .shuffledSubarray(free(table, at), { minLength: 1 })
      .map((fields) => fields.slice(0, 5))
      .chain((fields) =>
        fc.tuple(...fields.map((field) => cellsOf(field).map((value) => ({ column: field.name, ...value })))),
      );

  const rows = (cellsOf: (field: Field) => fc.Arbitrary<Term>) =>
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...tables), index), {
        selector: ([table, at]) => `${table.name} ${at}`,
        minLength: 0,
        maxLength: 6,
      })
      .map((picked) =>
        picked.filter(([table, at]) => !OWN_ROW.test(`${table.name} ${at}`) && free(table, at).length > 0),
      )
      .chain((picked) =>
        fc.tuple(
          ...picked.map(([table, at]) =>
            rowOf(table, at, cellsOf).map((cells) => ({
              table: table.name,
              index: at,
              cells,
            })),
          ),
        ),
      );

  const values = fc
    .shuffledSubarray(parameters)
    .map((fields) => fields.slice(0, 8))
    .chain((fields) =>
      fc.tuple(...fields.map((field) => parameter(field).map((value) => ({ name: field.name, ...value })))),
    );

  return fc.record({ values, rows: rows(cell) }).chain((own) => {
    const before: Scene["before"] = {
      parameters: Object.fromEntries(own.values.map(({ name, held }) => [name, held])),
      tables: {},
    };
    for (const { table, index: at, cells } of own.rows) {
      const row = Object.fromEntries(cells.map(({ column, held }) => [column, held]));
      before.tables[table] = { ...before.tables[table], [at]: row };
    }
    const again = own.rows.length === 0 ? fc.constant([]) : fc.subarray(own.rows);
    return fc
      .record({
        values,
        rows: rows(declaredCell),
        again,
        swap: fc.boolean(),
      })
      .map((wanted): Scene => {
        const declared: Configuration = { parameters: {}, tables: {} };
        const expected = new Map<string, string>();
        for (const { name, written, held } of wanted.values) {
          const spelling = wanted.swap ? name.toLowerCase() : name;
          declared.parameters[spelling] = written;
          expected.set(name, held);
        }
        const spelt = (name: string) => (wanted.swap ? name.toUpperCase() : name);
        const lay = (table: string, at: string, cells: readonly (Term & { column: string })[]) => {
          const row: Record<string, string> = {};
          for (const { column, written, held } of cells) {
            row[spelt(column)] = written;
            expected.set(`${table} ${at} ${column}`, held);
          }
          declared.tables[spelt(table)] = { ...declared.tables[spelt(table)], [at]: row };
        };
        for (const { table, index: at, cells } of wanted.again)
          lay(
            table,
            at,
            cells.map(({ column, held }) => ({ column, held, written: held })),
          );
        for (const { table, index: at, cells } of wanted.rows)
          if (declared.tables[spelt(table)]?.[at] === undefined) lay(table, at, cells);
        return { before, declared, expected };
      });
  });
}

/** Puts what the device has from before into its store, by hand. */
export function put(store: ConfigStore, { parameters, tables }: Scene["before"]): void {
  for (const [name, value] of Object.entries(parameters)) store.setParameter(name, value);
  for (const [table, rows] of Object.entries(tables))
    for (const [index, cells] of Object.entries(rows))
      store.addRow(table, index, { ...store.row(table, index), ...cells });
}
