import type { Checked, Named } from "../../src/reconcile/life/engine-answers";
import { type Life, lifeOf, type Resource, type Stored } from "../../src/reconcile/life/life";
import { onOneDevice } from "../../src/reconcile/life/one-device";
import { ProviderProcess } from "../../src/reconcile/life/provider-process";
import { livesOf } from "../../src/reconcile/lives";

/** A life as tests call it: `check` is told whether the resource is new. */
export interface TestLife<Inputs, State> extends Omit<Life<Inputs, State>, "check" | "read"> {
  check(inputs: Inputs, isNew?: boolean): Checked<Inputs>;
  read(id: string, state: State): Promise<{ id: string; props: State; inputs: Inputs }>;
}

/** The life of a kind of resource; by default in a provider process that has just begun. */
export function newLife<Inputs extends Named, State extends Inputs & Stored>(
  resource: Resource<Inputs, State>,
  process = new ProviderProcess(),
): TestLife<Inputs, State> {
  return asTestLife(resource.type, lifeOf(resource, process));
}

/** The same with what the entry puts around it: it goes on with the device that it began on. */
export function newLifeOnOneDevice<Inputs extends Named, State extends Inputs & Stored>(
  resource: Resource<Inputs, State>,
): TestLife<Inputs, State> {
  const process = new ProviderProcess();
  return asTestLife(resource.type, onOneDevice(lifeOf(resource, process), resource, process));
}

/** The lives of all resources, as a provider process that has just begun has them. */
export function newRun() {
  return livesOf(new ProviderProcess());
}

function asTestLife<Inputs, State>(
  type: string,
  { check, read, ...life }: Life<Inputs, State>,
): TestLife<Inputs, State> {
  return {
    ...life,
    check: (inputs, isNew = true) => check(isNew ? {} : { device: {} }, inputs),
    async read(id, state) {
      const { inputs, ...found } = await read(id, state);
      if (inputs === undefined) throw new Error(`${type} cannot be read back`);
      return { ...found, inputs };
    },
  };
}
