import type { DeviceClient } from "../../device/client";
import { deviceLabel } from "../../device/connect/connection";
import type { Change } from "../../ini/compare";
import {
  type Checked,
  checked,
  type Difference,
  difference,
  isUnknownDevice,
  logFor,
  logForDiff,
  type Named,
  PartialState,
  problemsInRun,
  resourceId,
  resourceName,
  sameJson,
} from "./engine-answers";
import { reasonsOf } from "./errors";
import { deviceLog, type Log } from "./log";
import { meetDevice } from "./meeting";
import type { ProviderProcess } from "./provider-process";

/** The form of all states; a later one says so, and code reads both. */
export const SCHEMA_VERSION = 1;

/** What every state holds beside the inputs. */
export interface Stored {
  __mediantSchema: number;
}

/** What a resource wants of its device in one create or update. */
export interface Turn<Inputs, State> {
  client: DeviceClient;
  inputs: Inputs;
  /** Undefined if the resource is to be created. */
  state: State | undefined;
  log: Log;
  process: ProviderProcess;
  /** Runs under the device's write lock. With `first`, before all that waits. */
  alone<R>(run: () => Promise<R>, order?: { first?: boolean }): Promise<R>;
  /** Says what state a failure leaves behind; undefined if it leaves the one from before. */
  onBreakOff(left: (error: unknown) => Unversioned<State> | undefined): void;
}

/** What a refresh or a release works with. */
export interface Visit<State> {
  /** Opened when it is first used: a release that sends nothing needs no credentials. */
  readonly client: DeviceClient;
  id: string;
  state: State;
  log: Log;
  process: ProviderProcess;
  alone<R>(run: () => Promise<R>): Promise<R>;
}

/** How a declaration differs from a state. */
export interface Comparison {
  /** Each change that a person is told, once. */
  changes: readonly Change[];
  /** Whether there is something to do beside a setting that changed. */
  acts: boolean;
  /** The inputs that need another resource in the place of this one. */
  replaces?: readonly string[];
  /** Tells the changes. `replaces`: another device takes the place of this one. */
  tell?(log: Log, replaces: boolean): void;
}

export type Unversioned<State> = Omit<State, "__mediantSchema">;

/** What one kind of resource says of its life; {@link lifeOf} has what is common to all. */
export interface Resource<Inputs extends Named, State extends Inputs & Stored> {
  type: string;
  /** Its own requests wait for a device that starts, so the look that comes before them has to as well. */
  waits?: boolean;
  /** The inputs that are compared as plain values: a difference is an update. */
  settings: readonly (keyof Inputs)[];
  /** Every property of the state that is no input; the compiler finds a forgotten one. */
  outputs: Readonly<Record<Exclude<keyof State, keyof Inputs>, true>>;
  /** What is wrong with inputs, one sentence each, without their values. No I/O. */
  problems(inputs: Inputs): string[];
  /** What other resources of the run declare otherwise. */
  contradictions?(device: string, inputs: Inputs, process: ProviderProcess): string[];
  /** What the preview of a creation says: diff is not asked about it. */
  announcement?(inputs: Inputs): string | undefined;
  /** Whether a creation writes only what the device does not hold already. */
  adopts?: boolean;
  compare(state: State, inputs: Inputs, process: ProviderProcess): Comparison;
  /** The one path of create and update. */
  converge(turn: Turn<Inputs, State>): Promise<Unversioned<State>>;
  /** The state with what the device holds now. Without it nothing can be read back. */
  refresh?(visit: Visit<State>): Promise<State>;
  /** Whether a release writes to the device. Without it, it does not. */
  undoes?(state: State): boolean;
  /** What a destroyed resource does on the device. Without it, nothing. */
  release?(visit: Visit<State>): Promise<void>;
}

