import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import {
  type CliScriptInputs,
  type CliScriptState,
  cliScriptConfig,
} from "../../../src/reconcile/cli/cli-script-config";
import {
  type FullCliScriptInputs,
  type FullCliScriptState,
  fullCliScriptConfig,
} from "../../../src/reconcile/cli/full-cli-script-config";
import type { Named } from "../../../src/reconcile/life/engine-answers";
import type { Resource, Stored } from "../../../src/reconcile/life/life";
import type { Simulator, SimulatorOptions } from "../../../src/simulator";
import { checked, type Kept, refreshed, stepFor, take } from "../../shared/engine-steps";
import { newLife } from "../../shared/life";
import { onTheWire } from "../../shared/on-the-wire";
import { requestLog, startFresh } from "../../shared/simulated";

export type Declared = Omit<CliScriptInputs, "device" | "__mediantName" | "__provider">;
export type DeclaredFull = Omit<FullCliScriptInputs, "device" | "__mediantName" | "__provider">;

/** A device, and one resource that declares things for it, as the engine drives it. */
export interface Bench<
  Declared = Omit<CliScriptInputs, "device" | "__mediantName" | "__provider">,
  Inputs = CliScriptInputs,
  State = CliScriptState,
> {
  simulator: Simulator;
  /** All that went to the console, a line each. */
  lines: string[];
  inputs(declared: Declared): Inputs;
  /** check, then create or, where it must, update. */
  up(declared: Declared): Promise<void>;
  /** Whether a preview has changes: check and diff. */
  preview(declared: Declared): boolean;
  /** As an engine's run of its own does it: what a process knows of a device is forgotten before. */
  refresh(): Promise<void>;
  /** From here on it is another process. */
  restart(): void;
  remove(): Promise<void>;
  /** What the state holds; asserts that there is one. */
  state(): State;
  /** The reasons of the last check, create or update that failed; asserts that it failed. */
  failing(run: Promise<void>): Promise<string>;
  /** The requests since the last call, without the API's prefix. */
  requests(): string[];
}

export const GET = "GET /files/cliScript";
export const PUT = "PUT /files/cliScript/incremental";
export const PUT_WHOLE = "PUT /files/cliScript";
export const SAVE = "POST /actions/saveConfiguration";
export const STATUS = "GET /status";

let benches = 0;

/** A `CliScriptConfig`. */
export function bench(t: TestContext, options: SimulatorOptions = {}): Promise<Bench> {
  return benchOf<Declared, CliScriptInputs, CliScriptState>(t, options, cliScriptConfig);
}

export type FullBench = Bench<DeclaredFull, FullCliScriptInputs, FullCliScriptState>;

/** A `FullCliScriptConfig`. */
export function fullBench(t: TestContext, options: SimulatorOptions = {}): Promise<FullBench> {
  return benchOf<DeclaredFull, FullCliScriptInputs, FullCliScriptState>(t, options, fullCliScriptConfig);
}

async function benchOf<Declared, Inputs extends Named & { script: string }, State extends Inputs & Stored>(
  t: TestContext,
  options: SimulatorOptions,
  resourceType: Resource<Inputs, State>,
): Promise<Bench<Declared, Inputs, State>> {
  const simulator = await startFresh(options);
  t.after(() => simulator.close());
  const device = { name: `cli${++benches}`, url: simulator.url, username: "Admin", password: "Admin" };
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  const begin = () => newLife(resourceType);
  let life = begin();
  let kept: Kept<Inputs, State> | undefined;
  const inputs = (declared: Declared) =>
    ({ device, ...declared, __mediantName: "script", __provider: "the thunk" }) as unknown as Inputs;
  const newsOf = (declared: Declared): Inputs => {
    const { news, reasons } = checked(life, inputs(declared), kept === undefined);
    assert.deepEqual(reasons, []);
    return news;
  };
  return {
    simulator,
    lines,
    inputs,
    state() {
      assert.ok(kept, "there is a state");
      return kept.outs;
    },
    async up(declared) {
      const news = newsOf(declared);
      await take(life, stepFor(life, kept, news), { old: kept, news }, (now) => {
        kept = now;
      });
    },
    preview(declared) {
      return stepFor(life, kept && { ...kept, failed: false }, newsOf(declared)) !== "same";
    },
    async refresh() {
      assert.ok(kept);
      life = begin();
      kept = await refreshed(life, kept);
      assert.equal(kept.inputs.script, kept.outs.script);
    },
    restart() {
      life = begin();
    },
    async remove() {
      assert.ok(kept);
      await life.remove(kept.id, onTheWire(kept.outs));
      kept = undefined;
    },
    async failing(run) {
      try {
        await run;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
      return assert.fail("it went well");
    },
    requests: requestLog({ simulator }),
  };
}

/** Runs a script on the device as a person would. */
export async function byHand({ simulator }: Pick<Bench, "simulator">, script: string): Promise<void> {
  const form = new FormData();
  form.append("file", new Blob([script]), "cli.txt");
  const answer = await fetch(`${simulator.url}/api/v1/files/cliScript/incremental`, {
    method: "PUT",
    headers: { authorization: `Basic ${Buffer.from("Admin:Admin").toString("base64")}` },
    body: form,
  });
  const { status } = (await answer.json()) as { status: string };
  assert.equal(status, "success");
}
