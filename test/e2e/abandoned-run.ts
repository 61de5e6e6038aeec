import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { descendantsOf } from "../engine/processes";
import type { Stage } from "./stage";

/** A provider that has lost its engine may live on for so long. */
const LIFE_MS = 15_000;

/** A run whose engine is killed alone, as a cancelled pipeline does it. */
export class AbandonedRun {
  /** The provider processes that the killed engine has left behind. */
  providers: number[] = [];
  readonly #abandon = new AbortController();
  readonly #run: Promise<{ exitCode: number }>;
  #engine = 0;

  constructor(t: TestContext, stage: Stage) {
    this.#run = stage.up({
      abandon: this.#abandon.signal,
      onStart: (pid) => {
        this.#engine = pid;
      },
    });
    t.after(() => {
      for (const pid of this.providers) if (isAlive(pid)) process.kill(pid, "SIGKILL");
    });
  }

  async kill(): Promise<void> {
    this.#findProviders();
    this.#abandon.abort();
    assert.equal((await this.#run).exitCode, 137);
  }

  /** Ctrl-C: what is under way ends. `meanwhile` lets it. */
  async interrupt(meanwhile: () => void): Promise<void> {
    this.#findProviders();
    process.kill(this.#engine, "SIGINT");
    await sleep(500);
    meanwhile();
    assert.notEqual((await this.#run).exitCode, 0);
  }

  /** The provider is killed, and its engine lives on. */
  async killProvider(): Promise<void> {
    this.#findProviders();
    for (const pid of this.providers) process.kill(pid, "SIGKILL");
    assert.notEqual((await this.#run).exitCode, 0);
  }

  /** Ctrl-C, and once more when the engine has taken the first one. */
  async interruptTwice(): Promise<void> {
    this.#findProviders();
    process.kill(this.#engine, "SIGINT");
    await sleep(1_000);
    assert.ok(isAlive(this.#engine), "the first Ctrl-C lets end what is under way");
    process.kill(this.#engine, "SIGINT");
    assert.notEqual((await this.#run).exitCode, 0);
  }

  #findProviders(): void {
    const children = [...descendantsOf(this.#engine)];
    this.providers = children.flatMap(([pid, args]) =>
      /^\S*node\b.*cmd\/dynamic-provider/.test(args) ? [pid] : [],
    );
    assert.ok(this.providers.length > 0, children.map(([, args]) => args).join("\n"));
  }

  /** Resolves when none of its providers is alive any more. */
  async end(): Promise<void> {
    const until = performance.now() + LIFE_MS;
    while (this.providers.some(isAlive) && performance.now() < until) await sleep(50);
    assert.deepEqual(this.providers.filter(isAlive), [], "a provider outlives its engine");
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}