/** The six answers of a resource to the engine. */
export interface Life<Inputs, State> {
  check(olds: object, news: Inputs): Checked<Inputs>;
  diff(id: string, state: State, inputs: Inputs): Difference;
  create(inputs: Inputs): Promise<{ id: string; outs: State }>;
  update(id: string, state: State, inputs: Inputs): Promise<{ outs: State }>;
  read(id: string, state: State): Promise<{ id: string; props: State; inputs?: Inputs }>;
  remove(id: string, state: State): Promise<void>;
}

const ADOPTS = "new resources: what the device holds already is adopted without a write, the rest is written";

/** The life of a kind of resource in a provider process. */
export function lifeOf<Inputs extends Named, State extends Inputs & Stored>(
  resource: Resource<Inputs, State>,
  process: ProviderProcess,
): Life<Inputs, State> {
  const { type } = resource;

  async function converge(id: string, state: State | undefined, inputs: Inputs): Promise<State> {
    await meetDevice(process, inputs.device, resourceName(type, inputs));
    const client = process.client(inputs.device);
    let left: (error: unknown) => Unversioned<State> | undefined = () => undefined;
    const turn: Turn<Inputs, State> = {
      client,
      inputs,
      state,
      log: logFor(inputs),
      process,
      alone: (run, order) => client.device.queue.exclusive(type, run, order),
      onBreakOff: (leaves) => {
        left = leaves;
      },
    };
    try {
      return versioned(await resource.converge(turn));
    } catch (error) {
      const partial = left(error);
      throw partial === undefined ? error : new PartialState(id, reasonsOf(error), versioned(partial));
    }
  }

  function versioned(state: Unversioned<State>): State {
    return { ...state, __mediantSchema: SCHEMA_VERSION } as State;
  }

  function visit(id: string, state: State): Visit<State> {
    return {
      get client() {
        return process.client(state.device);
      },
      id,
      state,
      log: logFor(state),
      process,
      alone: (run) => process.client(state.device).device.queue.exclusive(type, run),
    };
  }

  /** The engine takes what a refresh found for the new inputs; outputs are none of them. */
  function inputsOf(state: State): Inputs {
    const inputs = Object.entries(state).filter(([name]) => !Object.hasOwn(resource.outputs, name));
    return Object.fromEntries(inputs) as Inputs;
  }

  /** Once for all resources of a device: the engine shows what they declare, and no provider is asked what changes. */
  function tellAdoption({ device }: Inputs): void {
    const label = deviceLabel(device);
    if (isUnknownDevice(device) || process.adopting.has(label)) return;
    process.adopting.add(label);
    deviceLog(label)(ADOPTS);
  }

  return {
    check(olds, inputs) {
      const problems = resource.problems(inputs);
      if (problems.length === 0) {
        const contradictions = (device: string) => resource.contradictions?.(device, inputs, process) ?? [];
        problems.push(...problemsInRun(inputs.device, contradictions));
      }
      const isNew = Object.keys(olds).length === 0;
      if (isNew && problems.length === 0 && resource.adopts) tellAdoption(inputs);
      return checked(inputs, problems, isNew ? () => resource.announcement?.(inputs) : undefined);
    },

    diff(id, state, inputs) {
      const { changes, acts, replaces = [], tell } = resource.compare(state, inputs, process);
      const settings = resource.settings.some((name) => !sameJson(state[name], inputs[name]));
      const answer = difference(state, inputs, acts || settings, replaces);
      if (process.told.mustTell(id, changes)) tell?.(logForDiff(state, inputs), answer.replaces.length > 0);
      return answer;
    },

    async create(inputs) {
      const id = resourceId(type, inputs);
      return { id, outs: await converge(id, undefined, inputs) };
    },

    async update(id, state, inputs) {
      return { outs: await converge(id, state, inputs) };
    },

    async read(id, state) {
      if (resource.refresh === undefined) return { id, props: state };
      const props = await resource.refresh(visit(id, state));
      process.told.read(id);
      return { id, props, inputs: inputsOf(props) };
    },

    async remove(id, state) {
      await resource.release?.(visit(id, state));
    },
  };
}
