import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { sanitise } from "../../text/sanitise";
import type { ConnectionTls } from "../connect/connection";
import { failureOfConnect } from "./failures";
import { judge, secureContextOf } from "./tls";

/** Where something listens, or should. */
export interface Place {
  /** A name or an address, without brackets. */
  host: string;
  port: number;
}

/** What a certificate says of itself: for people to read, proven by nothing. */
export interface CertificateFacts {
  /** SHA-256 with colons. */
  fingerprint256: string;
  /** The names and addresses that it holds. */
  names: string[];
  issuer: string;
  selfSigned: boolean;
  validFrom: Date;
  validTo: Date;
}

/** What came of a TLS handshake. */
export type Handshake =
  | {
      kind: "certificate";
      certificate: CertificateFacts;
      /** Whether a request would go out: chain and name are in order, or the pin matches, or nothing is checked. */
      accepted: boolean;
      /** Node's word on chain or name, `DEPTH_ZERO_SELF_SIGNED_CERT`; undefined if both are in order. */
      problem?: string;
    }
  /** What listens there speaks no TLS: plain http, most likely. */
  | { kind: "plain" }
  | { kind: "failed"; sentence: string };

const patienceMs = 10_000;

/** The place that a url names. */
export function placeOf(origin: string): Place {
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "");
  return { host, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) };
}

/** The addresses of a name; a word of the resolver (`ENOTFOUND`) if it has none. */
export async function addressesOf(host: string): Promise<{ addresses: string[] } | { problem: string }> {
  if (isIP(host) !== 0) return { addresses: [host] };
  try {
    return { addresses: (await lookup(host, { all: true })).map(({ address }) => address) };
  } catch (error) {
    return { problem: codeOf(error) };
  }
}

/** Why no connection comes to be (`ECONNREFUSED`, `timeout`); undefined if one does. Sends nothing. */
export async function connectProblem(place: Place, timeoutMs = patienceMs): Promise<string | undefined> {
  const outcome = await settle(connectTcp(place), "connect", timeoutMs);
  return outcome === undefined ? undefined : codeOf(outcome);
}

/**
 * Shakes hands to see the certificate, whatever it is, and hangs up: no request and nothing secret is sent. Judged is
 * it as every connection is, so what is refused here is refused there.
 */
export async function shakeHands(
  place: Place,
  tls: ConnectionTls,
  timeoutMs = patienceMs,
): Promise<Handshake> {
  const socket = connectTls({
    ...place,
    secureContext: secureContextOf(tls),
    servername: tls.servername ?? (isIP(place.host) === 0 ? place.host : undefined),
    ALPNProtocols: ["http/1.1"],
    rejectUnauthorized: false,
  });
  let seen: Handshake | undefined;
  socket.once("secureConnect", () => {
    seen = shown(socket, tls);
  });
  const outcome = await settle(socket, "secureConnect", timeoutMs);
  if (outcome === undefined) return seen ?? { kind: "failed", sentence: "no certificate was shown" };
  const { detail, sentence } = failureOfConnect(outcome);
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(detail)) return { kind: "plain" };
  const unanswered = detail === "timeout" || detail === "closed";
  return { kind: "failed", sentence: unanswered ? `no answer to the TLS handshake (${detail})` : sentence };
}

function shown(socket: TLSSocket, tls: ConnectionTls): Handshake | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const { fingerprint256 } = certificate;
  const problem = socket.authorized ? undefined : String(socket.authorizationError);
  return {
    kind: "certificate",
    certificate: {
      fingerprint256,
      names: namesOf(certificate.subjectAltName, certificate.subject),
      issuer: sanitise(certificate.issuer.replaceAll("\n", ", ")),
      selfSigned: certificate.issuer === certificate.subject,
      validFrom: new Date(certificate.validFrom),
      validTo: new Date(certificate.validTo),
    },
    accepted:
      judge(tls, { authorized: socket.authorized, problem: problem ?? "", fingerprint256 }) === undefined,
    problem,
  };
}

/** `DNS:sbc1.example.com, IP Address:192.0.2.1`; if there is none, the common name stood for it once. */
function namesOf(alternatives: string | undefined, subject: string): string[] {
  const names = (alternatives ?? "").split(", ").map((entry) => entry.replace(/^(DNS|IP Address):/, ""));
  const common = /^CN=(.*)$/m.exec(subject)?.[1];
  const found = names.filter((name) => name !== "");
  return (found.length > 0 || common === undefined ? found : [common]).map((name) => sanitise(name));
}

/** Waits for the event and hangs up; the error that came instead, one with the code `timeout` if nothing came. */
function settle(socket: Socket, event: string, timeoutMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    const end = (outcome: unknown): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => end({ code: "timeout" }), timeoutMs);
    // What still goes wrong while it hangs up concerns nobody.
    socket.on("error", end).once("close", () => end({ code: "closed" }));
    socket.once(event, () => end(undefined));
  });
}

function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown cause";
}
