/*
 * A terminal's output as one SVG that plays it: the lines appear step by step, and the window follows them. It loads
 * nothing and runs no script, so it plays in a README as well.
 */

const COLUMNS = 104;
const ROWS = 30;
const LINE = 19;
const CHARACTER = 8.1;
const MARGIN = 16;
const BAR = 34;

/** Seconds: between two lines, before a line that begins a step, and at the end before it starts anew. */
const PACE = { line: 0.12, step: 1.6, end: 8 };

/** What a number in an escape sequence of the terminal means. */
const CLASSES: Readonly<Record<string, string>> = { 1: "b", 2: "d", 31: "r", 32: "g", 33: "y", 36: "c" };
const ENDS: Readonly<Record<string, readonly string[]>> = {
  0: Object.values(CLASSES),
  22: ["b", "d"],
  39: ["r", "g", "y", "c"],
};

const STYLE = `
text{font:13.5px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d7dde5;white-space:pre}
.b{font-weight:700}.d{fill:#8b98a9}.r{fill:#ff7b72}.g{fill:#63d387}.y{fill:#e9c46a}.c{fill:#6cc7f5}
@media (prefers-reduced-motion:no-preference){.l{opacity:0}`;

/** @param output what a terminal gets, with its colours */
export function svgOf(output: string): string {
  const lines = output.replace(/^\n+|\n+$/g, "").split(/\r?\n/);
  const times = timesOf(lines);
  const total = (times.at(-1) ?? 0) + PACE.end;
  const width = Math.round(COLUMNS * CHARACTER + 2 * MARGIN);
  const height = BAR + ROWS * LINE + MARGIN;
  const share = (seconds: number) => `${((100 * seconds) / total).toFixed(2)}%`;
  const shows = lines.map(
    (_, at) =>
      `@keyframes l${at}{0%{opacity:0}${share(times[at] ?? 0)},100%{opacity:1}}#l${at}{animation:l${at} ${total.toFixed(1)}s step-end infinite}`,
  );
  const scroll = lines.flatMap((_, at) =>
    at < ROWS ? [] : [`${share(times[at] ?? 0)}{transform:translateY(-${(at + 1 - ROWS) * LINE}px)}`],
  );
  const last = Math.max(0, lines.length - ROWS) * LINE;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The demo of pulumi-mediant in a terminal">`,
    `<style>${STYLE}\n${shows.join("\n")}`,
    `@keyframes s{0%{transform:translateY(0)}${scroll.join("")}100%{transform:translateY(-${last}px)}}`,
    `#s{animation:s ${total.toFixed(1)}s step-end infinite}}</style>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#12171e"/>`,
    ...["#ff5f57", "#febc2e", "#28c840"].map(
      (fill, at) => `<circle cx="${20 + 20 * at}" cy="17" r="6" fill="${fill}"/>`,
    ),
    `<text x="${width / 2}" y="22" text-anchor="middle" class="d">npm run demo</text>`,
    `<clipPath id="w"><rect y="${BAR}" width="${width}" height="${ROWS * LINE + 4}"/></clipPath>`,
    `<g clip-path="url(#w)"><g id="s">`,
    ...lines.map(
      (line, at) =>
        `<text class="l" id="l${at}" x="${MARGIN}" y="${BAR + (at + 1) * LINE - 4}">${spans(line)}</text>`,
    ),
    "</g></g></svg>",
    "",
  ].join("\n");
}

function timesOf(lines: readonly string[]): number[] {
  let now = 0;
  return lines.map((line) => {
    now += /^\d+\. /.test(plain(line)) ? PACE.step : PACE.line;
    return now;
  });
}

const ESCAPE = /\u001b\[([\d;]*)m/;

function plain(line: string): string {
  return line
    .split(ESCAPE)
    .filter((_, at) => at % 2 === 0)
    .join("");
}

/** A line as parts of one style each. */
function spans(line: string): string {
  const on = new Set<string>();
  let room = COLUMNS;
  return line
    .split(ESCAPE)
    .map((part, at) => {
      if (at % 2 === 1) {
        for (const code of part.split(";")) {
          for (const end of ENDS[code || "0"] ?? []) on.delete(end);
          const begin = CLASSES[code];
          if (begin !== undefined) on.add(begin);
        }
        return "";
      }
      const shown = part.length > room ? `${part.slice(0, Math.max(0, room - 1))}…` : part;
      if (part === "" || room <= 0) return "";
      room -= part.length;
      const text = shown.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      return on.size === 0 ? text : `<tspan class="${[...on].join(" ")}">${text}</tspan>`;
    })
    .join("");
}
