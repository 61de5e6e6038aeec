import { CLI_MODES, type CliMode } from "./model";

/** What queries tell of a device. */
export interface Shown {
  readonly uptimeSeconds: number;
  readonly activeCalls: number;
  readonly running: { dump(): string };
  readonly address: { ip: string; subnetMask: string; gateway: string };
  readonly productType: string;
  readonly serialNumber: string;
  readonly firmware: string;
  /** The running script, whole or of one mode, in lines. */
  cliScript(style: { defaults: boolean; mode: CliMode | undefined }): string[];
}

/** The answer to `show` and these words, in lines; undefined where the device has no such query. */
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
  "system alarms": () => ["No active alarms"],
  "voip calls active": ({ activeCalls }) => [`Total Active Calls: ${activeCalls}`],
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
