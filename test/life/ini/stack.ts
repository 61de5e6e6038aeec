import type {
  IncrementalIniInputs,
  IncrementalIniState,
} from "../../../src/reconcile/ini/incremental-ini-config";
import { incrementalIniConfig } from "../../../src/reconcile/ini/incremental-ini-config";
import { checked, type Kept, refreshed, type Step, stepFor, take } from "../../shared/engine-steps";
import { newLife, type TestLife } from "../../shared/life";
import { onTheWire } from "../../shared/on-the-wire";
import type { Declared } from "./bench";

/** How many creates and updates the engine has in flight on two cores. */
const PARALLEL = 8;

type Resource = Kept<IncrementalIniInputs, IncrementalIniState>;
type Life = TestLife<IncrementalIniInputs, IncrementalIniState>;

/** The life of IncrementalIniConfig as a provider process that has just begun has it. */
export function newProcess(): Life {
  return newLife(incrementalIniConfig);
}

export interface Outcome {
  op: Step | "delete";
  /** One sentence each; empty where it went well. */
  reasons: string[];
}

type Outcomes = Record<string, Outcome>;
export type Program = Record<string, Declared>;

export interface UpOptions {
  /** As `--refresh`: what is in the state is read first, in the same process. */
  refresh?: boolean;
  parallel?: number;
  /** As `--target`: nothing else is checked, changed or deleted. */
  targets?: readonly string[];
}

/** What the engine does with resources, as far as the life of a resource meets it. */
export class Stack {
  readonly resources = new Map<string, Resource>();
  /** The process of the last run. */
  life: Life = newProcess();

  constructor(private readonly inputsOf: (name: string, declared: Declared) => IncrementalIniInputs) {}

  /** The partial or whole state of a resource that must exist. */
  state(name: string): IncrementalIniState {
    return this.resource(name).outs;
  }

  /** Whether each resource would change, in a process of its own that ends with it. */
  async preview(program: Program, { refresh = false }: UpOptions = {}): Promise<Record<string, boolean>> {
    const kept = new Map(this.resources);
    this.life = newProcess();
    if (refresh) await this.readAll();
    const changes: Record<string, boolean> = {};
    for (const [name, declared] of Object.entries(program)) {
      const news = this.check(name, declared);
      const old = this.resources.get(name);
      changes[name] =
        Array.isArray(news) || old === undefined || this.life.diff(old.id, old.outs, news).changes;
    }
    this.resources.clear();
    for (const [name, resource] of kept) this.resources.set(name, resource);
    return changes;
  }

  /** Makes the resources be as the program says, in the program's order; what it no longer has is deleted last. */
  async up(
    program: Program,
    { refresh = false, parallel = PARALLEL, targets }: UpOptions = {},
  ): Promise<Outcomes> {
    const isTarget = (name: string) => targets?.includes(name) ?? true;
    this.life = newProcess();
    if (refresh) await this.readAll();
    const outcomes: Outcomes = {};
    const steps: (() => Promise<void>)[] = [];
    for (const [name, declared] of Object.entries(program)) {
      if (!isTarget(name)) continue;
      const step = this.plan(name, declared, outcomes);
      if (step !== undefined) steps.push(step);
    }
    await inParallel(steps, parallel);
    const gone = [...this.resources.keys()].filter((name) => !(name in program) && isTarget(name));
    await inParallel(
      gone.map((name) => () => this.remove(name, outcomes)),
      parallel,
    );
    return outcomes;
  }

  async refresh(): Promise<void> {
    this.life = newProcess();
    await this.readAll();
  }

  destroy(options: Omit<UpOptions, "refresh"> = {}): Promise<Outcomes> {
    return this.up({}, options);
  }

  /** Forgets a resource without touching the device, as a lost state does. */
  forget(name: string): void {
    this.resources.delete(name);
  }

  private plan(name: string, declared: Declared, outcomes: Outcomes): (() => Promise<void>) | undefined {
    const news = this.check(name, declared);
    const old = this.resources.get(name);
    if (Array.isArray(news)) {
      outcomes[name] = { op: old ? "update" : "create", reasons: news };
      return undefined;
    }
    const step = stepFor(this.life, old, news);
    if (step !== "same") return () => this.change(name, news, step, outcomes);
    outcomes[name] = { op: "same", reasons: [] };
    if (old !== undefined) this.resources.set(name, { ...old, inputs: news });
    return undefined;
  }

  private check(name: string, declared: Declared): IncrementalIniInputs | string[] {
    const { news, reasons } = checked(this.life, this.inputsOf(name, declared), !this.resources.has(name));
    return reasons.length === 0 ? news : reasons;
  }

  private async change(
    name: string,
    news: IncrementalIniInputs,
    op: Step,
    outcomes: Outcomes,
  ): Promise<void> {
    const keep = (kept: Resource | undefined): void => {
      if (kept === undefined) this.resources.delete(name);
      else this.resources.set(name, kept);
    };
    try {
      await take(this.life, op, { old: this.resources.get(name), news }, keep);
      outcomes[name] = { op, reasons: [] };
    } catch (error) {
      outcomes[name] = { op, reasons: reasonsOf(error) };
    }
  }

  private async remove(name: string, outcomes: Outcomes): Promise<void> {
    const { id, outs } = this.resource(name);
    try {
      await this.life.remove(id, onTheWire(outs));
      this.resources.delete(name);
      outcomes[name] = { op: "delete", reasons: [] };
    } catch (error) {
      outcomes[name] = { op: "delete", reasons: reasonsOf(error) };
    }
  }

  private async readAll(): Promise<void> {
    const reads = [...this.resources].map(([name, old]) => async () => {
      this.resources.set(name, await refreshed(this.life, old));
    });
    await inParallel(reads, PARALLEL);
  }

  private resource(name: string): Resource {
    const resource = this.resources.get(name);
    if (resource === undefined) throw new Error(`the stack has no ${name}`);
    return resource;
  }
}

async function inParallel(steps: readonly (() => Promise<void>)[], width: number): Promise<void> {
  const waiting = [...steps];
  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await step();
  };
  await Promise.all(Array.from({ length: width }, worker));
}

function reasonsOf(error: unknown): string[] {
  if (error instanceof Error && "reasons" in error) return error.reasons as string[];
  return [error instanceof Error ? error.message : String(error)];
}
