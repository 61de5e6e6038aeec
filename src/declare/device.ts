import { X509Certificate } from "node:crypto";
import * as v from "valibot";
import { checkKeys, flag, isRecord, type Rules } from "./rules";

/** How to trust the device's certificate. Without any of it: the certificate authorities that Node trusts. */
export interface TlsSettings {
  /** PEM text of certificates to trust beside the usual authorities. */
  ca?: string;
  /** SHA-256 of the device's own certificate, 64 hex digits with or without colons; a match replaces chain and name checks. */
  fingerprint256?: string;
  /** The name the certificate is checked against. Default: the host of the url. */
  servername?: string;
  /** Accept any certificate; a warning says so. Default: false. */
  insecureSkipVerify?: boolean;
}

export interface TimeoutSettings {
  /**
   * Seconds without a byte after which a request is given up; the answer to a software load, which the device checks
   * and burns first, is waited for five times as long. Default: 60.
   */
  requestSeconds?: number;
  /** Seconds for which a busy device (409) is waited for, from its first 409 on. Default: 300. */
  conflictSeconds?: number;
  /** Seconds a device may take to come back from a reset. Default: 900. */
  resetSeconds?: number;
}

/** How a device is reached, as plain values. `url` or `profile` is needed. */
export interface DeviceSettings {
  /** Label in logs and identity. Default: the profile, else the host (and the port, where the url names one). */
  name?: string;
  /** `https://host[:port]`; the API prefix is added. Default: the profile's. */
  url?: string;
  /** Section of the credentials file. */
  profile?: string;
  /** Default: the profile's, else `$MEDIANT_USERNAME`. */
  username?: string;
  /** Default: the profile's, else `$MEDIANT_PASSWORD`. */
  password?: string;
  tls?: TlsSettings;
  /** Allow `http://` to a host that is not loopback, although it shows the password to the network. Default: false. */
  allowHttp?: boolean;
  /** The form of an upload. Default: "auto", which goes by the firmware: raw for 7.0, multipart for 7.2 and later. */
  upload?: "auto" | "raw" | "multipart";
  /** What an incremental ini carries of a changed table. Default: "whole". */
  incrementalTables?: "whole" | "rows";
  /** Take another device under the same name or url for the one that is meant. Default: false. */
  replaceDevice?: boolean;
  /** A folder to which what the device held is written before the first change of a run. Default: nowhere. */
  keepBefore?: string;
  timeouts?: TimeoutSettings;
}

const longestSeconds = 86_400;
const text = (what: string) => v.pipe(v.string(what), v.nonEmpty(what), v.regex(/^[^\p{Cc}]+$/u, what));
const seconds = (least: number) => {
  const what = `must be a number of seconds from ${least} to ${longestSeconds}`;
  return v.pipe(v.number(what), v.minValue(least, what), v.maxValue(longestSeconds, what));
};

const rules: Rules = {
  // The name stands in resource ids (`<name>/<type>/<logical name>`) and at the head of log lines (`[name]`).
  name: v.pipe(
    text("must be a text of one line"),
    v.regex(
      /^[^\s/[\]]([^/[\]]{0,98}[^\s/[\]])?$/,
      "must have no slash or bracket, no blank at either end, and at most 100 characters",
    ),
  ),
  url: v.string("must be a text such as https://sbc1.example.com"),
  profile: text("must name a section of the credentials file"),
  // RFC 7617: a colon would end the user name, and control characters cannot be sent.
  username: v.pipe(
    text("must be a text of one line"),
    v.regex(/^[^:]*$/, "must have no colon, which HTTP Basic cannot carry"),
  ),
  password: text("must be a text of one line"),
  tls: {
    ca: v.pipe(
      v.string("must be PEM text"),
      v.check(isPem, "must be PEM text of certificates (-----BEGIN CERTIFICATE-----), not a path"),
    ),
    fingerprint256: v.pipe(
      v.string("must be 64 hex digits, with or without colons"),
      v.check(
        (value) => plainFingerprint(value) !== undefined,
        "must be 64 hex digits, with or without colons",
      ),
    ),
    servername: text("must be a host name"),
    insecureSkipVerify: flag,
  },
  allowHttp: flag,
  upload: v.picklist(["auto", "raw", "multipart"], 'must be "auto", "raw" or "multipart"'),
  incrementalTables: v.picklist(["whole", "rows"], 'must be "whole" or "rows"'),
  replaceDevice: flag,
  keepBefore: text("must be the path of a folder"),
  timeouts: { requestSeconds: seconds(1), conflictSeconds: seconds(0), resetSeconds: seconds(1) },
};

/**
 * What is wrong with the settings of a device, a sentence each that begins with the argument
 * (`device.tls.fingerprint256: …`); empty if nothing is. No sentence shows a value.
 * @param path the name of the argument that holds the settings
 * @param passes true for a value that stands in for one not known yet: it is accepted anywhere
 */
export function checkSettings(
  value: unknown,
  path: string,
  passes: (value: unknown) => boolean = () => false,
): string[] {
  if (passes(value)) return [];
  const messages = checkKeys(value, rules, path, passes);
  if (!isRecord(value)) return messages;
  if (value["url"] === undefined && value["profile"] === undefined) {
    messages.push(`${path}: needs url, or a profile that has it`);
  }
  if (typeof value["url"] === "string" && !passes(value["url"])) {
    const allowHttp = value["allowHttp"];
    messages.push(
      ...checkUrl(value["url"], allowHttp === true || passes(allowHttp)).map(
        (problem) => `${path}.url: ${problem}`,
      ),
    );
  }
  return messages;
}

/** What is wrong with the url of a device; empty if nothing is. */
export function checkUrl(text: string, allowHttp: boolean): string[] {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return ["must be a url such as https://sbc1.example.com"];
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return ["must begin with https://"];
  const problems: string[] = [];
  if (url.protocol === "http:" && !allowHttp && !isLoopback(url.hostname)) {
    problems.push("http:// would show the password to the network; use https://, or say allowHttp: true");
  }
  if (url.username !== "" || url.password !== "") {
    problems.push("must hold no user name or password; use username and password");
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    problems.push("must end after the host and port; the API prefix is added");
  }
  return problems;
}

/** A fingerprint as 64 capital hex digits; undefined if the text is something else. */
export function plainFingerprint(text: string): string | undefined {
  const digits = text.trim().replaceAll(":", "").toUpperCase();
  return /^[0-9A-F]{64}$/.test(digits) ? digits : undefined;
}

/** Whether the text is one or more certificates in PEM form. */
export function isPem(text: string): boolean {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate);
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
