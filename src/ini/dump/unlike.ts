import { sameText } from "../../secrets/values";
import { cellAddress } from "../address";
import type { Configuration } from "../configuration";
import type { DeclaredValue } from "../declared";
import { type Observed, sameLive } from "../observe";
import { COLUMN_DEFAULT } from "../scalar";

/**
 * The values of a configuration that a dump does not plainly show as they are declared, in its order. Most do, of a
 * large table nearly all: these are passed over without an address. A cell that asks for the default of its column is
 * among the others, whatever the dump shows.
 */
export function unlikeLive({ parameters, tables }: Configuration, observed: Observed): DeclaredValue[] {
  const unlike: DeclaredValue[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    const live = observed.parameters.get(name);
    if (live === undefined || !sameLive(value, live))
      unlike.push({ address: name, place: { kind: "parameter", name }, value });
  }
  for (const [table, rows] of Object.entries(tables)) {
    const shown = observed.tables.get(table)?.rows;
    for (const [index, row] of Object.entries(rows)) {
      const cells = shown?.get(index);
      for (const column in row) {
        const value = row[column] as string;
        const live = cells?.get(column)?.text;
        if (live !== undefined && sameText(value, live) && value !== COLUMN_DEFAULT) continue;
        const place = { kind: "cell", table, index, column } as const;
        unlike.push({ address: cellAddress(table, index, column), place, value });
      }
    }
  }
  return unlike;
}
