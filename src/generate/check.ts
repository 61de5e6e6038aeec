import { type Address, cellAddress } from "../ini/address";
import { type Configuration, readConfiguration } from "../ini/configuration";
import { ConfigurationLookup, cellIn } from "../ini/declared";
import { unlikeLive } from "../ini/dump/unlike";
import type { NameMap } from "../ini/names";
import { liveAt, type Observed, sameLive } from "../ini/observe";
import { parseIni } from "../ini/parse";
import { replacePlaceholders } from "../ini/variables";

/**
 * The addresses at which ini texts do not say what a device shows; a second opinion on what was written, since a
 * first update overwrites the device if they differ.
 *
 * @param texts the ini files of the program
 * @param variables what it fills into their placeholders
 * @param undeclared the addresses that it leaves to the device
 * @throws IniError if a text is not as strict as a program's must be
 */
export function mismatches(
  observed: Observed,
  texts: readonly string[],
  variables: Readonly<Record<string, string>>,
  undeclared: NameMap<true>,
): Address[] {
  const declared = texts.map((text) => filledConfiguration(text, variables));
  const different = declared.flatMap((one) =>
    unlikeLive(one, observed).filter(({ place, value }) => {
      const shown = liveAt(observed, place);
      return shown === undefined || !sameLive(value, shown);
    }),
  );
  return [
    ...missing(observed, declared).filter((address) => !undeclared.has(address)),
    ...different.map(({ address }) => address),
  ];
}

/** The addresses that a device shows and none of some configurations declares. */
function missing(observed: Observed, declared: readonly Configuration[]): Address[] {
  const lookups = declared.map((one) => new ConfigurationLookup(one));
  const addresses: Address[] = [];
  for (const name of observed.parameters.keys())
    if (lookups.every((lookup) => lookup.parameter(name) === undefined)) addresses.push(name);
  for (const [table, { rows, hidden }] of observed.tables) {
    if (hidden) continue;
    for (const [index, cells] of rows) {
      const own = lookups.map((lookup) => lookup.row(table, index)).filter((row) => row !== undefined);
      for (const column of cells.keys())
        if (own.every((row) => cellIn(row, column) === undefined))
          addresses.push(cellAddress(table, index, column));
    }
  }
  return addresses;
}

function filledConfiguration(text: string, variables: Readonly<Record<string, string>>): Configuration {
  const { configuration } = readConfiguration({ document: parseIni(text) });
  const fill = (value: string) => replacePlaceholders(value, variables);
  const { parameters, tables } = configuration;
  return {
    parameters: mapValues(parameters, (value) => (typeof value === "string" ? fill(value) : value.map(fill))),
    tables: mapValues(tables, (rows) => mapValues(rows, (cells) => mapValues(cells, fill))),
  };
}

function mapValues<T, U>(record: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
