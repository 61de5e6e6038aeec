import { counted } from "../report/words";
import { safeLine } from "../text/describe";
import { type Compliance, type DeviceResult, type Finding, openFindings } from "./model";

const LISTED = 20;

/** What was found on a device, in lines for a terminal. */
export function deviceLines(found: DeviceResult): string[] {
  const { device, result, error, findings } = found;
  const open = openFindings(found);
  const waived = findings.length - open.length;
  const counts = [
    ...(open.length > 0 ? [counted(open.length, "difference")] : []),
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

/** Why a waiver is to be looked at. */
export function waiverFault({ state, until }: Compliance["waivers"][number]): string {
  return state === "expired" ? `expired after ${until}` : "nothing differs any more";
}
