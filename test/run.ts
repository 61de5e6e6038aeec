/**
 * `npm test`, and `npm run test:fast`, `test:life`, `test:contract`, `test:e2e`: runs the test files of some tiers, and
 * says at the end how long each folder took.
 */
import { readdirSync } from "node:fs";
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
  ],
  /** The client, and a resource or function against the simulator, in this process. */
  life: ["device", "life", "functions", "simulator", "probe", "clients"],
  /** What is published and stored: package, entries, thunks, types, and the borders of the rooms. */
  contract: ["contract"],
  /** Programs on an engine, and the command line. */
  e2e: ["e2e", "engine", "bin"],
};

/** A file that takes longer is stuck. */
const FILE_TIMEOUT_MS = 300_000;
/** One more than cores, since most files wait for a device now and then. */
const PARALLEL = 3;
const SLOWEST = 8;

function testFiles(tiers: readonly string[]): string[] {
  const folders = tiers.flatMap((tier) => TIERS[tier] ?? unknownTier(tier));
  return folders.flatMap((folder) =>
    readdirSync(join(__dirname, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => join(__dirname, folder, file)),
  );
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

function main(tiers: readonly string[]): void {
  const files = testFiles(tiers);
  const byFile = new Map<string, number>();
  const count = ({ nesting, file, details }: TestEnd) => {
    if (nesting > 0 || file === undefined) return;
    const name = relative(__dirname, file).replaceAll(sep, posix.sep);
    byFile.set(name, (byFile.get(name) ?? 0) + details.duration_ms / 1000);
  };
  const began = performance.now();
  const events = run({ files, concurrency: PARALLEL, timeout: FILE_TIMEOUT_MS });
  events.on("test:pass", count);
  events.on("test:fail", (end) => {
    count(end);
    process.exitCode = 1;
  });
  events.on("end", () => {
    const byFolder = new Map<string, number>();
    for (const [file, seconds] of byFile)
      byFolder.set(dirname(file), (byFolder.get(dirname(file)) ?? 0) + seconds);
    const all = `${files.length} files in ${((performance.now() - began) / 1000).toFixed(0)} s, ${PARALLEL} at a time`;
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

main(process.argv.length > 2 ? process.argv.slice(2) : Object.keys(TIERS));
