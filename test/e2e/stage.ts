import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator";
import { HurriedClock } from "../device/clock";
import { type Engine, type EngineKind, openEngine, type RunOptions, type RunResult } from "../engine";
import { temporaryFolder } from "../shared/files";
import { inlineOf } from "./inline-program";

const declareAll: (file: string) => void = require("../fixtures/programs/declared/declare");

const PROGRAM = join(__dirname, "..", "fixtures", "programs", "declared");

/** One resource of the program. */
export interface Declared {
  /** A class of the package. Default: IncrementalIniConfig. */
  type?: string;
  name: string;
  args: Record<string, unknown>;
  /** Names that it depends on. */
  after?: string[];
  /** The component that it stands below. */
  parent?: { type: string; name: string };
}

/** A device, a program that declares what one says, and an engine that runs it. */
export interface Stage {
  simulator: Simulator;
  /** What the program declares from now on. */
  declare(...resources: Declared[]): Promise<void>;
  up(options?: RunOptions): Promise<RunResult>;
  preview(options?: RunOptions): Promise<RunResult>;
  destroy(options?: RunOptions): Promise<RunResult>;
  /** `preview --refresh --expect-no-changes`: the drift check. */
  drift(): Promise<RunResult>;
  state: Engine["state"];
  /** `pulumi import --file`, on the real engine alone. */
  importing(file: string): Promise<RunResult>;
}

/** The device of a stage with little time to come back from a reset: the argument `device` of a run that fails. */
export function hurriedDevice({ simulator }: Stage) {
  const { url } = simulator;
  return {
    name: "sbc1",
    url,
    username: "Admin",
    password: { secret: "Admin" },
    timeouts: { resetSeconds: 2 },
  };
}

export interface StageOptions extends SimulatorOptions {
  /** More of what the device is given as. */
  device?: Record<string, unknown>;
  config?: Record<string, string>;
  /** How many times faster than the device a provider inside the test waits. Default: 1 */
  haste?: number;
}

/** Everything is gone when the test is done. */
export async function openStage(
  t: TestContext,
  kind: EngineKind,
  options: StageOptions = {},
): Promise<Stage> {
  const { device, config, haste = 1, ...simulated } = options;
  const simulator = await startSimulator(simulated);
  t.after(() => simulator.close());
  const folder = await temporaryFolder(t, "stage-");
  const declared = join(folder, "declared.json");
  await writeFile(declared, "[]");
  const devices = { sbc1: { url: simulator.url, username: "Admin", password: "Admin", ...device } };
  const engine = await openEngine(kind, {
    cwd: PROGRAM,
    stack: "test",
    config,
    inline: inlineOf(() => declareAll(declared), { clock: new HurriedClock(haste) }),
    secrets: { "mediant:devices": JSON.stringify(devices) },
  });
  t.after(() => engine.dispose());
  const withProgram = (given: RunOptions = {}): RunOptions => ({
    ...given,
    env: { DECLARED: declared, ...given.env },
  });
  return {
    simulator,
    declare: (...resources) => writeFile(declared, JSON.stringify(resources)),
    up: (given) => engine.up(withProgram(given)),
    preview: (given) => engine.preview(withProgram(given)),
    destroy: (given) => engine.destroy(withProgram(given)),
    drift: () => engine.preview(withProgram({ refresh: true, expectNoChanges: true })),
    state: () => engine.state(),
    importing: async (file) => {
      if (engine.importing === undefined) throw new Error(`the ${engine.name} engine imports nothing`);
      return engine.importing(file, withProgram());
    },
  };
}

/** The lines that the package itself prints, without what an engine puts around them; each once. */
export function ourLines(output: string): string[] {
  const lines = output.split(/\r?\n/).flatMap((line) => /\[sbc1\].*$/.exec(line)?.[0].trimEnd() ?? []);
  return [...new Set(lines)];
}
