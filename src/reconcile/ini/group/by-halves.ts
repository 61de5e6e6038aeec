/**
 * The first of some items that is refused, found by halves; undefined if all are accepted.
 *
 * @param accepted how many of them are accepted already
 * @param accepts asks for the items from one place up to another, all of them together; what it accepts stays accepted
 */
export async function firstRefused(
  count: number,
  accepted: number,
  accepts: (from: number, to: number) => Promise<boolean>,
): Promise<number | undefined> {
  let taken = accepted;
  // The smallest number that was refused.
  let tooMany = count + 1;
  let next = count;
  while (taken < count && tooMany - taken > 1) {
    if (await accepts(taken, next)) taken = next;
    else tooMany = next;
    next = Math.floor((taken + tooMany) / 2);
  }
  return taken < count ? taken : undefined;
}
