import type { CanonicalScript } from "../../cli/canonical";
import { addressOf, lineKey } from "../../cli/compare";
import { withoutObscured } from "../../secrets/values";

/** What a script has changed, in terms of the exports before and after it; what others change elsewhere is theirs. */
export class LineChange {
  private readonly gone: CanonicalScript["lines"];
  private readonly come: CanonicalScript["lines"];

  /** @param declared a secret that is not among its lines and shows another form is obscured anew, not changed */
  constructor(before: CanonicalScript, after: CanonicalScript, declared: CanonicalScript) {
    const ours = new Set(declared.lines.map(addressOf));
    const other = (lines: CanonicalScript["lines"], there: CanonicalScript) => {
      const [keys, shown] = [keysOf(there), shownKeysOf(there)];
      return lines.filter((line) =>
        ours.has(addressOf(line)) ? !keys.has(lineKey(line)) : !shown.has(shownKey(line)),
      );
    };
    this.gone = other(before.lines, after);
    this.come = other(after.lines, before);
  }

  /** Whether an export still shows the change. */
  stands(now: CanonicalScript): boolean {
    const [keys, shown] = [keysOf(now), shownKeysOf(now)];
    return (
      this.come.every((line) => shown.has(shownKey(line))) &&
      !this.gone.some((line) => keys.has(lineKey(line)))
    );
  }

  /** The lines that are not back as they were, without their values. */
  left(now: CanonicalScript): string[] {
    const keys = keysOf(now);
    const other = [
      ...this.gone.filter((line) => !keys.has(lineKey(line))),
      ...this.come.filter((line) => keys.has(lineKey(line))),
    ];
    return [...new Set(other.map(addressOf))];
  }
}

/** Of a line whose secret may be obscured anew each time. */
function shownKey(line: CanonicalScript["lines"][number]): string {
  return withoutObscured(lineKey(line));
}

function shownKeysOf({ lines }: CanonicalScript): Set<string> {
  return new Set(lines.map(shownKey));
}

function keysOf({ lines }: CanonicalScript): Set<string> {
  return new Set(lines.map(lineKey));
}
