import type { Named } from "../../src/reconcile/life/engine-answers";
import type { Life, Stored } from "../../src/reconcile/life/life";
import { type Methods as MethodsOf, methodsOf } from "../../src/reconcile/life/methods";
import { ProviderProcess } from "../../src/reconcile/life/provider-process";
import { livesOf } from "../../src/reconcile/lives";
import { onTheWire } from "../shared/on-the-wire";

export type LifeName = keyof ReturnType<typeof livesOf>;

type Inputs = Named & Record<string, unknown>;
export type State = Inputs & Stored;

/** The six methods of a resource; each run begins a process of its own. */
export type Methods = MethodsOf<Inputs, State>;

/** The methods in a provider process that has just begun. */
export type Begun = Methods & { end?(): Promise<void> };

/** The methods as the entry has them, in this process. */
export function methodsInThisProcess(name: LifeName): Methods {
  return methodsOf(livesOf(new ProviderProcess())[name] as unknown as Life<Inputs, State>);
}

/** One resource as an engine keeps it. Each call is a run of its own. */
export class ManagedResource {
  state: State | undefined;
  /** Whether the last run left something behind that the state tells. */
  isPartial = false;
  #id = "";
  #inputs: Inputs | undefined;
  #failed = false;

  constructor(private readonly begin: () => Begun | Promise<Begun>) {}

  /** What an update does. @throws what is wrong */
  async up(inputs: Inputs, { refresh = false } = {}): Promise<void> {
    await this.#run(async (methods) => {
      if (refresh) await this.#refresh(methods);
      const news = await checked(methods, this.state === undefined, inputs);
      await this.#keeping(news, async () => {
        if (this.state === undefined) {
          const { id, outs } = await methods.create(news);
          return { id, outs };
        }
        const { changes } = await methods.diff(this.#id, this.state, news);
        if (!changes && !this.#failed) return undefined;
        const { outs } = await methods.update(this.#id, this.state, news);
        return { id: this.#id, outs };
      });
    });
  }

  /** Whether a preview shows changes. */
  async changes(inputs: Inputs): Promise<boolean> {
    const { state } = this;
    if (state === undefined) return true;
    return this.#run(async (methods) => {
      const news = await checked(methods, false, inputs);
      return (await methods.diff(this.#id, state, news)).changes;
    });
  }

  async refresh(): Promise<void> {
    await this.#run((methods) => this.#refresh(methods));
  }

  async destroy(): Promise<void> {
    const { state } = this;
    if (state === undefined) return;
    await this.#run((methods) => methods.delete(this.#id, state));
    this.state = undefined;
  }

  async #run<T>(run: (methods: Methods) => Promise<T>): Promise<T> {
    const begun = await this.begin();
    try {
      return await run(begun);
    } finally {
      await begun.end?.();
    }
  }

  async #refresh(methods: Methods): Promise<void> {
    if (this.state === undefined) return;
    const { id, props, inputs } = await methods.read(this.#id, onTheWire(this.state));
    if (id !== this.#id) throw new Error(`a refresh took the resource for gone: ${JSON.stringify(id)}`);
    this.state = onTheWire(props);
    this.#inputs = inputs ?? this.#inputs;
    this.#failed = false;
  }

  async #keeping(news: Inputs, run: () => Promise<{ id: string; outs: State } | undefined>): Promise<void> {
    this.isPartial = false;
    try {
      const made = await run();
      if (made === undefined) return;
      this.#id = made.id;
      this.state = onTheWire(made.outs);
      this.#inputs = news;
      this.#failed = false;
    } catch (error) {
      if (error instanceof Error && "properties" in error && "id" in error) {
        this.#id = String(error.id);
        this.state = onTheWire(error.properties as State);
        this.isPartial = true;
        this.#failed = true;
      }
      throw error;
    }
  }
}

async function checked(methods: Methods, isNew: boolean, inputs: Inputs): Promise<Inputs> {
  const { failures, inputs: news } = await methods.check(isNew ? {} : { device: {} }, onTheWire(inputs));
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
  return news;
}
