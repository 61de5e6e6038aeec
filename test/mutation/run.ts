/**
 * `npm run mutation -- [--room NAME] [--file PATH] [--sample N] [--seed S]`: changes the pure rooms, one small thing at
 * a time, and runs their tests in a process that stays. The score is the share of changes that a test notices. What is
 * known to change nothing stands in `equivalent.json`. A verdict is kept in coverage/mutation as long as all that its
 * tests load stays: a change that was noticed needs only the test file that noticed it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../hostile/random";
import type { Question, Verdict } from "./child";
import { type Mutant, mutantsOf } from "./mutants";
import { LEFT_OUT, ROOMS, type Room } from "./rooms";

const ROOT = join(__dirname, "../..");
const KEPT = join(ROOT, "coverage/mutation");
/** Of processor time: some, and five times what the tests take unchanged, up to half a minute. */
const LEAST_SECONDS = 10;
const MOST_SECONDS = 30;
const LOOK_EVERY_MS = 500;

/** A change that no test can notice, and why. */
interface Equivalent {
  file: string;
  /** The source line, trimmed. */
  code: string;
  original: string;
  replacement: string;
  why: string;
}

const EQUIVALENT: readonly Equivalent[] = JSON.parse(
  readFileSync(join(__dirname, "equivalent.json"), "utf8"),
);

function filesIn(paths: readonly string[], ending: string): string[] {
  return paths.flatMap((path) => {
    if (!statSync(join(ROOT, path)).isDirectory()) return [path];
    const names = readdirSync(join(ROOT, path)).filter((name) => name.endsWith(ending));
    return names.sort().map((name) => `${path}/${name}`);
  });
}

