import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Named } from "../../src/reconcile/life/engine-answers";
import type { Resource, Stored } from "../../src/reconcile/life/life";
import { checked, type Kept, refreshed, stepFor, take } from "../shared/engine-steps";
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

/** @param process makes the life in a process of its own */
export function drive<Inputs extends Named, State extends Inputs & Stored>(
  t: TestContext,
  type: Resource<Inputs, State>,
  process: (type: Resource<Inputs, State>) => TestLife<Inputs, State> = newLife,
): Driven<Inputs, State> {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  let kept: Kept<Inputs, State> | undefined;

  const begin = async (inputs: Inputs, { refresh = false } = {}) => {
    const life = process(type);
    if (refresh && kept !== undefined) kept = await refreshed(life, kept);
    const { news, reasons } = checked(life, inputs, kept === undefined);
    assert.deepEqual(reasons, []);
    return { life, news };
  };
  return {
    lines,
    state: () => kept?.outs,
    async up(inputs, options) {
      try {
        const { life, news } = await begin(inputs, options);
        await take(life, stepFor(life, kept, news), { old: kept, news }, (now) => {
          kept = now;
        });
        return undefined;
      } catch (error) {
        assert.ok(error instanceof Error);
        return error.message;
      }
    },
    async preview(inputs, options) {
      const before = kept;
      const from = lines.length;
      try {
        const { life, news } = await begin(inputs, options);
        const answer =
          kept === undefined ? { changes: true, replaces: [] } : life.diff(kept.id, kept.outs, news);
        return { ...answer, lines: lines.slice(from) };
      } finally {
        kept = before;
      }
    },
    async destroy() {
      assert.ok(kept, "there is a state");
      try {
        await process(type).remove(kept.id, onTheWire(kept.outs));
        kept = undefined;
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    forget() {
      kept = undefined;
    },
  };
}
