import { type Command, Option } from "commander";
import { read } from "read";
import { checkSettings, type DeviceSettings } from "../declare/device";
import { DeviceClient } from "../device/client";
import { type Connection, type Reach, resolveConnection, resolveReach } from "../device/connect/connection";
import { type Profile, readProfile } from "../device/connect/credentials";
import { Transport } from "../device/http/transport";
import { messageOf } from "../text/message";
import { givenFile } from "./given-file";
import { asOptions, exitCodes, exitCodesHelp, UsageError } from "./outcome";
import { progress } from "./terminal";

/** The options with which every command that asks a device is told which one. */
export interface ConnectionOptions {
  url?: string;
  profile?: string;
  name?: string;
  username?: string;
  /** A file, PEM. */
  ca?: string;
  fingerprint?: string;
  servername?: string;
  insecureSkipVerify?: boolean;
  allowHttp?: boolean;
}

const credentialsHelp = `
The password is never an argument: it comes from the profile (a section of $MEDIANT_CREDENTIALS, else of
~/.config/pulumi-mediant/credentials), else from $MEDIANT_PASSWORD, else it is asked for on the terminal.

${exitCodesHelp}`;

/** Adds the options of {@link ConnectionOptions}, and to the help the examples, the credentials and the exit codes. */
export function withConnection(command: Command, examples: readonly string[] = []): Command {
  const options = [
    new Option("--url <url>", "https://host[:port] of the device (default: the profile's)"),
    new Option("--profile <section>", "section of the credentials file"),
    new Option("--name <name>", "what to call the device (default: the profile, else its host)"),
    new Option("--username <name>", "user of the device (default: the profile's, else $MEDIANT_USERNAME)"),
    new Option("--ca <file>", "PEM file of a certificate authority to trust"),
    new Option("--fingerprint <sha256>", "SHA-256 of the device's own certificate, to trust that one alone"),
    new Option("--servername <name>", "name that the certificate holds (default: the host of the url)"),
    new Option("--insecure-skip-verify", "accept any certificate"),
    new Option("--allow-http", "allow http:// to another machine, which shows the password to the network"),
  ];
  for (const option of options) command.addOption(option);
  const shown = examples.map((example) => `  $ npx pulumi-mediant ${example}`);
  if (shown.length > 0) command.addHelpText("after", `\nExamples:\n${shown.join("\n")}`);
  return command.addHelpText("after", credentialsHelp);
}

/**
 * The connection that the options mean, with the credentials of the profile, the environment or the terminal.
 * @throws UsageError or DeviceError MEDIANT_CONNECTION if something is missing, malformed or unsafe
 */
export async function connectionOf(
  options: ConnectionOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Connection> {
  // Before the user is asked for a password that would be of no use.
  const settings = checkedSettings(options);
  return resolveConnection({ ...settings, ...(await missingCredentials(settings, env)) }, env);
}

/** What leads to the device that the options mean, without a login. @throws as {@link connectionOf} does */
export function reachOf(options: ConnectionOptions, env: NodeJS.ProcessEnv = process.env): Reach {
  return resolveReach(checkedSettings(options), env);
}

/** There is no user or no password, and nobody to ask for it. */
export class NoLogin extends UsageError {}

/** The client of a connection; what it says about its waits goes to stderr. */
export function clientOf(connection: Connection): DeviceClient {
  return new DeviceClient(connection, new Transport(connection, { log: progress }));
}

const STILL_MS = 10_000;

/** Says now and then that work with a device goes on, which may take a minute if the device does not answer. */
export async function withSigns<T>(name: string, work: Promise<T>): Promise<T> {
  const started = Date.now();
  const sign = setInterval(() => {
    progress(`[${name}] still working (${Math.round((Date.now() - started) / 1000)} s)`);
  }, STILL_MS);
  try {
    return await work;
  } finally {
    clearInterval(sign);
  }
}

function checkedSettings(options: ConnectionOptions): DeviceSettings {
  const settings = settingsOf(options);
  const problem = checkSettings(settings, "device")[0];
  if (problem !== undefined) throw new UsageError(asOptions(problem));
  return settings;
}

function settingsOf(options: ConnectionOptions): DeviceSettings {
  const { url, profile, name, username, ca, fingerprint, servername, insecureSkipVerify, allowHttp } =
    options;
  if (url === undefined && profile === undefined) {
    throw new UsageError("say which device: --url, or --profile to take it from the credentials file");
  }
  const tls = {
    ca: ca === undefined ? undefined : givenFile("--ca", ca).toString("utf8"),
    fingerprint256: fingerprint,
    servername,
    insecureSkipVerify,
  };
  return { url, profile, name, username, tls, allowHttp };
}

/** What neither the options nor the profile nor the environment have, asked for on the terminal. */
async function missingCredentials(
  settings: DeviceSettings,
  env: NodeJS.ProcessEnv,
): Promise<Pick<DeviceSettings, "username" | "password">> {
  const profile = settings.profile === undefined ? undefined : profileOf(settings.profile, env);
  const username = settings.username ?? profile?.username ?? env["MEDIANT_USERNAME"];
  const password = profile?.password ?? env["MEDIANT_PASSWORD"];
  if (username && password) return {};
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    const what = username ? "password" : "username";
    throw new NoLogin(
      `no ${what}: give --username (or $MEDIANT_USERNAME) and $MEDIANT_PASSWORD, or a section of the credentials file ` +
        "with --profile, or run this on a terminal to be asked",
    );
  }
  return {
    username: username || (await ask("Username", false)),
    password: password || (await ask("Password", true)),
  };
}

function profileOf(section: string, env: NodeJS.ProcessEnv): Profile {
  try {
    return readProfile(section, env);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

async function ask(what: string, silent: boolean): Promise<string> {
  // At the end of the input (Ctrl-D) no answer comes and the process ends: not as if it were done.
  const before = process.exitCode;
  process.exitCode = exitCodes.failed;
  const answer = await read({ prompt: `${what}:`, silent, output: process.stderr }).catch(() => {
    throw new Error("canceled");
  });
  process.exitCode = before;
  if (silent) process.stderr.write("\n");
  if (answer === "") throw new UsageError(`no ${what.toLowerCase()} was given`);
  return answer;
}
