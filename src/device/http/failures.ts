import { STATUS_CODES } from "node:http";
import { type DeviceErrorCode, privilegeLevel } from "../errors";
import type { FailureKind } from "./retry";

/** A failed attempt, read: what to do about it, and what to tell. */
export interface Failure {
  kind: FailureKind;
  code: DeviceErrorCode;
  /** A word on the cause: `409`, `ECONNREFUSED`. */
  detail: string;
  /** What happened, to stand after the request in a message. */
  sentence: string;
  status?: number;
  /** The device's own words, safe to show. */
  description?: string;
}

/** A connection that never came to be: nothing was sent on it. */
export class ConnectFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.sentence);
  }
}

/** An attempt that was broken off by us. */
export class BrokenOff extends Error {
  constructor(readonly failure: Failure) {
    super(failure.sentence);
  }
}

/** The failure of an answer of 2xx whose body cannot be used; `sentence` says what is wrong with it. */
export function failureOfAnswer(status: number, sentence: string): Failure {
  return {
    kind: "partial",
    code: "MEDIANT_BAD_ANSWER",
    detail: "bad answer",
    sentence: `${status}, but ${sentence}`,
    status,
  };
}

/** The failure of a request that was not sent, for the device's status says that it is busy. */
export function failureOfBusy(reason: string): Failure {
  return {
    kind: "busy",
    code: "MEDIANT_CONFLICT",
    detail: reason,
    sentence: `not sent: the device is busy (${reason})`,
  };
}

/** The failure that a status other than 2xx means. LTRT-41760 section 11. */
export function failureOfStatus(method: string, path: string, status: number, description?: string): Failure {
  const reason = STATUS_CODES[status];
  const parts = [
    reason === undefined ? String(status) : `${status} ${reason}`,
    hintOf(method, path, status),
    // Some devices answer with the words of the status alone.
    description?.toLowerCase() === reason?.toLowerCase() ? undefined : description,
  ];
  return {
    ...meaningOf(status),
    ...(status === 409 && isForGood(path, description) ? { kind: "permanent" as const } : undefined),
    detail: String(status),
    sentence: parts.filter((part) => part !== undefined).join(": "),
    status,
    description,
  };
}

function meaningOf(status: number): { kind: FailureKind; code: DeviceErrorCode } {
  if (status < 400) return { kind: "permanent", code: "MEDIANT_REDIRECT" };
  if (status >= 500) {
    // 501 and 505 say that it will never be done.
    const passing = [500, 502, 503, 504].includes(status);
    return { kind: passing ? "unavailable" : "permanent", code: "MEDIANT_DEVICE_FAILURE" };
  }
  switch (status) {
    case 401:
      return { kind: "permanent", code: "MEDIANT_UNAUTHORIZED" };
    case 403:
      return { kind: "permanent", code: "MEDIANT_FORBIDDEN" };
    case 404:
      return { kind: "permanent", code: "MEDIANT_NOT_FOUND" };
    case 405:
      return { kind: "permanent", code: "MEDIANT_NOT_ALLOWED" };
    case 406:
      return { kind: "permanent", code: "MEDIANT_NOT_ACCEPTABLE" };
    case 409:
      return { kind: "busy", code: "MEDIANT_CONFLICT" };
    default:
      return { kind: "permanent", code: "MEDIANT_REFUSED" };
  }
}

/**
 * The one 409 that no waiting ends: a licence key for a unit of a pair (LTRT-41760 section 10). Its words are matched
 * loosely, as editions differ in their signs and spelling.
 */
function isForGood(path: string, description = ""): boolean {
  return (
    path === "/api/v1/license" &&
    /licen[cs]e\s+file|HA\s+configuration/i.test(description) &&
    !/synchroni[sz]/i.test(description)
  );
}

function hintOf(method: string, path: string, status: number): string | undefined {
  if (status === 401) {
    return "check username and password (nothing further is sent with them, because failed logins lock the account)";
  }
  if (status === 403) {
    const level = privilegeLevel(method, path);
    return level === undefined ? undefined : `the user needs the privilege level ${level}`;
  }
  return status < 400 ? "redirects are not followed; set url to the address of the device itself" : undefined;
}

/** The failure that an error of the HTTP client means. */
export function failureOfError(error: unknown, requestSeconds: number): Failure {
  if (error instanceof ConnectFailure || error instanceof BrokenOff) return error.failure;
  const detail = errorCode(error);
  if (detail === "UND_ERR_HEADERS_TIMEOUT" || detail === "UND_ERR_BODY_TIMEOUT") {
    return {
      kind: "timeout",
      code: "MEDIANT_TIMEOUT",
      detail: "timeout",
      sentence: `no answer for ${requestSeconds} s`,
    };
  }
  if (detail === "UND_ERR_RES_EXCEEDED_MAX_SIZE" || detail === "UND_ERR_HEADERS_OVERFLOW") {
    return { kind: "unreadable", code: "MEDIANT_BAD_ANSWER", detail, sentence: "the answer is too long" };
  }
  if (detail === "HTTPParserError" || detail.startsWith("HPE_")) {
    // An answer that was cut short reads like this as well, so it counts as lost.
    return {
      kind: "lost",
      code: "MEDIANT_BAD_ANSWER",
      detail: "no HTTP",
      sentence: "the answer is not whole, or not HTTP",
    };
  }
  return {
    kind: "lost",
    code: "MEDIANT_UNREACHABLE",
    detail: detail === "UND_ERR_SOCKET" ? "closed" : detail,
    sentence: `the connection broke before the answer was whole (${detail})`,
  };
}

/** The failure that an error while connecting means: the device received nothing. */
export function failureOfConnect(error: unknown): Failure {
  const detail = errorCode(error);
  if (detail.startsWith("ERR_SSL") || detail.startsWith("ERR_TLS") || detail === "EPROTO") {
    const sentence = `the TLS handshake failed (${detail})${handshakeHint(detail)}`;
    // A device that boots answers so for a while.
    return { kind: "notSent", code: "MEDIANT_TLS", detail, sentence };
  }
  if (detail === "UND_ERR_CONNECT_TIMEOUT") {
    return {
      kind: "notSent",
      code: "MEDIANT_UNREACHABLE",
      detail: "timeout",
      sentence: "no connection: it does not answer",
    };
  }
  return { kind: "notSent", code: "MEDIANT_UNREACHABLE", detail, sentence: `no connection (${detail})` };
}

function handshakeHint(detail: string): string {
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(detail)) return "; does this port speak plain http?";
  if (/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION/.test(detail)) return "; TLS 1.2 or later is needed";
  return "";
}

function errorCode(error: unknown): string {
  if (typeof error === "object" && error !== null) {
    if ("code" in error && typeof error.code === "string") return error.code;
    if ("name" in error && typeof error.name === "string") return error.name;
  }
  return "unknown cause";
}
