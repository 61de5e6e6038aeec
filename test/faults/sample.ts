import type { Cell } from "./cells";
import { titleOf } from "./operation";

/**
 * Each fault with one operation that can meet it, always the one that has come up least, so that each operation meets
 * some faults, too.
 */
export function sampleOf(cells: readonly Cell[]): Cell[] {
  const met = new Map<string, number>();
  const times = ({ operation }: Cell): number => met.get(titleOf(operation)) ?? 0;
  const possible = cells.filter(({ outcome }) => "verdict" in outcome);
  return [...new Set(possible.map(({ fault }) => fault))].flatMap((fault) => {
    const [cell] = possible.filter((one) => one.fault === fault).sort((a, b) => times(a) - times(b));
    if (cell === undefined) return [];
    met.set(titleOf(cell.operation), times(cell) + 1);
    return [cell];
  });
}
