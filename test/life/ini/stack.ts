import type {
  IncrementalIniInputs,
  IncrementalIniState,
} from "../../../src/reconcile/ini/incremental-ini-config";
import { onTheWire } from "../../shared/on-the-wire";
import type { Declared } from "./bench";
import { type Life, newProcess } from "./process";

/** How many creates and updates the engine has in flight on two cores. */
const PARALLEL = 8;

interface Resource {
  id: string;
  inputs: IncrementalIniInputs;
  outs: IncrementalIniState;
  /** The last change left a partial state: the next run updates it whatever diff says; a refresh forgets that. */
  failed: boolean;
}

export interface Outcome {
  op: "create" | "update" | "same" | "replace" | "delete";
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
    if (old === undefined) return () => this.change(name, news, "create", outcomes);
    const { changes, replaces } = this.life.diff(old.id, old.outs, news);
    if (!changes && !old.failed) {
      outcomes[name] = { op: "same", reasons: [] };
      this.resources.set(name, { ...old, inputs: news });
      return undefined;
    }
    return () => this.change(name, news, replaces.length > 0 ? "replace" : "update", outcomes);
  }

  private check(name: string, declared: Declared): IncrementalIniInputs | string[] {
    const { inputs, failures } = this.life.check(onTheWire(this.inputsOf(name, declared)));
    return failures.length === 0 ? inputs : failures.map(({ reason }) => reason);
  }

  private async change(
    name: string,
    inputs: IncrementalIniInputs,
    op: "create" | "update" | "replace",
    outcomes: Outcomes,
  ): Promise<void> {
    const old = this.resources.get(name);
    try {
      if (op === "replace" && old !== undefined) await this.life.remove(old.id, old.outs);
      const made =
        old === undefined || op === "replace"
          ? await this.life.create(inputs)
          : { id: old.id, ...(await this.life.update(old.id, old.outs, inputs)) };
      this.resources.set(name, { id: made.id, inputs, outs: onTheWire(made.outs), failed: false });
      outcomes[name] = { op, reasons: [] };
    } catch (error) {
      const partial = partOf(error);
      if (partial) this.resources.set(name, { inputs: old?.inputs ?? inputs, failed: true, ...partial });
      outcomes[name] = { op, reasons: reasonsOf(error) };
    }
  }

  private async remove(name: string, outcomes: Outcomes): Promise<void> {
    const { id, outs } = this.resource(name);
    try {
      await this.life.remove(id, outs);
      this.resources.delete(name);
      outcomes[name] = { op: "delete", reasons: [] };
    } catch (error) {
      outcomes[name] = { op: "delete", reasons: reasonsOf(error) };
    }
  }

  private async readAll(): Promise<void> {
    const reads = [...this.resources].map(([name, old]) => async () => {
      const { id, props, inputs } = await this.life.read(old.id, old.outs);
      // The engine shows a refresh as a diff between what was read and the inputs of before.
      this.life.diff(id, onTheWire(props), old.inputs);
      this.resources.set(name, { id, inputs: onTheWire(inputs), outs: onTheWire(props), failed: false });
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

function partOf(error: unknown): Pick<Resource, "id" | "outs"> | undefined {
  if (!(error instanceof Error) || !("properties" in error) || !("id" in error)) return undefined;
  return { id: String(error.id), outs: onTheWire(error.properties as IncrementalIniState) };
}

function reasonsOf(error: unknown): string[] {
  if (error instanceof Error && "reasons" in error) return error.reasons as string[];
  return [error instanceof Error ? error.message : String(error)];
}
