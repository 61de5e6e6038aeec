import * as nodeTls from "node:tls";
import { buildConnector } from "undici";
import type { ConnectionTls } from "../connect/connection";
import { ConnectFailure, type Failure, failureOfConnect } from "./failures";

const connectTimeoutMs = 10_000;

/** What the handshake showed. */
export interface SeenCertificate {
  /** Chain and name are in order. */
  authorized: boolean;
  /** Node's word on what is not. */
  problem: string;
  /** SHA-256 with colons; undefined if the device showed no certificate. */
  fingerprint256?: string;
}

/**
 * Opens connections and judges the certificate before a byte of HTTP is sent.
 * The handshake itself accepts any certificate, for only so can the error name the fingerprint that was seen.
 */
export function makeConnector(tls: ConnectionTls): buildConnector.connector {
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    secureContext: secureContextOf(tls),
    servername: tls.servername,
    rejectUnauthorized: false,
    // Node does not check the name of a resumed session: a refused one must not come back that way.
    maxCachedSessions: 0,
  });
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error !== null) return callback(new ConnectFailure(failureOfConnect(error)), null);
      const failure = socket instanceof nodeTls.TLSSocket ? judge(tls, look(socket)) : undefined;
      if (failure === undefined) return callback(null, socket);
      socket.destroy();
      callback(new ConnectFailure(failure), null);
    });
  };
}

/** What every handshake with a device begins from. */
export function secureContextOf(tls: ConnectionTls): nodeTls.SecureContext {
  const ca = tls.ca && [...usualAuthorities(), tls.ca];
  return nodeTls.createSecureContext({ minVersion: "TLSv1.2", ca });
}

function look(socket: nodeTls.TLSSocket): SeenCertificate {
  return {
    authorized: socket.authorized,
    problem: String(socket.authorizationError ?? "no certificate"),
    fingerprint256: socket.getPeerX509Certificate()?.fingerprint256,
  };
}

/** The failure that a certificate means under these settings; undefined if it is accepted. */
export function judge(tls: ConnectionTls, seen: SeenCertificate): Failure | undefined {
  if (tls.fingerprint256 !== undefined) {
    if (seen.fingerprint256?.replaceAll(":", "") === tls.fingerprint256) return undefined;
    return untrusted(
      `the certificate is not the pinned one, ${shown(seen)}; find out why it changed, and ${pinned(tls, seen)}`,
    );
  }
  if (tls.insecureSkipVerify || (seen.authorized && seen.fingerprint256 !== undefined)) return undefined;
  const nameDiffers = seen.problem === "ERR_TLS_CERT_ALTNAME_INVALID";
  const remedy = nameDiffers
    ? "set tls.servername to a name it holds"
    : "set tls.ca to the PEM text of its authority";
  const what = nameDiffers ? "the certificate is for another name" : "the certificate is not trusted";
  return untrusted(`${what} (${seen.problem}), ${shown(seen)}; ${remedy}, or ${pinned(tls, seen)}`);
}

function pinned({ pin = "set tls.fingerprint256 to" }: ConnectionTls, seen: SeenCertificate): string {
  return `if you know that it is the device's own, ${pin} ${seen.fingerprint256 ?? "…"}`;
}

function shown(seen: SeenCertificate): string {
  return `its SHA-256 fingerprint is ${seen.fingerprint256 ?? "not known"}`;
}

function untrusted(sentence: string): Failure {
  return { kind: "permanent", code: "MEDIANT_TLS", detail: "certificate", sentence };
}

/** The authorities that Node trusts by itself: a `ca` of ours would replace them. */
function usualAuthorities(): readonly string[] {
  // From Node 22.15 on; knows NODE_EXTRA_CA_CERTS as well.
  const newer = nodeTls as { getCACertificates?: (type: "default") => readonly string[] } & typeof nodeTls;
  return newer.getCACertificates?.("default") ?? nodeTls.rootCertificates;
}