const textOf = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** Seconds of processor time that a process took; undefined where the system does not tell. */
function cpuSeconds(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

/** A process that runs tests; another one takes its place if it hangs or dies. */
class Runner {
  #child: ChildProcess | undefined;

  async ask(question: Question, seconds: number): Promise<Verdict | "hangs" | "dies"> {
    this.#child ??= fork(join(__dirname, "child.ts"), {
      execArgv: ["--import", "tsx", "--max-old-space-size=768"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const child = this.#child;
    const pid = child.pid ?? 0;
    const spent = cpuSeconds(pid) ?? 0;
    const began = performance.now();
    const answer = await new Promise<Verdict | "hangs" | "dies">((resolve) => {
      const watch = setInterval(() => {
        const now = cpuSeconds(pid);
        const used = now === undefined ? (performance.now() - began) / 1000 : now - spent;
        if (used > seconds) done("hangs");
      }, LOOK_EVERY_MS);
      const done = (verdict: Verdict | "hangs" | "dies") => {
        clearInterval(watch);
        child.removeAllListeners();
        resolve(verdict);
      };
      child.once("message", (verdict: Verdict) => done(verdict));
      child.once("exit", () => done("dies"));
      child.send(question);
    });
    if (typeof answer === "string") this.end();
    return answer;
  }

  end(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }
}

interface Score {
  room: string;
  mutants: number;
  sampled: number;
  equivalent: number;
  noticed: number;
  survivors: Mutant[];
}

function isEquivalent({ file, line, original, replacement }: Mutant): boolean {
  const code = textOf(file).split("\n")[line - 1]?.trim();
  return EQUIVALENT.some(
    (one) =>
      one.file === file && one.code === code && one.original === original && one.replacement === replacement,
  );
}

function sampleOf(mutants: readonly Mutant[], size: number, seed: number): Mutant[] {
  const random = new Random(seed);
  const left = [...mutants];
  const taken: Mutant[] = [];
  while (taken.length < size && left.length > 0) taken.push(...left.splice(random.below(left.length), 1));
  return taken;
}

async function scoreOf(
  room: Room,
  only: readonly string[] | undefined,
  size: number,
  seed: number,
  runner: Runner,
): Promise<Score> {
  const sources = filesIn(room.sources, ".ts");
  const tests = filesIn(room.tests, ".test.ts").filter((file) => !LEFT_OUT.test(file.replace(/^.*\//, "")));
  const mutants = sources
    .filter((file) => only?.includes(file) ?? true)
    .flatMap((file) => mutantsOf(file, textOf(file)));
  const sample = sampleOf(mutants, size, seed);
  const loads = new Map<string, string[]>();
  const digests = new Map<string, string>();
  const costs = new Map<string, number>();
  const passedOver: string[] = [];
  for (const file of tests) {
    const began = performance.now();
    const verdict = await runner.ask({ tests: [file], passedOver: [] }, 600);
    if (typeof verdict === "string" || verdict.failed !== undefined)
      throw new Error(
        `${file} fails unchanged: ${typeof verdict === "string" ? verdict : verdict.failed?.name}`,
      );
    costs.set(file, performance.now() - began);
    passedOver.push(...(verdict.passedOver ?? []));
    const names = (verdict.loaded ?? []).map((path) => relative(ROOT, path).replaceAll(sep, "/"));
    for (const name of names) loads.set(name, [...(loads.get(name) ?? []), file]);
    digests.set(file, digestOf(names.sort().map(textOf)));
  }
  const unchanged = [...costs.values()].reduce((sum, ms) => sum + ms, 0) / 1000;
  const seconds = Math.min(LEAST_SECONDS + unchanged * 5, MOST_SECONDS);
  const kept = new Kept(room.name, digests);
  const survivors: Mutant[] = [];
  let equivalent = 0;
  for (const [at, mutant] of sample.entries()) {
    if (isEquivalent(mutant)) {
      equivalent++;
      continue;
    }
    const chosen = (loads.get(mutant.file) ?? []).sort(
      (a, b) => likeness(b, mutant) - likeness(a, mutant) || (costs.get(a) ?? 0) - (costs.get(b) ?? 0),
    );
    const text = textOf(mutant.file);
    const change = {
      file: mutant.file,
      text: text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end),
    };
    let noticed = kept.get(mutant, chosen);
    if (noticed === undefined) {
      const verdict = await runner.ask({ tests: chosen, change, passedOver }, seconds);
      const failed = typeof verdict === "string" ? undefined : verdict.failed;
      noticed = typeof verdict === "string" || failed !== undefined;
      kept.set(mutant, noticed, failed === undefined ? chosen : [failed.file]);
    }
    if (!noticed) {
      survivors.push(mutant);
      console.log(lineOf(mutant));
    }
    if (at % 25 === 24) {
      kept.write();
      console.error(`${room.name}: ${at + 1} of ${sample.length}, ${survivors.length} not noticed`);
    }
  }
  kept.write();
  const noticed = sample.length - equivalent - survivors.length;
  return { room: room.name, mutants: mutants.length, sampled: sample.length, equivalent, noticed, survivors };
}

/** The tests of a file are called like it, most often. */
function likeness(test: string, { file }: Mutant): number {
  const word = file.replace(/^.*\/|\.ts$/g, "");
  return test.includes(word) ? 1 : 0;
}

const digestOf = (texts: readonly string[]) => createHash("sha256").update(texts.join("\0")).digest("hex");

/** Verdicts of earlier runs, each with the test files that it needed, and a digest of all that these load. */
class Kept {
  readonly #file: string;
  readonly #digests: ReadonlyMap<string, string>;
  readonly #verdicts: Record<string, { noticed: boolean; tests: readonly string[]; digest: string }>;

  constructor(room: string, digests: ReadonlyMap<string, string>) {
    this.#file = join(KEPT, `${room}.json`);
    this.#digests = digests;
    this.#verdicts = existsSync(this.#file) ? JSON.parse(readFileSync(this.#file, "utf8")) : {};
  }

  /** @param chosen the tests that a change which goes unnoticed must have passed */
  get(mutant: Mutant, chosen: readonly string[]): boolean | undefined {
    const known = this.#verdicts[keyOf(mutant)];
    if (known === undefined || known.digest !== this.#digest(known.tests)) return undefined;
    const holds = known.noticed || chosen.every((test) => known.tests.includes(test));
    return holds ? known.noticed : undefined;
  }

  set(mutant: Mutant, noticed: boolean, tests: readonly string[]): void {
    this.#verdicts[keyOf(mutant)] = { noticed, tests, digest: this.#digest(tests) };
  }

  write(): void {
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(this.#file, JSON.stringify(this.#verdicts));
  }

  #digest(tests: readonly string[]): string {
    return digestOf(tests.map((test) => this.#digests.get(test) ?? "gone"));
  }
}

const keyOf = ({ file, start, end, replacement }: Mutant) => `${file} ${start} ${end} ${replacement}`;

const lineOf = ({ file, line, original, replacement }: Mutant) =>
  `${file}:${line}: ${JSON.stringify(original.slice(0, 80))} => ${JSON.stringify(replacement.slice(0, 80))}`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      room: { type: "string", multiple: true },
      file: { type: "string", multiple: true },
      sample: { type: "string", default: "1000000" },
      seed: { type: "string", default: "1" },
    },
  });
  const rooms = ROOMS.filter(({ name }) => values.room?.includes(name) ?? true);
  if (rooms.length === 0) throw new Error(`choose among ${ROOMS.map(({ name }) => name).join(", ")}`);
  for (const room of rooms) {
    const runner = new Runner();
    const { file, sample, seed } = values;
    const score = await scoreOf(room, file, Number(sample), Number(seed), runner).finally(() => runner.end());
    const judged = score.sampled - score.equivalent;
    const percent = ((100 * score.noticed) / Math.max(judged, 1)).toFixed(1);
    console.log(
      `${score.room}: ${percent} % (${score.noticed} of ${judged} noticed; ${score.sampled} of ${score.mutants} mutants sampled, ${score.equivalent} equivalent)`,
    );
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
