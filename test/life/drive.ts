import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { sep } from "node:path";
import type { TestContext } from "node:test";
import type { DeviceSettings } from "../../src/declare/device";
import { onTheWire } from "../shared/on-the-wire";

interface Named {
  device: DeviceSettings;
  __mediantName: string;
}

type Answered<T> = T | Promise<T>;

/** The life of a resource, as `src/reconcile` has it. */
interface Life<Inputs extends Named, State extends Named> {
  check(inputs: Inputs, isNew: boolean): Answered<{ inputs: Inputs; failures: { reason: string }[] }>;
  diff(id: string, state: State, inputs: Inputs): Answered<{ changes: boolean; replaces: string[] }>;
  create(inputs: Inputs): Promise<{ id: string; outs: State }>;
  update(id: string, state: State, inputs: Inputs): Promise<{ outs: State }>;
  read?(id: string, state: State): Promise<{ id: string; props: State; inputs: Inputs }>;
  remove?(id: string, state: State): Promise<void>;
}

/** One resource as an engine drives it; each run is a provider process of its own. */
export interface Driven<Inputs extends Named, State extends Named> {
  /** All that went to the console, a line each. */
  lines: string[];
  /** Undefined while there is none. */
  state(): State | undefined;
  /** An update: `undefined` where it went well, else what is wrong. */
  up(inputs: Inputs, options?: { refresh?: boolean }): Promise<string | undefined>;
  /** Whether it would change, and what is said of that. */
  preview(
    inputs: Inputs,
    options?: { refresh?: boolean },
  ): Promise<{ changes: boolean; replaces: string[]; lines: string[] }>;
  /** What is wrong, undefined where it went well. */
  destroy(): Promise<string | undefined>;
  /** The life in a process of its own, for a run of more than one resource. */
  process(): Life<Inputs, State>;
  /** What a run with `pulumi up --replace` leaves to a create. */
  forget(): void;
}

/** What the engine stores of an answer. It takes no property that is undefined. */
function stored<T>(value: T): T {
  for (const [key, item] of Object.entries(value ?? {}))
    assert.notEqual(item, undefined, `${key} is undefined`);
  return onTheWire(value);
}

/** A life as the entry of the provider has it. */
type EntryLife = Record<
  "check" | "diff" | "create" | "read" | "update" | "delete",
  (...args: unknown[]) => unknown
>;

/** The life as the engine meets it, with what the entry puts around it. */
function asLife<Inputs extends Named, State extends Named>(entry: EntryLife): Life<Inputs, State> {
  return {
    check: (inputs: Inputs, isNew: boolean) => entry.check(isNew ? {} : inputs, inputs),
    diff: entry.diff,
    create: entry.create,
    update: entry.update,
    read: entry.read,
    remove: entry.delete,
  } as unknown as Life<Inputs, State>;
}

const load = createRequire(__filename);
const OWN = ["reconcile", "device", "provider.ts"].map((room) => `${sep}src${sep}${room}`);

/** @param path of the life, under `src/reconcile`; or `provider`, a dot and the name of the entry */
export function drive<Inputs extends Named, State extends Named>(
  t: TestContext,
  path: string,
): Driven<Inputs, State> {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  let resource: { id: string; inputs: Inputs; outs: State; failed: boolean } | undefined;

  const newProcess = (): Life<Inputs, State> => {
    for (const cached of Object.keys(load.cache))
      if (OWN.some((room) => cached.includes(room))) delete load.cache[cached];
    const [, entry] = path.split("provider.");
    if (entry === undefined) return load(`../../src/reconcile/${path}`) as Life<Inputs, State>;
    const entries = load("../../src/provider") as Record<string, () => EntryLife>;
    return asLife(entries[entry]?.() ?? assert.fail(`there is no ${entry}`));
  };
  const begin = async ({ refresh = false } = {}): Promise<Life<Inputs, State>> => {
    const life = newProcess();
    if (!refresh || resource === undefined || life.read === undefined) return life;
    const { id, props, inputs } = await life.read(resource.id, onTheWire(resource.outs));
    const outs = stored(props);
    await life.diff(id, outs, resource.inputs);
    resource = { id, outs, inputs: stored(inputs), failed: false };
    return life;
  };
  const checked = async (life: Life<Inputs, State>, inputs: Inputs): Promise<Inputs> => {
    const { failures, inputs: news } = await life.check(onTheWire(inputs), resource === undefined);
    assert.deepEqual(failures, []);
    return news;
  };
  return {
    lines,
    state: () => resource?.outs,
    async up(inputs, options) {
      try {
        const life = await begin(options);
        const news = await checked(life, inputs);
        if (resource === undefined) {
          const { id, outs } = await life.create(news);
          resource = { id, inputs: news, outs: stored(outs), failed: false };
          return undefined;
        }
        const { changes, replaces } = await life.diff(resource.id, resource.outs, news);
        if (replaces.length > 0) {
          await life.remove?.(resource.id, resource.outs);
          resource = undefined;
          const { id, outs } = await life.create(news);
          resource = { id, inputs: news, outs: stored(outs), failed: false };
        } else if (changes || resource.failed) {
          const { outs } = await life.update(resource.id, onTheWire(resource.outs), news);
          resource = { id: resource.id, inputs: news, outs: stored(outs), failed: false };
        }
        return undefined;
      } catch (error) {
        assert.ok(error instanceof Error);
        if ("properties" in error && "id" in error) {
          const outs = stored(error.properties as State);
          resource = { id: String(error.id), inputs: resource?.inputs ?? inputs, outs, failed: true };
        }
        return error.message;
      }
    },
    async preview(inputs, options) {
      const kept = resource;
      const from = lines.length;
      try {
        const life = await begin(options);
        const news = await checked(life, inputs);
        const answer =
          resource === undefined
            ? { changes: true, replaces: [] }
            : await life.diff(resource.id, resource.outs, news);
        return { ...answer, lines: lines.slice(from) };
      } finally {
        resource = kept;
      }
    },
    async destroy() {
      assert.ok(resource, "there is a state");
      try {
        await newProcess().remove?.(resource.id, onTheWire(resource.outs));
        resource = undefined;
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    process: newProcess,
    forget() {
      resource = undefined;
    },
  };
}
