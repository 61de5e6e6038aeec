import { splitAddress } from "../../ini/address";
import type { Configuration } from "../../ini/configuration";
import { NameMap } from "../../ini/names";
import type { Observed } from "../../ini/observe";
import type { Fragment } from "./fragment";

/** How many rows the device showed of each table in which a resource declares something. */
export type ShownRows = Readonly<Record<string, number>>;

export function shownRows(observed: Observed, declared: Configuration): ShownRows {
  return Object.fromEntries(
    Object.keys(declared.tables).map((name) => [name, observed.tables.get(name)?.rows.size ?? 0]),
  );
}

/**
 * Why no table may be sent whole after one read of this dump: it shows fewer rows than are known from a state, or
 * nothing of a table, which a cut between two tables can look like. Undefined if it may.
 */
export function doubtfulRows(
  observed: Observed,
  jobs: readonly {
    fragment: Pick<Fragment, "declared" | "restored" | "removedRows">;
    rows: ShownRows | undefined;
  }[],
): string | undefined {
  for (const { fragment, rows } of jobs) {
    const known = new NameMap(Object.entries(rows ?? {}));
    for (const name of tablesOf(fragment)) {
      const shown = observed.tables.get(name);
      if (shown === undefined && known.get(name) !== 0) return `it does not show table ${name}`;
      const missing = (known.get(name) ?? 0) - (shown?.rows.size ?? 0);
      if (missing > 0) return `it shows ${missing} fewer rows of table ${name} than were known`;
    }
  }
  return undefined;
}

function tablesOf({
  declared,
  restored,
  removedRows,
}: Pick<Fragment, "declared" | "restored" | "removedRows">): Set<string> {
  const back = [...restored.keys(), ...removedRows.keys()].flatMap((address) => {
    const split = splitAddress(address);
    return split.kind === "parameter" ? [] : [split.table];
  });
  return new Set([...Object.keys(declared.tables), ...back]);
}
