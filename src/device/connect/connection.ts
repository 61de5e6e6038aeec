import { inspect } from "node:util";
import { checkSettings, checkUrl, type DeviceSettings, isPem, plainFingerprint } from "../../declare/device";
import { setCommand } from "../../declare/stack-setting";
import { isUnknown } from "../../declare/unknown";
import { messageOf } from "../../text/message";
import { DeviceError } from "../errors";
import { type Profile, readProfile } from "./credentials";

export interface ConnectionTls {
  /** PEM text of certificates to trust beside the usual authorities. */
  ca?: string;
  /** 64 capital hex digits. */
  fingerprint256?: string;
  servername?: string;
  insecureSkipVerify: boolean;
  /** How to trust the device's own certificate, for errors: words before its fingerprint. */
  pin?: string;
}

/** What leads to a device, without a login. */
export interface Reach {
  /** Label in logs and errors. */
  readonly name: string;
  /** Scheme, host and port: `https://sbc1.example.com`. */
  readonly origin: string;
  readonly tls: ConnectionTls;
}

/** All that is needed to talk to a device. It prints without its password. */
export interface Connection extends Reach {
  readonly username: string;
  readonly password: string;
  readonly upload: "auto" | "raw" | "multipart";
  readonly incrementalTables: "whole" | "rows";
  /** A folder; undefined if nothing is kept. */
  readonly keepBefore?: string;
  /** Seconds. */
  readonly timeouts: { requestSeconds: number; conflictSeconds: number; resetSeconds: number };
}

const defaultTimeouts = { requestSeconds: 60, conflictSeconds: 300, resetSeconds: 900 };

/** The device's label: its name, else the profile, else the host of the url (and the port, where the url names one). No I/O. */
export function deviceLabel(settings: DeviceSettings): string {
  return settings.name ?? settings.profile ?? hostOf(settings.url) ?? "device";
}

/**
 * Fills the settings up from the credentials file and the environment (`MEDIANT_USERNAME`, `MEDIANT_PASSWORD`).
 * What the settings say goes before the profile, the profile before the environment.
 * @throws DeviceError MEDIANT_CONNECTION if something is missing, malformed or unsafe
 */
export function resolveConnection(
  settings: DeviceSettings,
  env: NodeJS.ProcessEnv = process.env,
): Connection {
  const filled = checkedAndFilledUp(settings, env);
  const { username, password, problems } = filled;
  const reach = reachOf(settings, filled);
  if (reach === undefined || !username || !password || problems.length > 0)
    return refuse(settings, problems[0] ?? "");
  return withHiddenPassword({
    ...reach,
    username,
    password,
    upload: settings.upload ?? "auto",
    incrementalTables: settings.incrementalTables ?? "whole",
    keepBefore: settings.keepBefore,
    timeouts: {
      requestSeconds: settings.timeouts?.requestSeconds ?? defaultTimeouts.requestSeconds,
      conflictSeconds: settings.timeouts?.conflictSeconds ?? defaultTimeouts.conflictSeconds,
      resetSeconds: settings.timeouts?.resetSeconds ?? defaultTimeouts.resetSeconds,
    },
  });
}

/**
 * The same without a login, which need not be there.
 * @throws DeviceError MEDIANT_CONNECTION if something else is missing, malformed or unsafe
 */
export function resolveReach(settings: DeviceSettings, env: NodeJS.ProcessEnv = process.env): Reach {
  const filled = checkedAndFilledUp(settings, env);
  return reachOf(settings, filled) ?? refuse(settings, filled.problems[0] ?? "");
}

function checkedAndFilledUp(settings: DeviceSettings, env: NodeJS.ProcessEnv): FilledUp {
  const problems = checkSettings(settings, "device");
  return problems.length > 0 ? refuse(settings, problems.join("; ")) : filledUp(settings, env);
}

function refuse(settings: DeviceSettings, sentence: string): never {
  throw new DeviceError("MEDIANT_CONNECTION", sentence, { device: deviceLabel(settings) });
}

/** Undefined if no url can be had, or the profile cannot be read. */
function reachOf(settings: DeviceSettings, { url, profile, isProfileBad }: FilledUp): Reach | undefined {
  if (url === undefined || isProfileBad) return undefined;
  return {
    name: deviceLabel(settings),
    origin: keyOf(url) ?? url,
    tls: {
      ca: settings.tls?.ca ?? profile?.ca,
      fingerprint256: plainFingerprint(settings.tls?.fingerprint256 ?? profile?.fingerprint256 ?? ""),
      servername: settings.tls?.servername,
      insecureSkipVerify: settings.tls?.insecureSkipVerify ?? false,
      pin: pinWords(settings, profile),
    },
  };
}

/** What can be said of a device without asking it. */
export interface LocalView {
  /** What tells devices apart before one has answered; undefined as long as the url is not known. */
  key: string | undefined;
  /** What keeps this machine from reaching it, one sentence each, without a value. */
  problems: string[];
}

