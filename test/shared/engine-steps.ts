import assert from "node:assert/strict";
import type { Named } from "../../src/reconcile/life/engine-answers";
import type { TestLife } from "./life";
import { onTheWire } from "./on-the-wire";

/*
 * What an engine does with one resource, as far as the life of the resource meets it.
 */

/** A resource as the engine's state has it. */
export interface Kept<Inputs, State> {
  id: string;
  inputs: Inputs;
  outs: State;
  /** The last change left a partial state: the next run updates it whatever diff says. A refresh forgets that. */
  failed: boolean;
}

export type Step = "create" | "update" | "replace" | "same";

/** What the engine stores of an answer. It takes no property that is undefined. */
function stored<T>(value: T): T {
  for (const [key, item] of Object.entries(value ?? {}))
    assert.notEqual(item, undefined, `${key} is undefined`);
  return onTheWire(value);
}

/** The inputs as check gives them, or what is wrong with them. */
export function checked<Inputs extends Named, State>(
  life: TestLife<Inputs, State>,
  inputs: Inputs,
  isNew: boolean,
): { news: Inputs; reasons: string[] } {
  const { failures, inputs: news } = life.check(onTheWire(inputs), isNew);
  return { news, reasons: failures.map(({ reason }) => reason) };
}

/** What a run has to do so that a resource is as declared. */
export function stepFor<Inputs extends Named, State>(
  life: TestLife<Inputs, State>,
  old: Kept<Inputs, State> | undefined,
  news: Inputs,
): Step {
  if (old === undefined) return "create";
  const { changes, replaces } = life.diff(old.id, old.outs, news);
  if (replaces.length > 0) return "replace";
  return changes || old.failed ? "update" : "same";
}

/**
 * Takes a step.
 * @param keep is told what the state has of the resource, also if the step fails
 * @throws what the life throws
 */
export async function take<Inputs extends Named, State>(
  life: TestLife<Inputs, State>,
  step: Step,
  { old, news }: { old: Kept<Inputs, State> | undefined; news: Inputs },
  keep: (kept: Kept<Inputs, State> | undefined) => void,
): Promise<void> {
  try {
    if (old !== undefined && step === "same") keep({ ...old, inputs: news });
    else if (old !== undefined && step === "update") {
      const { outs } = await life.update(old.id, onTheWire(old.outs), news);
      keep({ id: old.id, inputs: news, outs: stored(outs), failed: false });
    } else {
      if (old !== undefined) {
        await life.remove(old.id, onTheWire(old.outs));
        keep(undefined);
      }
      const { id, outs } = await life.create(news);
      keep({ id, inputs: news, outs: stored(outs), failed: false });
    }
  } catch (error) {
    if (error instanceof Error && "properties" in error && "id" in error) {
      const outs = stored(error.properties as State);
      keep({ id: String(error.id), inputs: old?.inputs ?? news, outs, failed: true });
    }
    throw error;
  }
}

/** A refresh. The engine shows it as a diff between what was read and the inputs of before. */
export async function refreshed<Inputs extends Named, State>(
  life: TestLife<Inputs, State>,
  old: Kept<Inputs, State>,
): Promise<Kept<Inputs, State>> {
  const { id, props, inputs } = await life.read(old.id, onTheWire(old.outs));
  const outs = stored(props);
  life.diff(id, outs, old.inputs);
  return { id, outs, inputs: stored(inputs), failed: false };
}
