/** One thing that was measured, beside what it is compared with. */
export interface Figure {
  what: string;
  /** By the heading of the column. */
  measured: Readonly<Record<string, string | number>>;
  ratio?: number;
  target?: { atMost: number } | { atLeast: number };
  /** Why it could not be measured. */
  skipped?: string;
}

/** Figures that are read together. */
export interface Section {
  title: string;
  figures: readonly Figure[];
}

/** Undefined where there is nothing to meet. */
export function isMet({ ratio, target }: Figure): boolean | undefined {
  if (ratio === undefined || target === undefined) return undefined;
  return "atMost" in target ? ratio <= target.atMost : ratio >= target.atLeast;
}

export function printSection({ title, figures }: Section): void {
  const columns = [...new Set(figures.flatMap(({ measured }) => Object.keys(measured)))];
  const lines = [
    ["", ...columns, "ratio", "target", ""],
    ...figures.map((figure) => [
      figure.what,
      ...columns.map((column) => cellText(figure.measured[column])),
      ...(figure.skipped === undefined ? verdictOf(figure) : ["", "", `skipped: ${figure.skipped}`]),
    ]),
  ];
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => (line[at] ?? "").length)));
  const text = lines.map((line) =>
    line
      .map((cell, at) => (isText(at, line) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  console.log(["", title, "", ...text].join("\n"));
}

function isText(at: number, line: readonly string[]): boolean {
  return at === 0 || at === line.length - 1;
}

function cellText(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1);
}

function verdictOf(figure: Figure): string[] {
  const { ratio, target } = figure;
  if (ratio === undefined) return ["", "", ""];
  if (target === undefined) return [ratio.toFixed(2), "", ""];
  const bound = "atMost" in target ? `<= ${target.atMost}` : `>= ${target.atLeast}`;
  return [ratio.toFixed(2), bound, isMet(figure) ? "met" : "NOT MET"];
}