/**
 * Looks at settings that have the right form: whether url, user and password can be had here, from them, from the
 * credentials file or from the environment. It reads that file and sends nothing.
 */
export function viewLocally(settings: DeviceSettings, env: NodeJS.ProcessEnv = process.env): LocalView {
  if (isUnknown(settings)) return { key: undefined, problems: [] };
  if (isUnknown(settings.profile)) return { key: keyOf(settings.url), problems: [] };
  const { url, problems } = filledUp(settings, env);
  return { key: keyOf(url), problems };
}

/** One key for one address, however it is spelt: default port, case, `127.1`, the dot behind a name. */
function keyOf(url: string | undefined): string | undefined {
  if (url === undefined || isUnknown(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${hostname.replace(/\.$/, "")}${port === "" ? "" : `:${port}`}`;
}

interface FilledUp {
  url: string | undefined;
  username: string | undefined;
  password: string | undefined;
  profile: Profile | undefined;
  isProfileBad: boolean;
  problems: string[];
}

/** The settings with what the credentials file and the environment add, and what is still missing. */
function filledUp(settings: DeviceSettings, env: NodeJS.ProcessEnv): FilledUp {
  const problems: string[] = [];
  const profile = profileOf(settings, env, (sentence) => problems.push(sentence));
  const url = settings.url ?? profile?.url;
  const username = settings.username ?? profile?.username ?? env["MEDIANT_USERNAME"];
  const password = settings.password ?? profile?.password ?? env["MEDIANT_PASSWORD"];
  const isProfileBad = problems.length > 0;
  if (!isProfileBad) {
    if (url === undefined) problems.push(`${profile?.place}: url is missing, and device.url is not set`);
    if (!username) problems.push(missing("username", settings));
    if (!password) problems.push(missing("password", settings));
  }
  return { url, username, password, profile, isProfileBad, problems };
}

function profileOf(
  settings: DeviceSettings,
  env: NodeJS.ProcessEnv,
  tell: (sentence: string) => void,
): Profile | undefined {
  if (settings.profile === undefined) return undefined;
  try {
    const profile = readProfile(settings.profile, env);
    const problem = profileProblem(profile, settings.allowHttp === true);
    if (problem === undefined) return profile;
    tell(`${profile.place}: ${problem}`);
  } catch (error) {
    tell(messageOf(error));
  }
  return undefined;
}

/** The file's values keep the rules that arguments keep. */
function profileProblem({ place: _, ca, ...values }: Profile, allowHttp: boolean): string | undefined {
  const { url, fingerprint256, ...user } = values;
  const urlProblem = url === undefined ? undefined : checkUrl(url, allowHttp)[0];
  if (urlProblem !== undefined) return `url ${urlProblem}`;
  if (ca !== undefined && !isPem(ca)) return "ca must name a file of certificates in PEM form";
  if (fingerprint256 !== undefined && plainFingerprint(fingerprint256) === undefined) {
    return "fingerprint256 must be 64 hex digits, with or without colons";
  }
  return checkSettings({ url: "https://unused", ...user }, "profile")[0]?.replace(/^profile\.(\w+):/, "$1");
}

/** What a device with a name lacks can be set in the stack's configuration, which the command at the end does. */
function missing(what: "username" | "password", { name, profile }: DeviceSettings): string {
  const variable = `$MEDIANT_${what.toUpperCase()}`;
  const place = profile === undefined ? "a profile" : `section [${profile}]`;
  const inFile = `${what} in ${place} of the credentials file`;
  if (name === undefined) return `no ${what}: set device.${what}, ${variable}, or ${inFile}`;
  const command = setCommand(name, what, what === "username" ? "Admin" : undefined);
  return `no ${what}: set ${variable}, or ${inFile}, or run ${command}`;
}

function pinWords({ name, tls }: DeviceSettings, profile: Profile | undefined): string | undefined {
  const inProfile = profile !== undefined && tls?.fingerprint256 === undefined;
  if (inProfile) return `write into ${profile.place}: fingerprint256 =`;
  return name === undefined ? undefined : `run ${setCommand(name, "tls.fingerprint256")}`;
}

function hostOf(url: string | undefined): string | undefined {
  try {
    return url === undefined ? undefined : new URL(url).host || undefined;
  } catch {
    return undefined;
  }
}

/** The connection with a password that neither JSON, nor console.log, nor a copy of its properties shows. */
function withHiddenPassword(fields: Connection): Connection {
  const { password, ...open } = fields;
  const hidden = (value: unknown) => ({ value, enumerable: false });
  return Object.defineProperties({ ...open } as Connection, {
    password: hidden(password),
    toJSON: hidden(() => open),
    [inspect.custom]: hidden(() => open),
  });
}
