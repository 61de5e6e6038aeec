import type { Condition } from "./conditions";
import { commandOperations, functionOperations } from "./functions-and-commands";
import { type Fault, MATRIX, type Verdict } from "./matrix";
import { type Operation, titleOf } from "./operation";
import { type Begin, resourceOperations } from "./resources";

/** One operation under one fault. */
export interface Cell {
  operation: Operation;
  fault: Fault;
  /** What becomes of it, or why it cannot meet the fault. */
  outcome: { verdict: Verdict } | { none: string };
}

export function allOperations(begin?: Begin): Operation[] {
  return [...resourceOperations(begin), ...functionOperations, ...commandOperations];
}

/** Every cell of the matrix. */
export function allCells(operations = allOperations()): Cell[] {
  return MATRIX.flatMap(({ faults }) =>
    faults.flatMap((fault) => operations.map((operation) => cellOf(operation, fault))),
  );
}

function cellOf(operation: Operation, fault: Fault): Cell {
  const other = (list: [RegExp, string][] = []) =>
    list.find(([operations]) => operations.test(titleOf(operation)))?.[1];
  const none = whyNot(operation, fault.condition) ?? other(fault.without);
  if (none !== undefined) return { operation, fault, outcome: { none } };
  return {
    operation,
    fault,
    outcome: { verdict: (other(fault.but) as Verdict | undefined) ?? fault.verdict },
  };
}

/** Why an operation cannot meet a fault; undefined if it can. */
function whyNot({ does, kind }: Operation, { place }: Condition): string | undefined {
  if (sendsNothing(does)) return "it sends nothing to the device";
  switch (place) {
    case "document":
      return does.document === undefined ? "it reads no document of the device" : undefined;
    case "write":
      return does.write === undefined ? "it writes nothing" : undefined;
    case "read-back":
      return does.write === undefined || kind === "look" ? "it reads nothing after a write" : undefined;
    case "save":
      return does.saves ? undefined : "it saves nothing by itself";
    case "reset":
      return does.resets ? undefined : "it does not reset the device";
    case "file":
      return does.sendsFile ? undefined : "it sends no file of this machine";
    default:
      return undefined;
  }
}

export const sendsNothing = ({ document, write }: Operation["does"]): boolean =>
  document === undefined && write === undefined;
