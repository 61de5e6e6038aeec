import { Command } from "commander";
import { reportOf } from "../report/build";
import { htmlReport } from "../report/html";
import { markdownReport } from "../report/markdown";
import type { Report } from "../report/model";
import { FormatError, type Run, readSource, runBetween, type Source } from "../report/run";
import { madeBy } from "../report/words";
import { compareNew } from "./compare-new";
import { givenFile } from "./given-file";
import { exitCodesHelp, UsageError } from "./outcome";
import { writtenFile } from "./written-file";

interface ReportOptions {
  markdown?: string;
  html?: string;
  json?: string;
  title?: string;
  link?: string;
  compareNew?: boolean;
}

const HELP = `
Reads what pulumi writes with \`preview --json\` or \`up --json\`, an event log, or two files of \`stack export\`, the older
one first. Several previews, of several stacks, make one report. Without a file it reads its input.

Examples:
  $ pulumi preview --refresh --json | npx pulumi-mediant report > comment.md
  $ npx pulumi-mediant report preview.json --markdown comment.md --html report.html
  $ npx pulumi-mediant report before.json after.json --html report.html

No secret is shown. A device is asked with --compare-new alone: of a resource that is new to a stack, a preview knows
what it declares; this tells what that changes. It sends GETs, with the url or the profile of the program; a password that
stands in no profile comes from $MEDIANT_PASSWORD.

${exitCodesHelp}`;

/** `pulumi-mediant report`: what a preview or an update changes, for people. */
export function reportCommand(): Command {
  return new Command("report")
    .description("Tell what a preview or an update changes, as a comment of a pull request and as a page")
    .argument("[files...]", "what pulumi wrote; - is the input")
    .option("--markdown <file>", "where the comment goes (default: - if nothing else is asked for)")
    .option("--html <file>", "where the page goes; it needs no other file")
    .option("--json <file>", "where the changes go as JSON")
    .option("--title <text>", "title of the report")
    .option("--link <url>", "where the page will be, for the comment")
    .option("--compare-new", "ask the devices of new resources what they hold")
    .addHelpText("after", HELP)
    .action(report);
}

async function report(files: string[], options: ReportOptions): Promise<void> {
  const { markdown, html, json, title, link } = options;
  const runs = runsOf(await sourcesOf(files.length === 0 ? ["-"] : files));
  if (options.compareNew) await compareNew(runs);
  const found = reportOf(runs);
  const comment = markdown ?? (html === undefined && json === undefined ? "-" : undefined);
  if (html !== undefined)
    await writtenFile("--html", html, htmlReport(found, { title, footer: madeBy("report", new Date()) }));
  if (json !== undefined)
    await writtenFile("--json", json, `${JSON.stringify(found satisfies Report, null, 2)}\n`);
  if (comment !== undefined) await writtenFile("--markdown", comment, markdownReport(found, { title, link }));
}

async function sourcesOf(files: readonly string[]): Promise<{ file: string; source: Source }[]> {
  const sources: { file: string; source: Source }[] = [];
  for (const file of files) {
    const text = file === "-" ? await input() : givenFile("report", file).toString("utf8");
    try {
      sources.push({ file, source: readSource(text) });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new UsageError(`${file === "-" ? "the input" : file} ${error.message}`);
    }
  }
  return sources;
}

async function input(): Promise<string> {
  if (process.stdin.isTTY)
    throw new UsageError("name a file, or pipe the output of pulumi into this command");
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function runsOf(sources: readonly { file: string; source: Source }[]): Run[] {
  const states = sources.flatMap(({ source }) => (source.kind === "state" ? [source.resources] : []));
  const runs = sources.flatMap(({ source }) => (source.kind === "run" ? [source.run] : []));
  const [before, after, ...more] = states;
  if (before === undefined) return runs;
  if (after === undefined || more.length > 0 || runs.length > 0)
    throw new UsageError(
      "one state of a stack cannot be compared alone: name two files, the older one first",
    );
  return [runBetween(before, after)];
}
