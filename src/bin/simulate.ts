import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { parseVersion } from "../device/answers/version";
import { type FirmwareProfile, parseProfile } from "../probe/profile";
import { type Simulator, type SimulatorOptions, startSimulator } from "../simulator";
import { messageOf } from "../text/message";
import { givenFile } from "./given-file";
import { makeLicenseCommand, makeLoadCommand } from "./make-files";
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
  serialNumber?: string;
  user: string;
}

/** A version of each release, for those who know the release alone. */
const RELEASES: Readonly<Record<string, string>> = {
  "7.0": "7.00A.018.005",
  "7.2": "7.20A.256.024",
  "7.4": "7.40A.250.440",
};

/** Another text than the user's name, so that one sees which is which. */
const PASSWORD = "Simulated-1";

const HELP = `
Files for it to take:
  $ npx pulumi-mediant simulate make-load --version 7.40A.500.010 --out sbc-7.40A.500.010.cmp
  $ npx pulumi-mediant simulate make-license --serial-number 12345678 --out license.txt
Any other file is refused as a software load.`;

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** `pulumi-mediant simulate`: a device to try things on, until Ctrl-C. */
export function simulateCommand(): Command {
  return new Command("simulate")
    .description("Run a simulated Mediant device with its REST API")
    .option("--port <number>", "port to listen on, 0 for any", readPort, 8443)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--tls", "serve HTTPS with a self-signed certificate")
    .option(
      "--firmware <version>",
      "version to report, or a release (7.0, 7.2, 7.4); 7.0 speaks the old dialect (default: 7.40A.250.440)",
      readFirmware,
    )
    .option("--ini <file>", "configuration at start")
    .option("--profile <file>", "behave as a firmware did that `probe` asked: a <version>.profile.json")
    .addOption(
      new Option(
        "--table-mode <mode>",
        "what an incremental ini does with rows that a table leaves out",
      ).choices(["merge", "replace"]),
    )
    .option("--high-availability", "be a pair of units: hitless upgrades, licence files for both")
    .option("--serial-number <number>", "eight digits (default: another one each time)", readSerialNumber)
    .option(
      "--user <name>",
      `Security Administrator; the password is $MEDIANT_SIM_PASSWORD, else ${PASSWORD}`,
      "Admin",
    )
    .addHelpText("after", HELP)
    .enablePositionalOptions()
    .addCommand(makeLoadCommand())
    .addCommand(makeLicenseCommand())
    .action(simulate);
}

async function simulate(options: SimulateOptions): Promise<void> {
  const simulator = await startSimulator(simulatorOptions(options)).catch((error: unknown) => {
    throw listenProblem(options, error) ?? error;
  });
  console.log(greeting(simulator, options.user));
  await interrupted();
  await simulator.close();
  console.log("Stopped.");
}

/** Why it cannot listen, and what to do; undefined if it is something else. */
function listenProblem({ port, host }: SimulateOptions, error: unknown): UsageError | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return new UsageError(
      `port ${port} of ${host} is taken: stop the program that listens there (another simulate?), or use --port 0 for a free one`,
    );
  if (code === "EACCES")
    return new UsageError(
      `port ${port} is reserved: this user cannot listen on it; use --port with a number above 1023`,
    );
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new UsageError(
      `--host ${host}: is not an address of this machine; use 0.0.0.0 for all of its addresses`,
    );
  return undefined;
}

function simulatorOptions({ ini, user, profile, ...options }: SimulateOptions): SimulatorOptions {
  const password = process.env["MEDIANT_SIM_PASSWORD"] ?? PASSWORD;
  return {
    ...options,
    ...(profile === undefined ? {} : { profile: profileIn(profile) }),
    // Two simulated devices of one machine are two devices.
    serialNumber: options.serialNumber ?? String(10_000_000 + process.pid),
    ini: ini === undefined ? undefined : givenFile("--ini", ini).toString("utf8"),
    users: [{ username: user, password, level: "Security Administrator" }],
  };
}

function profileIn(file: string): FirmwareProfile {
  try {
    return parseProfile(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`--profile ${file}: ${messageOf(error)}`);
  }
}

function greeting({ url, fingerprint256, firmware, serialNumber }: Simulator, user: string): string {
  const own = process.env["MEDIANT_SIM_PASSWORD"] !== undefined;
  return [
    `url            ${url}`,
    `user           ${user}`,
    `password       ${own ? "as in $MEDIANT_SIM_PASSWORD" : PASSWORD}`,
    ...(fingerprint256 ? [`fingerprint    ${fingerprint256}`] : []),
    `firmware       ${firmware}`,
    `serial number  ${serialNumber}`,
    "Press Ctrl-C to stop; the configuration is then lost.",
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

function readFirmware(text: string): string {
  const version = RELEASES[text] ?? text;
  if (parseVersion(version) === undefined)
    throw new InvalidArgumentError("It is a release (7.0, 7.2, 7.4) or a version such as 7.40A.250.440.");
  return version;
}

function readSerialNumber(text: string): string {
  if (!/^\d{8}$/.test(text)) throw new InvalidArgumentError("It has eight digits.");
  return text;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError("It is a number from 0 to 65535.");
  return port;
}
