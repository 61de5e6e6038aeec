import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Named } from "../../src/reconcile/life/engine-answers";
import type { Resource, Stored } from "../../src/reconcile/life/life";
import { newLife, type TestLife } from "../shared/life";
import { onTheWire } from "../shared/on-the-wire";

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
  /** What a run with `pulumi up --replace` leaves to a create. */
  forget(): void;
}

/** What the engine stores of an answer. It takes no property that is undefined. */
function stored<T>(value: T): T {
  for (const [key, item] of Object.entries(value ?? {}))
    assert.notEqual(item, undefined, `${key} is undefined`);
  return onTheWire(value);
}

/** @param process makes the life in a process of its own */
export function drive<Inputs extends Named, State extends Inputs & Stored>(
  t: TestContext,
  type: Resource<Inputs, State>,
  process: (type: Resource<Inputs, State>) => TestLife<Inputs, State> = newLife,
): Driven<Inputs, State> {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  let resource: { id: string; inputs: Inputs; outs: State; failed: boolean } | undefined;

  const begin = async ({ refresh = false } = {}): Promise<TestLife<Inputs, State>> => {
    const life = process(type);
    if (!refresh || resource === undefined) return life;
    const { id, props, inputs } = await life.read(resource.id, onTheWire(resource.outs));
    const outs = stored(props);
    life.diff(id, outs, resource.inputs);
    resource = { id, outs, inputs: stored(inputs), failed: false };
    return life;
  };
  const checked = (life: TestLife<Inputs, State>, inputs: Inputs): Inputs => {
    const { failures, inputs: news } = life.check(onTheWire(inputs), resource === undefined);
    assert.deepEqual(failures, []);
    return news;
  };
  return {
    lines,
    state: () => resource?.outs,
    async up(inputs, options) {
      try {
        const life = await begin(options);
        const news = checked(life, inputs);
        if (resource === undefined) {
          const { id, outs } = await life.create(news);
          resource = { id, inputs: news, outs: stored(outs), failed: false };
          return undefined;
        }
        const { changes, replaces } = life.diff(resource.id, resource.outs, news);
        if (replaces.length > 0) {
          await life.remove(resource.id, resource.outs);
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
        const news = checked(life, inputs);
        const answer =
          resource === undefined
            ? { changes: true, replaces: [] }
            : life.diff(resource.id, resource.outs, news);
        return { ...answer, lines: lines.slice(from) };
      } finally {
        resource = kept;
      }
    },
    async destroy() {
      assert.ok(resource, "there is a state");
      try {
        await process(type).remove?.(resource.id, onTheWire(resource.outs));
        resource = undefined;
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    forget() {
      resource = undefined;
    },
  };
}
