import { NameMap } from "../ini/names";
import { parseIni } from "../ini/parse";
import { isReadOnlyColumn } from "../ini/read-only-columns";
import { judgeIni } from "../ini/whole";

/** An ini that shows names: what a device gave, or what people keep. */
export interface NameSource {
  /** What to call it: the name of a file, or of a device. */
  name: string;
  text: string;
  /** Its firmware, if its header does not tell it. */
  firmware?: string | undefined;
}

/** The columns of one table, by firmware. */
export interface TableNames {
  name: string;
  columns: NameMap<Set<string>>;
  /** The firmware that shows the table; a dump leaves out one that is empty. */
  firmware: Set<string>;
}

/** The names of all sources together. */
export interface KnownNames {
  /** Of each source: its name and its firmware. */
  sources: { name: string; firmware: string }[];
  parameters: NameMap<Set<string>>;
  tables: NameMap<TableNames>;
}

const UNKNOWN = "unknown firmware";

/** The names that inis show, merged; what is hidden, and what the device alone sets, cannot be declared. */
export function namesIn(sources: readonly NameSource[]): KnownNames {
  const known: KnownNames = { sources: [], parameters: new NameMap(), tables: new NameMap() };
  for (const { name, text, firmware: told } of sources) {
    const firmware = /^;Software Version:[ \t]*(\S+)/im.exec(text)?.[1] ?? told ?? UNKNOWN;
    known.sources.push({ name, firmware });
    const document = parseIni(text, { dump: judgeIni(text).fault === undefined });
    for (const parameter of [...document.parameters.map((one) => one.name), ...document.hiddenParameters])
      known.parameters.ensure(parameter, () => new Set()).add(firmware);
    for (const table of document.tables) {
      if (table.hidden || table.columns.length === 0) continue;
      const names = known.tables.ensure(table.name, () => ({
        name: table.name,
        columns: new NameMap(),
        firmware: new Set(),
      }));
      names.firmware.add(firmware);
      for (const column of table.columns)
        if (!isReadOnlyColumn(table.name, column))
          names.columns.ensure(column, () => new Set()).add(firmware);
    }
  }
  return known;
}
