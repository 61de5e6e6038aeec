import type { Cell } from "./cells";
import type { Verdict } from "./matrix";
import { titleOf } from "./operation";
import { type Outcome, runCell } from "./run-cell";

/** How long a cell may take on a busy machine, in seconds: most take less than one. */
const LIMIT_SECONDS = 300;

/** Runs a cell; what is not as the matrix says, a sentence each. One that never ends is left where it stands. */
export async function judgeCell(cell: Cell, options: { refresh?: boolean } = {}): Promise<string[]> {
  if ("none" in cell.outcome) return [];
  const { verdict } = cell.outcome;
  let outcome: Outcome;
  try {
    outcome = await withinLimit(runCell(cell.operation, cell.fault.condition, options));
  } catch (error) {
    return [
      `the cell itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ];
  }
  return [
    ...outcome.findings,
    ...contradictions(verdict, cell.operation.hasOwnWords ? /./ : cell.fault.says, outcome),
    ...silence(cell, outcome),
  ];
}

export const nameOf = ({ operation, fault }: Cell): string => `${titleOf(operation)}: ${fault.title}`;

function contradictions(
  verdict: Verdict,
  says: RegExp,
  { error, isUnchanged, isPartial, next }: Outcome,
): string[] {
  const found: string[] = [];
  if (verdict === "converges") {
    if (error !== undefined) found.push(`it was to go well, and failed: ${error}`);
  } else if (error === undefined) found.push("it was to fail, and went well");
  else if (!says.test(error)) found.push(`the error does not say what it was to: ${error}`);
  if (verdict === "unchanged" && !isUnchanged) found.push("the device was to be as before, and is not");
  if (verdict === "unchanged" && isPartial)
    found.push("nothing was to be left behind, and the state says otherwise");
  if (verdict === "told once" && next === undefined)
    found.push("the next run was to refuse what resets the device, and went well");
  if (verdict !== "told once" && next !== undefined) found.push(`the next run failed: ${next}`);
  return found;
}

/** What keeps values from before, or a save that is due, must say in its state that something was left behind. */
const KEEPS_TRACES = /^(IncrementalIniConfig|CliScriptConfig) (create|update)$/;

function silence({ operation }: Cell, { error, isUnchanged, isPartial }: Outcome): string[] {
  if (error === undefined || isUnchanged || isPartial || !KEEPS_TRACES.test(titleOf(operation))) return [];
  return ["it failed and changed the device, and the state says nothing of it"];
}

async function withinLimit<T>(running: Promise<T>): Promise<T> {
  let limit: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    limit = setTimeout(
      () => reject(new Error(`it has not ended after ${LIMIT_SECONDS} s`)),
      LIMIT_SECONDS * 1000,
    );
  });
  try {
    return await Promise.race([running, stuck]);
  } finally {
    clearTimeout(limit);
  }
}
