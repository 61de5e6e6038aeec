import type { Difference } from "../../src/reconcile/life/engine-answers";
import { ignoreChanges } from "../engine/paths";
import type { PropertyMap } from "../engine/values";
import { onTheWire } from "../shared/on-the-wire";
import type { Inputs, Kind } from "./program";

/*
 * What Pulumi does with resources, as far as sequences go: the rules of test/engine, in memory and without processes.
 */

/** The life of any kind of resource. */
export interface AnyLife {
  check(olds: object, news: Inputs): { inputs: Inputs; failures: { reason: string }[] };
  diff(id: string, state: Inputs, news: Inputs): Difference;
  create(inputs: Inputs): Promise<{ id: string; outs: Inputs }>;
  update(id: string, state: Inputs, news: Inputs): Promise<{ outs: Inputs }>;
  read(id: string, state: Inputs): Promise<{ id: string; props: Inputs; inputs?: Inputs }>;
  remove(id: string, state: Inputs): Promise<void>;
}

/** A provider process: its lives, and how time passes in it. */
export interface RunningProcess {
  lives: Record<Kind, AnyLife>;
  sleep(ms: number): Promise<void>;
  random(): number;
  /** A change went well, at this moment. */
  done(held: Held): void;
  /** A resource was read in the middle of a run, while nothing else was under way. */
  seen(held: Held): void;
}

/** A resource in the state. */
export interface Held {
  name: string;
  kind: Kind;
  id: string;
  inputs: Inputs;
  outs: Inputs;
  /** The last change left a partial state. */
  failed: boolean;
}

/** A resource as the program registers it. */
export interface Goal {
  name: string;
  alias?: string | undefined;
  kind: Kind;
  inputs: Inputs;
  ignores: readonly string[];
}

export type Op = "create" | "update" | "same" | "replace" | "delete";

export interface Outcome {
  op: Op;
  /** What is wrong; empty where it went well, undefined where it was never ended. */
  reasons?: string[];
}

export interface UpFlags {
  /** Whether the state is read before: all of it at first, or each resource right before it is compared. */
  refresh: "none" | "before" | "between";
  /** Nothing else is checked, changed or deleted. */
  targets?: readonly string[] | undefined;
  /** Replaced whatever their diff says. */
  replace?: string | undefined;
  /** Each resource depends on the one before it. */
  chained?: boolean | undefined;
  continueOnError: boolean;
}

const PARALLEL = 8;

/** The state of one stack, and what is done to it. */
export class Engine {
  readonly state = new Map<string, Held>();

  /** What a run would do. The state stays as it is. */
  async preview(
    process: RunningProcess,
    goals: readonly Goal[],
    flags: UpFlags,
  ): Promise<Map<string, Outcome>> {
    const kept = [...this.state];
    try {
      const run = new Run(this.state, process, flags, true);
      await run.go(goals);
      return run.outcomes;
    } finally {
      this.state.clear();
      for (const [name, held] of kept) this.state.set(name, held);
    }
  }

  /** @param outcomes filled as resources end, so that it tells also of a run that was cut off */
  async up(
    process: RunningProcess,
    goals: readonly Goal[],
    flags: UpFlags,
    outcomes = new Map<string, Outcome>(),
  ): Promise<void> {
    await new Run(this.state, process, flags, false, outcomes).go(goals);
  }

  async refresh(process: RunningProcess, outcomes = new Map<string, Outcome>()): Promise<void> {
    await new Run(
      this.state,
      process,
      { refresh: "before", continueOnError: false },
      false,
      outcomes,
    ).readAll();
  }
}

class Run {
  private failed = false;

  constructor(
    private readonly state: Map<string, Held>,
    private readonly process: RunningProcess,
    private readonly flags: UpFlags,
    private readonly dry: boolean,
    readonly outcomes = new Map<string, Outcome>(),
  ) {}

  private get stops(): boolean {
    return this.failed && !this.flags.continueOnError;
  }

  async go(goals: readonly Goal[]): Promise<void> {
    if (this.flags.refresh === "before") {
      await this.readAll();
      if (this.failed) return;
    }
    const slots = new Slots(PARALLEL);
    const steps: Promise<void>[] = [];
    const seen = new Set<string>();
    for (const goal of goals) {
      if (this.stops) break;
      this.rename(goal);
      seen.add(goal.name);
      if (!this.isTarget(goal.name)) continue;
      // What depends on a failure is left out.
      if (this.flags.chained && this.failed) continue;
      // check and diff are never called side by side.
      const step = await this.plan(goal);
      if (step !== undefined) steps.push(slots.take(() => (this.stops ? Promise.resolve() : step())));
      if (this.flags.chained) await Promise.all(steps);
      if (!this.dry) await this.process.sleep(this.process.random() * 15);
    }
    await Promise.all(steps);
    if (this.failed && !this.flags.continueOnError) return;
    const gone = [...this.state.values()].filter(({ name }) => !seen.has(name) && this.isTarget(name));
    await Promise.all(gone.reverse().map((held) => slots.take(() => this.delete(held))));
  }

  async readAll(): Promise<void> {
    const slots = new Slots(PARALLEL);
    const targets = [...this.state.values()].filter(({ name }) => this.isTarget(name));
    await Promise.all(targets.map((held) => slots.take(() => this.read(held))));
  }

