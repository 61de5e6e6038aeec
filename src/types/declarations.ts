import { byName } from "../text/order";
import { type NameSource, namesIn, type TableNames } from "./names";

/** The first line of a file that this made. */
export const MADE = "// Made by `pulumi-mediant types`";

/** The usual name of the file. */
export const TYPES_FILE = "mediant-tables.d.ts";

/**
 * TypeScript declarations of the parameters, tables and columns that inis show. A program that includes them cannot
 * misspell a name; what one firmware lacks is said at the column, and is refused by the type of that firmware. The same
 * inis give the same text, which holds no value.
 */
export function declarationsOf(sources: readonly NameSource[]): string {
  const known = namesIn(sources);
  const firmware = [...new Set(known.sources.map((source) => source.firmware))].sort(byName);
  const tables = [...known.tables.values()].sort((a, b) => byName(a.name, b.name));
  const parameters = [...known.parameters.keys()].sort(byName);
  return [
    `${MADE} from ${known.sources.map(({ name, firmware: own }) => `${name} (${own})`).join(", ")}.`,
    "// Do not edit: make it again. What a device has at its default, and a table that is empty, no ini shows. Add such",
    "// names in a file of your own, with `declare module` as below and `export {}` beside it.",
    'import type { CellArg, DeviceParameters, DeviceTables, ParameterArg } from "pulumi-mediant";',
    "",
    'declare module "pulumi-mediant" {',
    "  interface DeviceParameters {",
    ...parameters.map((name) => `    ${key(name)}: ParameterArg;`),
    "  }",
    "",
    "  interface DeviceTables {",
    ...tables.flatMap((table) => [
      `    ${key(table.name)}: {`,
      ...columnLines(table).map((line) => `      ${line}`),
      "    };",
    ]),
    "  }",
    "}",
    ...firmware.flatMap((each) => firmwareLines(each, tables)),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** The columns of a table, each with the firmware that lacks it. */
function columnLines({ columns, firmware }: TableNames): string[] {
  return [...columns].flatMap(([column, having]) => {
    const lacking = [...firmware].filter((each) => !having.has(each)).sort(byName);
    const note = lacking.length === 0 ? [] : [`/** Not on ${lacking.join(", ")}. */`];
    return [...note, `${key(column)}: CellArg;`];
  });
}

/** The names of one firmware, to be given to a resource whose device has it. */
function firmwareLines(firmware: string, tables: readonly TableNames[]): string[] {
  return [
    "",
    `/** What ${firmware} has: \`new IncrementalIniConfig<${typeName(firmware)}>(…)\`. */`,
    `export interface ${typeName(firmware)} {`,
    "  parameters: DeviceParameters;",
    "  tables: {",
    ...tables.flatMap((table) => tableLines(firmware, table)).map((line) => `    ${line}`),
    "  };",
    "}",
  ];
}

function tableLines(firmware: string, { name, columns, firmware: showing }: TableNames): string[] {
  const own = [...columns].filter(([, having]) => having.has(firmware)).map(([column]) => column);
  // A dump leaves out a table that is empty: then nothing is known of its columns there.
  if (!showing.has(firmware) || own.length === columns.size)
    return [`${key(name)}: DeviceTables[${JSON.stringify(name)}];`];
  return [`${key(name)}: {`, ...own.map((column) => `  ${key(column)}: CellArg;`), "};"];
}

function typeName(firmware: string): string {
  return `Firmware_${firmware.replace(/[^A-Za-z0-9]+/g, "_")}`;
}

function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}
