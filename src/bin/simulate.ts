import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { type FirmwareProfile, parseProfile } from "../probe/profile";
import { type Simulator, type SimulatorOptions, startSimulator } from "../simulator";
import { UsageError } from "./outcome";

interface SimulateOptions {
  port: number;
  host: string;
  tls?: boolean;
  firmware?: string;
  ini?: string;
  profile?: string;
  tableMode?: "merge" | "replace";
  highAvailability?: boolean;
  user: string;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** `pulumi-mediant simulate`: a device to try things on, until Ctrl-C. */
export function simulateCommand(): Command {
  return new Command("simulate")
    .description("Run a simulated Mediant device with its REST API")
    .option("--port <number>", "port to listen on, 0 for any", readPort, 8443)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--tls", "serve HTTPS with a self-signed certificate")
    .option("--firmware <version>", "version to report: 7.0 speaks the old dialect (default: 7.40A.250.440)")
    .option("--ini <file>", "configuration at start")
    .option("--profile <file>", "behave as a firmware did that `probe` asked: a <version>.profile.json")
    .addOption(
      new Option(
        "--table-mode <mode>",
        "what an incremental ini does with rows that a table leaves out",
      ).choices(["merge", "replace"]),
    )
    .option("--high-availability", "be a pair of units: hitless upgrades, licence files for both")
    .option(
      "--user <name>",
      "Security Administrator; the password is $MEDIANT_SIM_PASSWORD, else Admin",
      "Admin",
    )
    .action(simulate);
}

async function simulate(options: SimulateOptions): Promise<void> {
  const simulator = await startSimulator(simulatorOptions(options));
  console.log(greeting(simulator, options.user));
  await interrupted();
  await simulator.close();
  console.log("Stopped.");
}

function simulatorOptions({ ini, user, profile, ...options }: SimulateOptions): SimulatorOptions {
  const password = process.env["MEDIANT_SIM_PASSWORD"] ?? "Admin";
  return {
    ...options,
    ...(profile === undefined ? {} : { profile: profileIn(profile) }),
    // Two simulated devices of one machine are two devices.
    serialNumber: String(10_000_000 + process.pid),
    ini: ini === undefined ? undefined : readFileSync(ini, "utf8"),
    users: [{ username: user, password, level: "Security Administrator" }],
  };
}

function profileIn(file: string): FirmwareProfile {
  try {
    return parseProfile(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`--profile ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function greeting({ url, fingerprint256 }: Simulator, user: string): string {
  const own = process.env["MEDIANT_SIM_PASSWORD"] !== undefined;
  return [
    `url          ${url}`,
    `user         ${user}`,
    `password     ${own ? "as in $MEDIANT_SIM_PASSWORD" : "Admin"}`,
    ...(fingerprint256 ? [`fingerprint  ${fingerprint256}`] : []),
    "Press Ctrl-C to stop; what was configured is gone then.",
  ].join("\n");
}

/** Resolves at the first signal. While the device is dark nothing else would keep the process alive. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => {}, LONGEST_TIMER_MS);
    const stop = (): void => {
      clearInterval(alive);
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve();
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
  });
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError("It is a number from 0 to 65535.");
  return port;
}
