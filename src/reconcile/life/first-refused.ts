/**
 * Applies a list in order, as much of it at once as is accepted, and finds its first refused item by halves.
 *
 * @param accepts applies the items from `from` up to `to`, which is not among them; false if they are refused
 * @param from how many have been applied already
 * @returns the index of the first refused item; `count` if there is none. All items before it have been applied.
 */
export async function firstRefused(
  count: number,
  accepts: (from: number, to: number) => Promise<boolean>,
  from = 0,
): Promise<number> {
  if (from === count || (await accepts(from, count))) return count;
  let applied = from;
  let refused = count;
  while (refused - applied > 1) {
    const middle = Math.floor((applied + refused) / 2);
    if (await accepts(applied, middle)) applied = middle;
    else refused = middle;
  }
  return applied;
}
