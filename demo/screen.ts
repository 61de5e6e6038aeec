import { stdout } from "node:process";
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Text in a style where the terminal has colours and nobody asked for none. */
function styled(style: Style, text: string): string {
  const plain = !stdout.isTTY || process.env["NO_COLOR"] !== undefined || process.env["TERM"] === "dumb";
  return plain && process.env["FORCE_COLOR"] === undefined
    ? text
    : styleText(style, text, { validateStream: false });
}

/** What the demo prints, line by line. */
export const screen = {
  title(text: string): void {
    console.log(`\n${styled("bold", text)}\n${styled("dim", "─".repeat(Math.min(72, text.length)))}`);
  },
  step(number: number, command: string, why: string): void {
    console.log(`\n${styled(["bold", "cyan"], `${number}. ${command}`)}  ${styled("dim", why)}`);
  },
  /** Lines of an engine's output: what is added, changed and removed in its colours. */
  lines(lines: readonly string[]): void {
    for (const line of lines) console.log(`   ${styled(colour(line), shortened(line))}`);
  },
  note(text: string): void {
    console.log(`   ${styled("dim", text)}`);
  },
  verdict(good: boolean, text: string): void {
    console.log(`   ${good ? styled("green", "✔") : styled("red", "✘")} ${text}`);
  },
};

/** A table's FORMAT line can be thousands of characters long. */
function shortened(line: string): string {
  const longest = Math.max(60, (stdout.columns ?? 120) - 6);
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

function colour(line: string): Style {
  const mark = line.trimStart().slice(0, 2);
  if (/^\+[ \w]/.test(mark)) return "green";
  if (/^-[ \w]/.test(mark)) return "red";
  if (mark === "~ ") return "yellow";
  return line.trimStart().startsWith("[") ? "bold" : "reset";
}
