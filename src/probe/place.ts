/** A table in which rows that nothing refers to have no effect on calls. */
export interface Place {
  table: string;
  /** The column by which other tables refer to a row. */
  name: string;
  /** Another column, of text. */
  value: string;
  /** Two values that a device takes there. */
  values: readonly [string, string];
  /** The CLI's mode and row command. */
  cli: { mode: string; command: string };
}

/** In the order in which they are tried: the first that has no rows is used. */
export const PLACES: readonly Place[] = [
  {
    table: "ConditionTable",
    name: "Name",
    value: "Condition",
    values: ["header.from.url.user == '1'", "header.from.url.user == '2'"],
    cli: { mode: "voip", command: "sbc routing condition-table" },
  },
  {
    table: "MessagePolicy",
    name: "Name",
    value: "MethodList",
    values: ["INVITE", "OPTIONS"],
    cli: { mode: "voip", command: "message message-policy" },
  },
];

/** The indexes that are written; small tables have these too. */
export const INDEXES = ["7", "8", "9"] as const;
export type OwnIndex = (typeof INDEXES)[number];

/** Each row of ours is named after the probe. */
export const OWN = "pulumi-mediant-probe";
const ownName = (index: OwnIndex): string => `${OWN}-${index}`;

/** A row to write. */
export interface OwnRow {
  index: OwnIndex;
  /** @default the row's own */
  name?: string;
  /** As it is written, quotes included; the column is left out of FORMAT if no row has it. */
  value?: string;
}

/** How a device writes FORMAT: with the table's name before each column up to 7.0. */
export interface Header {
  long: boolean;
}

/** The block of a table with these rows and no others. */
export function block(
  place: Place,
  header: Header,
  rows: readonly OwnRow[],
  end = `[ \\${place.table} ]\n`,
): string {
  const { table, name, value } = place;
  const prefix = header.long ? `${table}_` : "";
  const withValue = rows.length === 0 || rows.some((row) => row.value !== undefined);
  const columns = [name, ...(withValue ? [value] : [])].map((column) => prefix + column);
  const lines = rows.map((row) => {
    const cells = [`"${row.name ?? ownName(row.index)}"`, ...(withValue ? [row.value ?? ""] : [])];
    return `${table} ${row.index} = ${cells.join(", ")};\n`;
  });
  return `[ ${table} ]\nFORMAT ${prefix}Index = ${columns.join(", ")};\n${lines.join("")}${end}`;
}

/** The script that removes rows one by one. */
export const removal = ({ cli: { mode, command } }: Place, indexes: readonly string[]): string =>
  [`configure ${mode}`, ...indexes.map((index) => `no ${command} ${index}`), "exit", ""].join("\r\n");
