import type { Address } from "../ini/address";
import { type Configuration, readConfiguration, type Value } from "../ini/configuration";
import { declaredBy } from "../ini/declared";
import { NameMap } from "../ini/names";
import { liveConfiguration, liveValue, type Observed, sameLive } from "../ini/observe";
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
  const declared = new NameMap<Value>(
    texts.flatMap((text) => [...declaredBy(filledConfiguration(text, variables)).values]),
  );
  const live = [...declaredBy(liveConfiguration(observed)).values.keys()];
  const missing = live.filter((address) => !declared.has(address) && !undeclared.has(address));
  const different = [...declared].flatMap(([address, value]) => {
    const shown = liveValue(observed, address);
    return shown !== undefined && sameLive(value, shown) ? [] : [address];
  });
  return [...missing, ...different];
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
