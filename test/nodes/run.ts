/**
 * `npm run test:nodes`: the fast tests and the contracts on other Node versions, and with the newest SDK beside the
 * lowest. npm's package `node` brings each version; what cannot be had is named as skipped.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

const ROOT = join(__dirname, "..", "..");
const VERSIONS = ["22", "24", "26"];
const SDK_NODE = "24";

interface Outcome {
  what: string;
  result: "passed" | "failed" | "skipped";
}

/** The program of a Node version, undefined if npm cannot bring it. */
function nodeOf(version: string, folder: string): string | undefined {
  const place = join(folder, `node-${version}`);
  run("npm", ["install", "--no-save", "--prefix", place, `node@${version}`], ROOT);
  const program = join(
    place,
    "node_modules",
    "node",
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  return existsSync(program) ? program : undefined;
}

function run(program: string, args: string[], cwd: string, path = process.env["PATH"]): boolean {
  console.log(`$ ${[program, ...args].join(" ")}`);
  const env = { ...process.env, PATH: path };
  return spawnSync(program, args, { cwd, env, stdio: "inherit" }).status === 0;
}

/** The tests of a checkout with a Node of its own, also for the processes that they start. */
function test(what: string, node: string, cwd: string): Outcome {
  const path = [dirname(node), process.env["PATH"]].join(delimiter);
  const passed = ["test:fast", "test:contract"].every((script) => run("npm", ["run", script], cwd, path));
  return { what, result: passed ? "passed" : "failed" };
}

/** A copy of the repository that has the newest SDK. */
function withNewestSdk(folder: string): string | undefined {
  const copy = join(folder, "newest-sdk");
  const left = new Set(["node_modules", "coverage"].map((name) => join(ROOT, name)));
  cpSync(ROOT, copy, { recursive: true, filter: (path) => !left.has(path) });
  const installed =
    run("npm", ["ci"], copy) &&
    run("npm", ["install", "--no-save", "--force", "@pulumi/pulumi@latest"], copy);
  return installed ? copy : undefined;
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), "nodes-"));
  const outcomes: Outcome[] = [];
  try {
    const nodes = new Map(VERSIONS.map((version) => [version, nodeOf(version, folder)]));
    for (const [version, node] of nodes) {
      const what = `Node ${version}`;
      outcomes.push(node === undefined ? { what, result: "skipped" } : test(what, node, ROOT));
    }
    const what = `the newest @pulumi/pulumi on Node ${SDK_NODE}`;
    const node = nodes.get(SDK_NODE);
    const copy = node === undefined ? undefined : withNewestSdk(folder);
    outcomes.push(
      node === undefined || copy === undefined ? { what, result: "skipped" } : test(what, node, copy),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const { what, result } of outcomes) console.log(`${what}: ${result}`);
  process.exitCode = outcomes.some(({ result }) => result === "failed") ? 1 : 0;
}

main();
