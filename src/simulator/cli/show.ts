import { CLI_MODES, type CliMode } from "./model";

/** An alarm, as queries tell it. */
export interface ShownAlarm {
  description: string;
  severity: string;
  source: string;
  /** Milliseconds since the epoch. */
  date: number;
}

/** What queries tell of a device. */
export interface Shown {
  /** Milliseconds since the epoch, by its clock. */
  readonly now: number;
  readonly alarms: { readonly active: readonly ShownAlarm[]; readonly history: readonly ShownAlarm[] };
  readonly units: {
    readonly paired: boolean;
    readonly active: { serialNumber: string };
    readonly redundant: { serialNumber: string } | undefined;
  };
  readonly uptimeSeconds: number;
  readonly activeCalls: number;
  readonly running: ShownConfiguration;
  readonly address: { ip: string; subnetMask: string; gateway: string };
  readonly productType: string;
  readonly serialNumber: string;
  readonly firmware: string;
  /** The running script, whole or of one mode, in lines. */
  cliScript(style: { defaults: boolean; mode: CliMode | undefined }): string[];
}

/** What queries read of the running configuration. */
interface ShownConfiguration {
  dump(): string;
  indexes(table: string): string[];
  cell(table: string, index: string, column: string): string | undefined;
}

/** The answer to `show` and these words, in lines; undefined if the device has no such query. */
export function answerQuery(device: Shown, words: readonly string[]): string[] | undefined {
  const command = words.join(" ");
  const query = QUERIES[command];
  if (query) return query(device);
  const config = /^running-config( full)?(?: (\w+))?$/.exec(command);
  const mode = CLI_MODES.find((each) => each === config?.[2]);
  if (!config || (config[2] !== undefined && mode === undefined)) return undefined;
  return device.cliScript({ defaults: config[1] !== undefined, mode });
}

const QUERIES: Record<string, (device: Shown) => string[]> = {
  "system uptime": ({ uptimeSeconds }) => [uptime(uptimeSeconds)],
  "system version": version,
  "system alarms": ({ alarms }) => alarmTable(alarms.active, "No active alarms"),
  "system alarms-history": ({ alarms }) => alarmTable(alarms.history, "No alarms"),
  "system clock": ({ now }) => [new Date(now).toUTCString()],
  "high-availability status": highAvailability,
  "network interface": interfaces,
  "voip calls active": ({ activeCalls }) => [`Total Active Calls: ${activeCalls}`],
  "voip calls statistics": ({ activeCalls }) => [`Active calls: ${activeCalls}`],
  "voip proxy sets status": proxySets,
  "ini-file": ({ running }) => running.dump().split(/\r?\n/),
};

/** As the manual prints it (LTRT-41760 section 6.2.2). */
function uptime(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  return `Uptime: ${days} days, ${hours} hours, ${minutes} minutes, ${seconds % 60} seconds`;
}

/** The answer begins with an empty line, and each line is followed by one (REST API of version 7.4). */
function version(device: Shown): string[] {
  const { ip, subnetMask, gateway } = device.address;
  const facts = [
    `;Board: ${device.productType}`,
    ";Board Type: 73",
    `;Serial Number: ${device.serialNumber}`,
    ";Slot Number: 1",
    `;Software Version: ${device.firmware}`,
    `;Board IP Address: ${ip}`,
    `;Board Subnet Mask: ${subnetMask}`,
    `;Board Default Gateway: ${gateway}`,
  ];
  return ["", "Version info:", "--------------", ...facts.flatMap((fact) => [fact, ""])];
}

function alarmTable(alarms: readonly ShownAlarm[], none: string): string[] {
  if (alarms.length === 0) return [none];
  const rows = alarms.map(({ source, severity, date, description }, at) => [
    `${at + 1}.`,
    source,
    severity.toLowerCase(),
    new Date(date).toISOString().replace("T", " ").replace(/\..*/, ""),
    description,
  ]);
  return columns([["Seq.", "Source", "Severity", "Date", "Description"], ...rows]);
}

function highAvailability({ units }: Shown): string[] {
  if (!units.paired) return ["High availability is not configured"];
  const { active, redundant } = units;
  return columns([
    ["Unit", "Serial number", "State"],
    ["1", active.serialNumber, "active"],
    ["2", redundant?.serialNumber ?? "-", redundant ? "redundant" : "disconnected"],
  ]);
}

function interfaces({ running }: Shown): string[] {
  const cell = (index: string, column: string) => running.cell("InterfaceTable", index, column) ?? "";
  const rows = running
    .indexes("InterfaceTable")
    .map((index) => [
      index,
      ...["InterfaceName", "IPAddress", "PrefixLength"].map((name) => cell(index, name)),
    ]);
  return columns([["Index", "Name", "IP address", "Prefix length"], ...rows]);
}

function proxySets({ running }: Shown): string[] {
  const rows = running
    .indexes("ProxySet")
    .map((index) => [index, running.cell("ProxySet", index, "ProxyName") ?? "", "NOT RESOLVED"]);
  return columns([["Id", "Name", "Status"], ...rows]);
}

/** Cells in columns, two blanks apart. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd((widths[at] ?? 0) + 2))
      .join("")
      .trimEnd(),
  );
}
