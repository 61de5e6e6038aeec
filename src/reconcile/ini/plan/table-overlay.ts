import { byIndex } from "../../../ini/address";
import { NameMap } from "../../../ini/names";
import type { Observed } from "../../../ini/observe";
import type { TableText } from "../../../ini/render";
import type { PlanRules } from "./rules";

/** Tables as a device holds them with other cells laid over: what is sent, and what puts lost rows back. */
export class TableOverlay {
  readonly notes: string[] = [];
  private readonly cells = new NameMap<Map<string, NameMap<string>>>();
  private readonly gone = new NameMap<Set<string>>();

  constructor(
    private readonly observed: Observed,
    private readonly rules: Pick<PlanRules, "incrementalTables">,
  ) {}

  /** @param raw the cell as it stands in the line, quotes included */
  set(table: string, index: string, column: string, raw: string): void {
    const rows = this.cells.ensure(table, () => new Map());
    const row = rows.get(index) ?? new NameMap<string>();
    row.set(column, raw);
    rows.set(index, row);
  }

  remove(table: string, index: string): void {
    this.gone.ensure(table, () => new Set()).add(index);
  }

  tables(): string[] {
    // Rows go only if the table comes without them, which a table in rows mode never does.
    const shrinking = this.rules.incrementalTables === "whole" ? [...this.gone.keys()] : [];
    return [...new NameMap([...this.cells.keys(), ...shrinking].map((name) => [name, true])).keys()];
  }

  /** Undefined if there is nothing to send, or if the device withholds the table: an upload would lose it. */
  table(name: string): TableText | undefined {
    const live = this.observed.tables.get(name);
    if (live?.hidden) return undefined;
    const laid = this.cells.get(name) ?? new Map<string, NameMap<string>>();
    const gone = this.gone.get(name) ?? new Set<string>();
    const columns = new NameMap<true>((live?.columns ?? []).map((column) => [column, true]));
    for (const row of laid.values()) for (const column of row.keys()) columns.set(column, true);
    const names = [...columns.keys()];
    if (names.length === 0) return undefined;
    const whole = this.rules.incrementalTables === "whole";
    const indexes = new Set([...(whole ? (live?.rows.keys() ?? []) : []), ...laid.keys()]);
    const fresh = new Map<string, string[]>();
    const rows = [...indexes]
      .filter((index) => !gone.has(index))
      .sort(byIndex)
      .map((index) => {
        const before = live?.rows.get(index);
        const over = laid.get(index);
        if (before === undefined && over !== undefined) {
          const empty = names.filter((column) => !over.has(column)).join(", ");
          const alike = fresh.get(empty) ?? [];
          alike.push(index);
          if (empty !== "") fresh.set(empty, alike);
        }
        return { index, cells: names.map((column) => over?.get(column) ?? before?.get(column)?.raw ?? "") };
      });
    this.noteNewRows(name, fresh);
    return { name: live?.name ?? name, columns: names, rows };
  }

  /** What a line a table tells of new rows; those that leave the same columns to the device are told together. */
  private noteNewRows(table: string, rows: ReadonlyMap<string, readonly string[]>): void {
    const told = [...rows].map(([empty, indexes]) => `${indexesText(indexes)} (${empty} left to the device)`);
    if (told.length > 0) this.notes.push(`${table}: new ${told.join("; ")}`);
  }
}

/** Many indexes are counted: `rows 3 to 2002, 2000 in all`. */
function indexesText(indexes: readonly string[]): string {
  if (indexes.length === 1) return `row ${indexes[0]}`;
  if (indexes.length <= 10) return `rows ${indexes.join(", ")}`;
  return `rows ${indexes[0]} to ${indexes.at(-1)}, ${indexes.length} in all`;
}
