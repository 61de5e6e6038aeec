import { connect } from "node:net";
import type { Simulator } from "../../src/simulator";
import type { Condition } from "./conditions";
import { type Operation, titleOf } from "./operation";
import { isSame, openStage, type Stage } from "./stage";
import { CANARY } from "./surroundings";
import { inItsOwnTime } from "./time";

/** What became of an operation while a fault was there, judged by the device's own store and its log of requests. */
export interface Outcome {
  /** What the run said, undefined if it went well. */
  error: string | undefined;
  /** Whether the device, its flash included, is as it was before. */
  isUnchanged: boolean;
  /** Whether the state tells that something was left behind. */
  isPartial: boolean;
  /** How many requests the run sent. */
  requests: number;
  /** What no outcome allows, a sentence each. */
  findings: string[];
  /** What the next run said when the fault was gone; undefined if it went well. */
  next: string | undefined;
}

/** Runs one operation while a fault is there, and once more when it is gone. */
export function runCell(
  operation: Operation,
  condition: Condition,
  { refresh = false } = {},
): Promise<Outcome> {
  const lines: string[] = [];
  return inItsOwnTime(lines, () => run(operation, condition, lines, refresh));
}

async function run(
  operation: Operation,
  condition: Condition,
  lines: string[],
  refresh: boolean,
): Promise<Outcome> {
  const kept = {};
  const stage = await openStage(lines, kept, await condition.options?.(kept), condition.healed);
  try {
    return await judged(stage, operation, condition, refresh);
  } finally {
    await stage.close();
  }
}

async function judged(
  stage: Stage,
  operation: Operation,
  condition: Condition,
  refresh: boolean,
): Promise<Outcome> {
  const { simulator, lines } = stage;
  await operation.prepare(stage);
  // A day on: a device that starts anew shows it by its up time.
  stage.kept["later"] = 86_400_000;
  const well = stage.device;
  const findings: string[] = [];
  const from = simulator.requests.length;
  use(stage, { ...well, ...(await condition.settings?.(stage)) });
  await condition.arm?.(stage, operation);
  const before = stage.picture();
  const error = await failureOf(() => operation.run(stage));
  const isUnchanged = isSame(before, stage.picture());
  const isPartial = stage.resource?.isPartial ?? false;
  const requests = simulator.requests.length - from;
  const effects = effectsOf(simulator, operation, from) - Math.min(condition.pretends ?? 0, 9);
  const mayRepeat = operation.does.isHarmless === true || condition.loses === true;
  if (!mayRepeat && effects > 1) findings.push(`the write was done ${effects} times in one run`);
  if (error === undefined && operation.wrong(stage) !== undefined)
    findings.push(`it went well, but ${operation.wrong(stage)}`);
  if (error === undefined) await settles(stage, operation, findings, "after it");

  simulator.faults.clear();
  simulator.powerOn();
  await isThere(simulator.port);
  condition.heal?.(stage);
  use(stage, well);
  const next = await failureOf(() => operation.again(stage, refresh));
  const wrong = next === undefined ? operation.wrong(stage) : undefined;
  if (wrong !== undefined) findings.push(`the next run went well, but ${wrong}`);
  if (next === undefined && wrong === undefined)
    await settles(stage, operation, findings, "after the next run");

  const inAll = effectsOf(simulator, operation, from) - Math.min(condition.pretends ?? 0, 9);
  if (operation.does.resets && !condition.loses && inAll > 1)
    findings.push(`the write was done ${inAll} times in all`);
  if (simulator.maxConcurrentWrites > 1) findings.push("two writes went out at the same time");
  if (
    operation.kind === "look" &&
    operation.name !== "probe" &&
    operation.name !== "show" &&
    writesFrom(simulator, from) > 0
  )
    findings.push("a look wrote to the device");
  if (!condition.loses) findings.push(...stage.harm());
  const seen = [error, next, ...lines].find((said) => said?.includes(CANARY));
  if (seen !== undefined) findings.push(`a secret was shown: ${seen}`);
  return { error, isUnchanged, isPartial, requests, findings, next };
}

/** Waits until something listens again. */
async function isThere(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const listens = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (listens) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The settings that a run finds, also those that a state keeps. */
function use(stage: Stage, device: Stage["device"]): void {
  stage.device = device;
  if (stage.resource?.state !== undefined) stage.resource.state.device = device;
}

async function settles(stage: Stage, operation: Operation, findings: string[], when: string): Promise<void> {
  if ((await operation.isQuiet?.(stage)) === false) findings.push(`a preview ${when} shows changes`);
}

async function failureOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const writesFrom = ({ requests }: Simulator, from: number): number =>
  requests.slice(from).filter(({ method }) => method !== "GET").length;

/** How often the write was carried out, lost answers included. */
function effectsOf({ requests }: Simulator, { does }: Operation, from: number): number {
  return requests
    .slice(from)
    .filter(
      ({ method, path, outcome = 0 }) =>
        `${method} ${path}` === does.write && outcome >= 200 && outcome < 300,
    ).length;
}

export { titleOf };
