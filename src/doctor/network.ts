import type { ConnectionTls } from "../device/connect/connection";
import type { CertificateFacts, Handshake, Place } from "../device/http/certificate";
import { type Check, failed, ok, warning } from "./check";

/** What was seen of the way to the device. */
export interface AddressFacts extends Place {
  scheme: "http" | "https";
  /** Empty if the name is not known. */
  addresses: readonly string[];
  /** Why no connection came to be: `ENOTFOUND`, `ECONNREFUSED`, `timeout`. */
  problem?: string;
  /** Whether the usual port of the other scheme answers; looked at only if this one does not. */
  otherAnswers?: boolean;
}

export function addressCheck(facts: AddressFacts): Check {
  const { host, port, addresses, problem } = facts;
  if (addresses.length === 0) {
    return failed(
      "address",
      `the name ${host} has no address (${problem})`,
      "check its spelling and the DNS server of this machine, or give the device's IP address in --url",
    );
  }
  const where = addresses.includes(host) ? host : `${host} (${addresses.join(", ")})`;
  if (problem === undefined) return ok("address", `${where} answers on port ${port}`);
  return failed("address", `${where} does not answer on port ${port} (${problem})`, addressRemedy(facts));
}

function addressRemedy({ scheme, host, port, problem, otherAnswers }: AddressFacts): string {
  if (otherAnswers && scheme === "https") {
    return `port 80 answers, so it seems to serve http alone: turn HTTPS on in the device, or use --url http://${bracketed(host)} with --allow-http if nobody can listen`;
  }
  if (otherAnswers) return `port 443 answers: use --url https://${bracketed(host)}`;
  if (problem === "ECONNREFUSED") {
    return `check the port of --url (${port}), and wait if the device is starting: that takes some minutes`;
  }
  return "check the address, the routes and firewalls between, and the device's own access list";
}

/** What was seen of how the connection is kept from other eyes. */
export interface TlsFacts extends Place {
  scheme: "http" | "https";
  /** What came of a handshake on that port. */
  handshake: Handshake;
  /** Whether http was allowed explicitly, or leads to this machine itself. */
  http: "refused" | "allowed" | "loopback";
  /** Whether https is served on its usual port, where the url says http on its own. */
  httpsElsewhere?: boolean;
  tls: ConnectionTls;
  now: Date;
}

/** Where it is `failed`, nothing may be sent. */
export function tlsCheck(facts: TlsFacts): Check {
  const { scheme, handshake, host, port } = facts;
  if (scheme === "http") return httpCheck(facts);
  switch (handshake.kind) {
    case "plain":
      return failed(
        "tls",
        `port ${port} speaks plain http, but the url says https`,
        `turn HTTPS on in the device and use its port, or use --url http://${bracketed(host)}:${port} with --allow-http if nobody can listen`,
      );
    case "failed":
      return failed(
        "tls",
        handshake.sentence,
        "check that this port serves https with TLS 1.2 or later: the TLS version of the device's TLS context, and what stands between",
      );
    case "certificate":
      return certificateCheck(facts, handshake);
  }
}

function httpCheck({ handshake, http, httpsElsewhere, host, port }: TlsFacts): Check {
  if (handshake.kind === "certificate") {
    return failed(
      "tls",
      `port ${port} serves https, but the url says http`,
      `use --url https://${bracketed(host)}${port === 443 ? "" : `:${port}`}`,
    );
  }
  const better = httpsElsewhere
    ? `https is served: use --url https://${bracketed(host)}`
    : "turn HTTPS on in the device and use https://";
  if (http === "refused") {
    return failed(
      "tls",
      "http:// would show the password to the network, so nothing was sent",
      `${better}, or say --allow-http if nobody can listen`,
    );
  }
  if (http === "loopback") return ok("tls", "plain http, which does not leave this machine");
  return warning("tls", "plain http shows the password and the configuration to the network", better);
}

const DAY_MS = 86_400_000;
/** How early the end of a certificate is told. */
const ENDS_SOON_MS = 30 * DAY_MS;

function certificateCheck(
  { tls, host, now }: TlsFacts,
  { certificate, accepted, problem }: Extract<Handshake, { kind: "certificate" }>,
): Check {
  const { fingerprint256, validTo } = certificate;
  const shown = `its SHA-256 fingerprint is ${fingerprint256}`;
  if (tls.fingerprint256 !== undefined) {
    if (accepted) return ok("tls", "the certificate is the pinned one");
    return failed(
      "tls",
      `the certificate is not the pinned one: ${shown}`,
      "find out why first (a new certificate of the device, or somebody in between); if it is the device's own, " +
        pin(fingerprint256),
    );
  }
  if (tls.insecureSkipVerify) {
    const fault = problem === undefined ? "it would be trusted" : faultOf(certificate, problem, host, now);
    return warning(
      "tls",
      `any certificate is accepted, so somebody in between could read everything (--insecure-skip-verify); ${fault}; ${shown}`,
      problem === undefined
        ? "leave --insecure-skip-verify out"
        : `in place of it, if you know that the certificate is the device's own, ${pin(fingerprint256)}`,
    );
  }
  if (!accepted) {
    return failed(
      "tls",
      `${faultOf(certificate, problem ?? "no reason given", host, now)}; ${shown}`,
      remedyOf(certificate, problem),
    );
  }
  const until = `until ${day(validTo)}`;
  if (validTo.getTime() - now.getTime() < ENDS_SOON_MS) {
    return warning("tls", `the certificate is trusted, but only ${until}`, "renew the device's certificate");
  }
  return ok("tls", `the certificate is trusted, ${until}`);
}

function faultOf(certificate: CertificateFacts, problem: string, host: string, now: Date): string {
  const { names, issuer, selfSigned, validFrom, validTo } = certificate;
  const faults: string[] = [];
  if (problem === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const held = names.length === 0 ? "no name" : names.join(", ");
    faults.push(`the certificate is for ${held}, and not for the name asked for, ${host}`);
  } else if (selfSigned) faults.push("the certificate is self-signed: nobody else vouches for it");
  else if (!/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(problem)) {
    faults.push(`the certificate is not trusted (${problem}): this machine does not know ${issuer}`);
  }
  // Of several faults the handshake names one.
  if (validTo < now) faults.push(`the certificate expired on ${day(validTo)}`);
  else if (validFrom > now) faults.push(`the certificate is not valid before ${day(validFrom)}`);
  return faults.length === 0 ? `the certificate is not trusted (${problem})` : faults.join(", and ");
}

function remedyOf({ fingerprint256, selfSigned }: CertificateFacts, problem: string | undefined): string {
  const pinned = `if you know that it is the device's own, ${pin(fingerprint256)}`;
  switch (problem) {
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `use a name that it holds in --url, or as --servername (tls.servername); or, ${pinned}`;
    case "CERT_HAS_EXPIRED":
      return `renew the device's certificate; or, ${pinned}`;
    case "CERT_NOT_YET_VALID":
      return `check the clock of this machine, and the clock of the machine that made the certificate; or, ${pinned}`;
    default:
      return selfSigned
        ? `compare the fingerprint with the one of the device's TLS context; ${pinned}`
        : `trust its authority with --ca (tls.ca); or, ${pinned}`;
  }
}

/** How to trust this one certificate, here and wherever else the device is set up. */
function pin(fingerprint: string): string {
  return `pin it: --fingerprint ${fingerprint} (fingerprint256 in the credentials file, tls.fingerprint256 in a program)`;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
