import { safeLine } from "../text/describe";
import type { DeviceResult, Finding } from "./model";

const LISTED = 20;

/** What was found on a device, in lines for a terminal. */
export function deviceLines({ device, result, error, findings }: DeviceResult): string[] {
  const open = findings.filter(({ waiver }) => waiver === undefined);
  const waived = findings.length - open.length;
  const counts = [
    ...(open.length > 0 ? [`${open.length} to mend`] : []),
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(error === undefined ? [] : [error]),
  ];
  return [
    `${result.padEnd(10)} ${safeLine(device)}${counts.length === 0 ? "" : `: ${counts.join(", ")}`}`,
    ...open.slice(0, LISTED).map(findingLine),
    ...(open.length > LISTED ? [`    … and ${open.length - LISTED} more`] : []),
  ];
}

function findingLine({ severity, kind, address, expected, found }: Finding): string {
  const values =
    kind === "extra"
      ? `extra${found === undefined ? "" : `: ${found}`}`
      : kind === "missing"
        ? `missing, expected ${expected ?? "nothing"}`
        : `${found ?? "nothing"}, expected ${expected ?? "nothing"}`;
  return `    ${severity.padEnd(8)} ${address}: ${values}`;
}
