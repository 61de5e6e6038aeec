import { fenced, markdown } from "./escape";
import type { Change, ChangedResource, Report, ReportedDevice } from "./model";
import { afterText, counted, driftText, FLAG_WORDS, NONE, summaryOf } from "./words";

/** GitHub takes comments of so many characters. */
export const COMMENT_LIMIT = 65_536;
/** What begins every comment of ours, so that a later run finds it. */
const COMMENT_MARK = "<!-- pulumi-mediant report -->";

export interface MarkdownOptions {
  /** What stands at the top. */
  title?: string;
  /** Where the whole report is. */
  link?: string;
  /** Bytes. */
  limit?: number;
}

/** A device of more changes is folded up. */
const OPEN = 30;

/**
 * A comment for a pull request: what happens to devices at the top, then a device a section and a change a line. What
 * does not fit is counted.
 */
export function markdownReport(report: Report, options: MarkdownOptions = {}): string {
  const { title, link, limit = COMMENT_LIMIT } = options;
  const blocks = new Blocks(limit - 1_000);
  blocks.always(COMMENT_MARK);
  if (title !== undefined) blocks.always(`### ${markdown(title)}`);
  blocks.always(`**${markdown(summaryOf(report))}** (${counted(report.totals.resources, "resource")})`);
  const flags = flagLines(report);
  if (flags.length > 0) blocks.list(["> [!WARNING]", ...flags], "flag");
  for (const error of report.errors) blocks.code([error], "text", "error");
  for (const device of report.devices) deviceBlocks(blocks, device);
  if (report.others.length > 0) {
    const others = report.others.map(({ name, operation }) => `${operation} ${name}`);
    blocks.always(
      `${counted(others.length, "resource")} of other packages: ${markdown(shortened(others.join(", ")))}`,
    );
  }
  const left = blocks.left();
  if (left !== "") blocks.always(`**Not shown here: ${left}.**`);
  if (link !== undefined && /^https?:\/\/[^\s<>"'()[\]\\]+$/.test(link))
    blocks.always(`[The whole report](${link})`);
  return `${blocks.text()}\n`;
}

function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

function flagLines({ devices }: Report): string[] {
  return devices.flatMap(({ flags }) =>
    flags.map(({ kinds, device, resource, text }) => {
      const kind = kinds.map((each) => FLAG_WORDS[each]).join(", ");
      return `> - **${kind}: ${markdown(device)}** (${markdown(resource)}) ${markdown(text)}`;
    }),
  );
}

function deviceBlocks(blocks: Blocks, { name, resources }: ReportedDevice): void {
  const lines = resources.flatMap(resourceLines);
  const changes = resources.reduce((sum, each) => sum + each.changes.length, 0);
  const head = `<b>${markdown(name)}</b> ${counted(changes, "change")}`;
  blocks.section(head, lines, changes > OPEN);
}

/** A line of a section; `counts` if it is a change. */
interface Line {
  text: string;
  counts: boolean;
}

function resourceLines({ name, type, operation, failed, changes, notes }: ChangedResource): Line[] {
  const say = { create: "new ", delete: "deleted ", replace: "replaced ", update: "", same: "", refresh: "" }[
    operation
  ];
  const head = `# ${say}${type} ${name}${failed ? " FAILED" : ""}`;
  return [
    { text: head, counts: false },
    ...notes.map((note) => ({ text: `#   ${note}`, counts: false })),
    ...changes.map((change) => ({ text: changeLine(change), counts: true })),
  ];
}

function changeLine(change: Change): string {
  const { address, cause, before, found, after } = change;
  if (cause !== "intended") {
    const end = driftText(change);
    return `! by hand: ${address}: ${before ?? NONE} => ${found ?? NONE}${end === "" ? "" : ` (${end})`}`;
  }
  if (change.secret && before !== undefined && after !== undefined) return `! ${address}: [secret] changed`;
  if (before === undefined) return `+ ${address}: ${after ?? NONE}`;
  if (after === undefined) return `- ${address}: ${before} (${afterText(change)})`;
  return `! ${address}: ${before} => ${after}`;
}

/** Puts blocks together up to a limit, and counts what is left out. */
class Blocks {
  readonly #blocks: string[] = [];
  #bytes = 0;
  #changes = 0;
  #sections = 0;
  readonly #others = new Map<string, number>();

  constructor(private readonly limit: number) {}

  always(text: string): void {
    this.#blocks.push(text);
    this.#bytes += bytesOf(text) + 2;
  }

  /** Lines, of which the last ones may be left out. */
  list([first = "", ...lines]: readonly string[], noun: string): void {
    const fitting = this.#fitting(lines, bytesOf(first) + 100, this.limit / 4);
    if (fitting.length > 0) this.always([first, ...fitting].join("\n"));
    this.#omit(noun, lines.length - fitting.length);
  }

  code(lines: readonly string[], language: string, noun: string): void {
    const cut = lines.map((line) => (line.length > 2_000 ? `${line.slice(0, 1_999)}…` : line));
    const text = fenced(
      cut.flatMap((line) => line.split("\n")),
      language,
    );
    if (this.#bytes + bytesOf(text) + 2 > this.limit) this.#omit(noun, 1);
    else this.always(text);
  }

  section(head: string, lines: readonly Line[], folded: boolean): void {
    const texts = lines.map(({ text }) => text);
    const fitting = this.#fitting(texts, bytesOf(head) + 100);
    const left = lines.slice(fitting.length).filter(({ counts }) => counts).length;
    this.#changes += left;
    // A head alone says nothing.
    const shown =
      fitting.length === 0 || (left > 0 && !lines.slice(0, fitting.length).some(({ counts }) => counts));
    if (shown) {
      this.#sections += 1;
      return;
    }
    const more = left > 0 ? [`# … and ${counted(left, "more change", "more changes")}`] : [];
    const code = fenced([...fitting, ...more], "diff");
    this.always(
      folded
        ? `<details><summary>${head}</summary>\n\n${code}\n\n</details>`
        : `${head.replaceAll(/<\/?b>/g, "**")}\n\n${code}`,
    );
  }

  left(): string {
    const parts = [...this.#others].map(([noun, count]) => counted(count, noun));
    if (this.#changes > 0) parts.unshift(counted(this.#changes, "change"));
    if (this.#sections > 0) parts.push(`among them all of ${counted(this.#sections, "device")}`);
    return parts.join(", ");
  }

  text(): string {
    return this.#blocks.join("\n\n");
  }

  #omit(noun: string, count: number): void {
    if (count > 0) this.#others.set(noun, (this.#others.get(noun) ?? 0) + count);
  }

  #fitting(lines: readonly string[], overhead: number, most = Number.POSITIVE_INFINITY): string[] {
    const room = Math.min(this.limit - this.#bytes, most) - overhead;
    const fitting: string[] = [];
    let bytes = 0;
    for (const line of lines) {
      bytes += bytesOf(line) + 1;
      if (bytes > room) break;
      fitting.push(line);
    }
    return fitting;
  }
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
