/**
 * `npm test`, and `npm run test:fast`, `test:life`, `test:contract`, `test:e2e`: runs the test files of some tiers, and
 * says at the end how long each folder took.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, posix, relative, sep } from "node:path";
import { run } from "node:test";
import { spec, tap } from "node:test/reporters";

/** Folders of `test`, those below them included. */
const TIERS: Record<string, readonly string[]> = {
  /** Pure rooms: no device, no process. */
  fast: [
    "ini",
    "cli",
    "text",
    "secrets",
    "declare",
    "resources",
    "reconcile",
    "backup",
    "doctor",
    "generate",
    "imports",
    "inventory",
    "report",
    "files",
    "types",
    "hostile",
  ],
  /** The client, and a resource or function against the simulator, in this process. */
  life: [
    "device",
    "life",
    "functions",
    "simulator",
    "clients",
    "probe",
    "sequences",
    "compliance",
    "faults",
    "fleet",
  ],
  /** What is published and stored: package, entries, thunks, types, and the borders of the rooms. */
  contract: ["contract"],
  /** Programs on an engine, and the command line. */
  e2e: ["e2e", "engine", "bin"],
};

/** How many files of a tier share a process: each process costs a second before its first test. */
const TOGETHER: Record<string, number> = { fast: 24, life: 10, contract: 5, e2e: 5 };

/** Files that replace what a process has once, as the mocks of the SDK, and those that are busy for long. */
const ALONE =
  /^(?:resources|sequences)\/|^(?:faults\/matrix|probe\/probe|fleet\/run|hostile\/hostile|life\/bad-answers|imports\/state)\./;

/** A process that takes longer is stuck, on a busy machine too. */
const TIMEOUT_MS = 1_200_000;
/** More than cores, since most files wait for a device now and then, and some for long. */
const PARALLEL = availableParallelism() * 4;
const SLOWEST = 8;

/** The test files of some tiers, those together that share a process. */
function testFiles(tiers: readonly string[]): string[][] {
  return tiers.flatMap((tier) => {
    const files = (TIERS[tier] ?? unknownTier(tier)).flatMap(filesOf);
    const alone = files.filter((file) => ALONE.test(file));
    const others = files.filter((file) => !ALONE.test(file));
    const count = Math.ceil(others.length / (TOGETHER[tier] ?? 1));
    // Neighbours are much alike: dealt out, the slow ones are spread.
    const groups = Array.from({ length: count }, (_, group) =>
      others.filter((_, index) => index % count === group),
    );
    return [...alone.map((file) => [file]), ...groups].map((group) =>
      group.map((file) => join(__dirname, file)),
    );
  });
}

/** The test files below a folder of `test`, by their path from there. */
function filesOf(folder: string): string[] {
  return readdirSync(join(__dirname, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => posix.join(folder, file.replaceAll(sep, posix.sep)))
    .sort();
}

/** A file that loads the others, unless there is one alone. */
function entryOf(group: readonly string[], index: number, folder: string): string {
  if (group[0] !== undefined && group.length === 1) return group[0];
  const entry = join(folder, `group-${index}.cjs`);
  writeFileSync(entry, group.map((file) => `require(${JSON.stringify(file)});\n`).join(""));
  return entry;
}

function unknownTier(tier: string): never {
  throw new Error(`no tier is called ${tier}: choose among ${Object.keys(TIERS).join(", ")}`);
}

/** Seconds by name, the longest first. */
function table(title: string, seconds: ReadonlyMap<string, number>, rows = Number.POSITIVE_INFINITY): string {
  const lines = [...seconds]
    .sort(([, a], [, b]) => b - a)
    .slice(0, rows)
    .map(([name, value]) => `${value.toFixed(1).padStart(8)} s  ${name}`);
  return [title, ...lines].join("\n");
}

/** A folder that a tier forgets would never be tested. */
function checkTiers(): void {
  const named = new Set(Object.values(TIERS).flat());
  const tests = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => file.split(sep)[0] ?? "");
  const forgotten = [...new Set(tests)].filter((folder) => !named.has(folder));
  if (forgotten.length > 0) throw new Error(`in no tier: test/${forgotten.join(", test/")}`);
}

function main(tiers: readonly string[]): void {
  checkTiers();
  const groups = testFiles(tiers);
  const folder = mkdtempSync(join(tmpdir(), "test-run-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.env["TEST_RUN_FOLDER"] = folder;
  const files = groups.map((group, index) => entryOf(group, index, folder));
  const byFile = new Map<string, number>();
  const count = ({ nesting, file, details }: TestEnd) => {
    if (nesting > 0 || file === undefined) return;
    const name = relative(__dirname, file).replaceAll(sep, posix.sep);
    byFile.set(name, (byFile.get(name) ?? 0) + details.duration_ms / 1000);
  };
  const began = performance.now();
  const events = run({ files, concurrency: PARALLEL, timeout: TIMEOUT_MS });
  events.on("test:pass", count);
  events.on("test:fail", (end) => {
    count(end);
    process.exitCode = 1;
  });
  events.on("end", () => {
    const byFolder = new Map<string, number>();
    for (const [file, seconds] of byFile)
      byFolder.set(dirname(file), (byFolder.get(dirname(file)) ?? 0) + seconds);
    const all = `${groups.flat().length} files in ${((performance.now() - began) / 1000).toFixed(0)} s, ${PARALLEL} at a time`;
    console.error([all, table("by folder:", byFolder), table("slowest files:", byFile, SLOWEST)].join("\n"));
  });
  if (process.stdout.isTTY) events.compose(new spec()).pipe(process.stdout);
  else events.compose(tap).pipe(process.stdout);
}

interface TestEnd {
  nesting: number;
  file?: string;
  details: { duration_ms: number };
}

// Whole programs first: they wait the longest, and what is quick fills the gaps.
main(process.argv.length > 2 ? process.argv.slice(2) : Object.keys(TIERS).reverse());