  private isTarget(name: string): boolean {
    return this.flags.targets?.includes(name) ?? true;
  }

  private rename({ name, alias }: Goal): void {
    const held = alias === undefined || this.state.has(name) ? undefined : this.state.get(alias);
    if (held === undefined || alias === undefined) return;
    this.state.delete(alias);
    this.state.set(name, { ...held, name });
  }

  private async read(held: Held): Promise<void> {
    try {
      const life = this.process.lives[held.kind];
      const { id, props, inputs } = await life.read(held.id, onTheWire(held.outs));
      const outs = onTheWire(props);
      life.diff(id, outs, held.inputs);
      this.state.set(held.name, {
        ...held,
        id,
        outs,
        inputs: inputs === undefined ? held.inputs : onTheWire(inputs),
        failed: false,
      });
    } catch (error) {
      this.fail(held.name, "same", error);
    }
  }

  private async plan(goal: Goal): Promise<(() => Promise<void>) | undefined> {
    const { name, kind, ignores } = goal;
    const life = this.process.lives[kind];
    if (this.flags.refresh === "between") {
      const before = this.state.get(name);
      if (before !== undefined) await this.read(before);
      if (this.outcomes.get(name)?.reasons?.length) return undefined;
      const held = this.state.get(name);
      if (held !== undefined && this.flags.chained && !this.dry) this.process.seen(held);
    }
    const old = this.state.get(name);
    const wanted =
      old === undefined
        ? goal.inputs
        : (ignoreChanges(goal.inputs as PropertyMap, old.inputs as PropertyMap, ignores) as Inputs);
    let op: Op = old === undefined ? "create" : "update";
    try {
      const { inputs, failures } = life.check(old?.inputs ?? {}, onTheWire(wanted));
      if (failures.length > 0) throw new Failed(failures.map(({ reason }) => reason));
      if (old !== undefined) {
        const { changes, replaces } = life.diff(old.id, old.outs, inputs);
        if (replaces.length > 0 || this.flags.replace === name) op = "replace";
        else if (!changes && !old.failed) op = "same";
      }
      this.outcomes.set(name, { op, ...((op === "same" || this.dry) && { reasons: [] }) });
      if (op === "same" && old !== undefined) {
        this.state.set(name, { ...old, inputs });
        return undefined;
      }
      if (this.dry) return undefined;
      return () => this.change(goal, inputs, op, old);
    } catch (error) {
      this.fail(name, op, error);
      return undefined;
    }
  }

  private async change(
    { name, kind, inputs: whole }: Goal,
    inputs: Inputs,
    op: Op,
    old: Held | undefined,
  ): Promise<void> {
    const life = this.process.lives[kind];
    try {
      if (op === "replace" && old !== undefined) {
        await life.remove(old.id, onTheWire(old.outs));
        this.state.delete(name);
        // A replacement is checked again, without anything of the old one.
        const again = life.check({}, onTheWire(whole));
        const { id, outs } = await life.create(again.inputs);
        this.state.set(name, { name, kind, id, inputs: again.inputs, outs: onTheWire(outs), failed: false });
      } else if (old === undefined) {
        const { id, outs } = await life.create(inputs);
        this.state.set(name, { name, kind, id, inputs, outs: onTheWire(outs), failed: false });
      } else {
        const { outs } = await life.update(old.id, onTheWire(old.outs), inputs);
        this.state.set(name, { ...old, inputs, outs: onTheWire(outs), failed: false });
      }
      this.outcomes.set(name, { op, reasons: [] });
      const held = this.state.get(name);
      if (held !== undefined) this.process.done(held);
    } catch (error) {
      const partial = partOf(error);
      if (partial !== undefined) {
        const existed = op === "update" && old !== undefined;
        this.state.set(name, { name, kind, inputs: existed ? old.inputs : inputs, failed: true, ...partial });
      }
      this.fail(name, op, error);
    }
  }

  private async delete({ name, kind, id, outs }: Held): Promise<void> {
    this.outcomes.set(name, { op: "delete", ...(this.dry && { reasons: [] }) });
    if (this.dry) return;
    try {
      await this.process.lives[kind].remove(id, onTheWire(outs));
      this.state.delete(name);
      this.outcomes.set(name, { op: "delete", reasons: [] });
    } catch (error) {
      this.fail(name, "delete", error);
    }
  }

  private fail(name: string, op: Op, error: unknown): void {
    this.failed = true;
    this.outcomes.set(name, { op, reasons: reasonsOf(error) });
  }
}

class Failed extends Error {
  constructor(readonly reasons: readonly string[]) {
    super(reasons.join("\n"));
  }
}

/** So many works at once, in the order in which they come. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async take(work: () => Promise<void>): Promise<void> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free--;
    try {
      await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

function partOf(error: unknown): Pick<Held, "id" | "outs"> | undefined {
  if (!(error instanceof Error) || !("properties" in error) || !("id" in error)) return undefined;
  return { id: String(error.id), outs: onTheWire(error.properties as Inputs) };
}

function reasonsOf(error: unknown): string[] {
  if (error instanceof Error && "reasons" in error) return [...(error.reasons as string[])];
  return [error instanceof Error ? error.message : String(error)];
}
