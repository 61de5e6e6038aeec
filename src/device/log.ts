import { printable, safeLine } from "../text/describe";

export type Severity = "info" | "warning";

/** A change of a value, for programs. Secrets are out of it. */
export interface LoggedChange {
  /**
   * `update`: it will be, or was, written. `drift`: somebody changed it on the device. `beside`: it changed on the device
   * while we wrote. `adopted`: newly declared, and the device holds it already. `released`: no longer declared, and it
   * stays on the device.
   */
  change: "update" | "drift" | "beside" | "adopted" | "released";
  /** `SyslogServerIP`, `ProxySet 3`, `ProxySet 3 ProxyName`, or a line of a CLI script with its modes. */
  address: string;
  /** Absent if there was nothing, or if it is a secret. */
  before?: string | readonly string[];
  /** Absent if there is nothing then, if it is a secret, or if it is not known yet. */
  after?: string | readonly string[];
  /** The value is a secret, and neither side is shown. */
  secret?: true;
}

/** A line of the log. One that begins with `warning: ` is a warning. */
export interface LogLine {
  device?: string;
  resource?: string;
  message: string;
  change?: LoggedChange;
}

/** A line as it is shown. */
export interface ShownLine {
  text: string;
  severity: Severity;
  /** The text where nothing else shows the severity. */
  marked: string;
}

/** Where a process has no better place. */
export function toConsole({ marked }: ShownLine): void {
  console.log(marked);
}

let show = toConsole;

/** The process that the engine runs sends its lines to the engine. */
export function showLinesBy(other: (line: ShownLine) => void): void {
  show = other;
}

/** Whether `$MEDIANT_LOG` asks for a line of JSON for each line of the log, and for each change. */
export function logsJson(env: NodeJS.ProcessEnv = process.env): boolean {
  return env["MEDIANT_LOG"] === "json";
}

/** Writes a line where people see it, with nothing in it that steers a terminal or is secret by its look. */
export function writeLine({ device, resource, message, change }: LogLine): void {
  const isWarning = message.startsWith(WARNING);
  const severity = isWarning ? "warning" : "info";
  const text = safeLine(isWarning ? message.slice(WARNING.length) : message);
  show({ severity, ...(logsJson() ? json() : words()) });

  function json() {
    const told = change && { ...change, address: safeLine(change.address) };
    const line = printable(JSON.stringify({ device, resource, severity, message: text, ...told }));
    return { text: line, marked: line };
  }

  function words() {
    const head = printable(headOf(device, resource));
    return { text: head + text, marked: head + (isWarning ? WARNING : "") + text };
  }
}

const WARNING = "warning: ";

/** A resource that is called like its device is not named again. */
function headOf(device: string | undefined, resource: string | undefined): string {
  if (device === undefined) return "";
  return resource === undefined || resource === device ? `[${device}] ` : `[${device}] ${resource}: `;
}

/** Lines of a resource for a taker of lines; if there is none, they are written as the resource's own. */
export function linesOf(
  device: string,
  resource: string,
  log?: (line: string) => void,
): (message: string) => void {
  if (log === undefined) return (message) => writeLine({ device, resource, message });
  return (message) => log(headOf(device, resource) + message);
}

/** Where lines go if nobody takes them: `[sbc1] waiting for the device: …`. */
export function defaultLog(line: string): void {
  const [, device, message] = /^\[([^[\]]+)\] (.*)$/s.exec(line) ?? [];
  writeLine(message === undefined ? { message: line } : { device, message });
}
