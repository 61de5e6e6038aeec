import type { Change, FlagKind, Report } from "./model";

export const NONE = "(none)";

/** What becomes of a value, for people. */
export function afterText({ after, fate }: Change): string {
  if (after !== undefined) return after;
  switch (fate) {
    case "stays":
      return "no longer managed, stays";
    case "default":
      return "gone, back to the default";
    case "restored":
      return "put back to what it was before";
    case "removed":
      return "removed";
    default:
      return NONE;
  }
}

/** `put back`, and the like: what becomes of what somebody changed by hand. */
export function driftText(change: Change): string {
  const { before, found, after } = change;
  if (change.secret) return after === undefined ? "" : "put back";
  if (after === undefined) return "";
  if (after === before) return "put back";
  return after === found ? "kept: the program says so now" : `becomes ${after}`;
}

export const FLAG_WORDS: Readonly<Record<FlagKind, string>> = {
  reset: "Reset",
  switchover: "Switchover",
  upload: "Upload",
};

/** What stands below a page: which command wrote it, and when. */
export function madeBy(command: string, at: Date): string {
  return `pulumi-mediant ${command}, ${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** The outcome in one sentence: `2 changes and 1 drifted value on 1 device`. */
export function summaryOf({ kind, result, devices, totals, errors }: Report): string {
  const { intended, drift } = totals;
  const parts = [
    intended > 0 ? counted(intended, kind === "states" ? "difference" : "change") : "",
    drift > 0 ? `${counted(drift, "value")} changed by hand` : "",
  ].filter((part) => part !== "");
  const acting = devices.filter(({ resources }) =>
    resources.some(({ changes }) => changes.length > 0),
  ).length;
  const what =
    parts.length > 0
      ? `${parts.join(" and ")} on ${counted(acting, "device")}`
      : devices.length > 0
        ? `No value differs; ${counted(devices.length, "device")} with something to look at`
        : errors.length > 0
          ? "The changes are not known"
          : "No changes";
  const failed = result === "failed" || (kind === "preview" && errors.length > 0);
  return failed ? `The ${kind} failed. ${what}` : what;
}
