import type { Check, CheckResult } from "./check";

/** What was found about one device; `--json` prints it as it is. Its form stays, members may be added. */
export interface Report {
  /** The device's label. */
  device: string;
  /** Scheme, host and port. */
  url: string;
  /** The worst of the checks: `failed`, `warning` or `ok`. */
  result: Exclude<CheckResult, "skipped">;
  checks: Check[];
}

export function reportOf(device: string, url: string, checks: readonly Check[]): Report {
  const has = (result: CheckResult) => checks.some((check) => check.result === result);
  const result = has("failed") ? "failed" : has("warning") ? "warning" : "ok";
  return { device, url, result, checks: [...checks] };
}

/** Least room for a sentence: on a narrower terminal it is left to break as it will. */
const NARROWEST = 40;

/**
 * The report in lines for people: results and names in columns, plain ASCII.
 * @param width columns of the terminal; without it no line is broken
 */
export function reportText({ device, url, checks }: Report, width?: number): string {
  const rows = checks.filter(({ result }) => result !== "skipped");
  const columns = { result: 9, id: Math.max(...checks.map(({ id }) => id.length)) + 2 };
  const indent = columns.result + columns.id;
  const room = width === undefined || width - indent < NARROWEST ? undefined : width - indent;
  const lines = [`${device}  ${url}`, ""];
  for (const { result, id, message, remedy } of rows) {
    const head = result.padEnd(columns.result) + id.padEnd(columns.id);
    const body = [message, ...(remedy === undefined ? [] : [`-> ${remedy}`])].flatMap((text) =>
      wrap(text, room),
    );
    body.forEach((line, at) => {
      lines.push((at === 0 ? head : " ".repeat(indent)) + line);
    });
  }
  for (const [why, ids] of skippedByReason(checks)) {
    const [first = "", ...more] = wrap(`${ids.join(", ")}: ${why}`, room && room + columns.id);
    lines.push("skipped".padEnd(columns.result) + first);
    lines.push(...more.map((line) => " ".repeat(columns.result) + line));
  }
  return `${[...lines, "", summary(checks)].join("\n")}\n`;
}

function skippedByReason(checks: readonly Check[]): Map<string, string[]> {
  const byReason = new Map<string, string[]>();
  for (const { id, message } of checks.filter(({ result }) => result === "skipped")) {
    byReason.set(message, [...(byReason.get(message) ?? []), id]);
  }
  return byReason;
}

function summary(checks: readonly Check[]): string {
  const count = (result: CheckResult) => checks.filter((check) => check.result === result).length;
  const counts = [
    count("failed") > 0 ? `${count("failed")} failed` : "",
    count("warning") > 0 ? plural(count("warning"), "warning") : "",
    count("skipped") > 0 ? `${count("skipped")} skipped` : "",
  ].filter((text) => text !== "");
  const good = `${count("ok")} ok`;
  return [good, ...counts].join(", ");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Breaks at blanks; a word that is longer than the room, such as a fingerprint, stays whole. */
function wrap(text: string, room: number | undefined): string[] {
  if (room === undefined) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
