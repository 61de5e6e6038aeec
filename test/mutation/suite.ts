import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { join, resolve, sep } from "node:path";
import ts from "typescript";

/*
 * Test files in this process, again and again, each time with another source file changed: what they and our sources
 * are is loaded anew, what comes from packages stays. `node:test` is replaced by what only collects.
 */

const ROOT = join(__dirname, "../..");
/** Cases of a property: more would take most of the time, and the usual run has more. */
const MOST_CASES = 25;
/** Tests that take longer wait until the others have passed. */
const QUICK_MS = 20;

type Body = (context: Context) => unknown;
interface Collected {
  name: string;
  run: Body;
}
interface Slow extends Failed {
  run: () => Promise<string | undefined>;
}
interface Context {
  mock: unknown;
  name: string;
  after(body: () => unknown): void;
  test(...args: unknown[]): Promise<void>;
  diagnostic(): void;
}

interface Loader {
  _load(request: string, parent: unknown, isMain: boolean): unknown;
  _extensions: Record<string, (module: { _compile(text: string, file: string): void }, file: string) => void>;
}

const loader = Module as unknown as Loader;
const load = loader._load.bind(loader);
const real = createRequire(__filename);
const { mock } = real("node:test") as { mock: { restoreAll(): void } };
const compiled = new Map<string, string>();

let changed: { file: string; text: string } | undefined;
let tests: Collected[] = [];
let before: (() => unknown)[] = [];
let after: (() => unknown)[] = [];

function bodyOf(args: unknown[]): { name: string; skip: boolean; run: Body | undefined } {
  const run = args.find((arg) => typeof arg === "function") as Body | undefined;
  const options = args.find((arg) => typeof arg === "object" && arg !== null) as
    | { skip?: unknown }
    | undefined;
  return { name: String(args[0]), skip: Boolean(options?.skip), run };
}

const collect = (...args: unknown[]): void => {
  const { name, skip, run } = bodyOf(args);
  if (!skip && run !== undefined) tests.push({ name, run });
};
const group = (...args: unknown[]): void => {
  const { skip, run } = bodyOf(args);
  if (!skip) run?.({} as Context);
};
const collector = Object.assign(collect, {
  ...{ test: collect, it: collect, describe: group, suite: group, mock, skip: () => undefined },
  before: (body: () => unknown) => before.push(body),
  after: (body: () => unknown) => after.push(body),
  beforeEach: (body: () => unknown) => before.push(body),
  afterEach: (body: () => unknown) => after.push(body),
});

type Assert = (property: unknown, parameters?: { numRuns?: number }) => unknown;

/** The same cases each time, and few of them. */
function fewCases(module: { assert: Assert; default?: { assert: Assert } }): unknown {
  const assert: Assert = (property, parameters = {}) =>
    module.assert(property, {
      ...parameters,
      ...{ seed: 1, endOnFailure: true, numRuns: Math.min(parameters.numRuns ?? MOST_CASES, MOST_CASES) },
    });
  return { ...module, assert, default: { ...module.default, assert }, __esModule: true };
}

let cases: unknown;

loader._load = (request, parent, isMain) => {
  if (request === "node:test") return collector;
  const loaded = load(request, parent, isMain);
  if (request !== "fast-check") return loaded;
  cases ??= fewCases(loaded as Parameters<typeof fewCases>[0]);
  return cases;
};

function compile(text: string, fileName: string): string {
  const compilerOptions = {
    ...{ module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  };
  return ts.transpileModule(text, { fileName, compilerOptions }).outputText;
}

loader._extensions[".ts"] = (module, file) => {
  if (changed?.file === file) return module._compile(compile(changed.text, file), file);
  const text = compiled.get(file) ?? compile(readFileSync(file, "utf8"), file);
  compiled.set(file, text);
  return module._compile(text, file);
};

const isOurs = (file: string) =>
  !file.includes(`${sep}node_modules${sep}`) && !file.includes(`${sep}mutation${sep}`);

/** The first test that failed: its name, and the file that it stands in. */
export interface Failed {
  name: string;
  file: string;
}

/** Runs test files with one source file changed, up to the first test that fails. */
export async function failing(
  files: readonly string[],
  change: { file: string; text: string } | undefined,
  passedOver: ReadonlySet<string>,
): Promise<Failed | undefined> {
  changed = change === undefined ? undefined : { ...change, file: resolve(ROOT, change.file) };
  for (const file of Object.keys(require.cache)) if (isOurs(file)) delete require.cache[file];
  const slow: Slow[] = [];
  const ends: (() => unknown)[] = [];
  try {
    for (const file of files) {
      const failed = await failingIn(file, passedOver, slow, ends);
      if (failed !== undefined) return failed;
    }
    slow.sort((one, other) => (lasted.get(one.name) ?? 0) - (lasted.get(other.name) ?? 0));
    for (const { name, file, run } of slow) if ((await run()) !== undefined) return { name, file };
    return undefined;
  } finally {
    for (const body of ends) await body();
  }
}

/** Runs the quick tests of a file. */
async function failingIn(
  file: string,
  passedOver: ReadonlySet<string>,
  slow: Slow[],
  ends: (() => unknown)[],
): Promise<Failed | undefined> {
  tests = [];
  before = [];
  after = [];
  try {
    require(resolve(ROOT, file));
    for (const one of tests) {
      if (passedOver.has(one.name)) continue;
      const first = before;
      const run = () => runOne(one, first);
      if ((lasted.get(one.name) ?? 0) > QUICK_MS) slow.push({ name: one.name, file, run });
      else if ((await run()) !== undefined) return { name: one.name, file };
    }
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return { name: `${file}: ${message}`, file };
  } finally {
    ends.push(...after);
  }
}

/** Milliseconds that a test took when it last passed. */
const lasted = new Map<string, number>();

async function runOne({ name, run }: Collected, first: typeof before): Promise<string | undefined> {
  const ends: (() => unknown)[] = [];
  const context: Context = {
    mock,
    name,
    after: (body) => ends.push(body),
    diagnostic: () => undefined,
    test: async (...args) => {
      const inner = bodyOf(args);
      if (inner.run !== undefined && !inner.skip) await inner.run(context);
    },
  };
  try {
    for (const body of first) await body();
    const began = performance.now();
    await run(context);
    lasted.set(name, performance.now() - began);
    return undefined;
  } catch {
    return name;
  } finally {
    for (const end of ends) await end();
    mock.restoreAll();
  }
}

/** What a test file loads, itself included, without packages. */
export function loadedSources(): string[] {
  return Object.keys(require.cache).filter(isOurs);
}
