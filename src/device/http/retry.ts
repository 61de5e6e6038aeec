/** What a failed attempt tells about the request. */
export type FailureKind =
  | "busy" // 409: the device did not do it, and will do it later
  | "notSent" // no connection: the device surely did not receive it
  | "unavailable" // 500, 502, 503, 504: a write may have been done all the same
  | "lost" // the connection broke before the answer was whole
  | "timeout" // no answer in time
  | "partial" // an answer that came, but not whole or not what was asked for: the next one may be good
  | "cut" // an upload broke off before the device had the whole of it: it did nothing
  | "unreadable" // an answer that is too long: asking again gives the same
  | "permanent"; // every other status, and a certificate that is not trusted

export interface RetryPolicy {
  /** Milliseconds for which 409 is waited for, from the first one on. */
  conflictMs: number;
  /** First and longest pause after a 409, in milliseconds; each is double the one before. */
  conflictPauseMs: { first: number; longest: number };
  /** Attempts in all at trouble of one kind. */
  troubleAttempts: number;
  /** Milliseconds after which trouble is no longer waited for, from the first attempt on. */
  troubleMs: number;
  /** Bounds of the random pause (full jitter) after trouble, in milliseconds. */
  troublePauseMs: { first: number; longest: number };
}

export const defaultPolicy: RetryPolicy = {
  conflictMs: 300_000,
  conflictPauseMs: { first: 1_000, longest: 15_000 },
  troubleAttempts: 4,
  troubleMs: 60_000,
  troublePauseMs: { first: 1_000, longest: 10_000 },
};

export interface FailedAttempt {
  method: string;
  /** The request may be done twice without harm although it is no GET. */
  idempotent?: boolean;
  kind: FailureKind;
  /** A word on the cause, for the log: `409`, `ECONNREFUSED`. */
  detail: string;
  /** How many attempts failed in this way, this one included. */
  attempt: number;
  /** Milliseconds since the request was first sent, or since the last reset that it waited out; of a 409, since the first. */
  elapsedMs: number;
  /** A random number, 0 <= random < 1. */
  random: number;
}

export type Decision =
  | { action: "retry"; afterMs: number; waitingFor: string; deadlineMs: number }
  /** A write that may have been done: the request ends, and the caller looks at the device. */
  | { action: "unknown" }
  | { action: "fail" };

/** Of the failures that may be waited out. */
const words = {
  busy: "busy",
  notSent: "not reachable",
  unavailable: "not ready",
  lost: "connection lost",
  timeout: "no answer",
  partial: "answer not usable",
};

/** What to do after a failed attempt. */
export function decide(policy: RetryPolicy, failed: FailedAttempt): Decision {
  const repeatable = failed.method === "GET" || failed.idempotent === true;
  const { kind } = failed;
  // Whoever uploads looks at the device first.
  if (kind === "permanent" || kind === "cut") return { action: "fail" };
  if (kind === "unreadable") return { action: repeatable ? "fail" : "unknown" };
  const waitingFor = `${words[kind]} (${failed.detail})`;
  switch (kind) {
    case "busy": {
      const remaining = policy.conflictMs - failed.elapsedMs;
      if (remaining <= 0) return { action: "fail" };
      // Half fixed, half random: those who wait together do not come back together. The last pause ends at the deadline.
      const pause = doubled(policy.conflictPauseMs, failed.attempt) * (0.5 + failed.random / 2);
      return {
        action: "retry",
        afterMs: Math.min(pause, remaining),
        waitingFor,
        deadlineMs: policy.conflictMs,
      };
    }
    case "unavailable":
    case "lost":
    case "timeout":
    case "partial":
      return repeatable ? retryTrouble(policy, failed, waitingFor) : { action: "unknown" };
    case "notSent":
      return retryTrouble(policy, failed, waitingFor);
  }
}

/** Whether a request that failed while the device resets can be sent again after it. */
export function mayOutlastReset(
  { method, idempotent }: { method: string; idempotent?: boolean },
  kind: FailureKind,
): boolean {
  if (kind === "notSent") return true;
  const repeatable = method === "GET" || idempotent === true;
  return repeatable && ["unavailable", "lost", "timeout", "partial"].includes(kind);
}

function retryTrouble(policy: RetryPolicy, failed: FailedAttempt, waitingFor: string): Decision {
  const afterMs = doubled(policy.troublePauseMs, failed.attempt) * failed.random;
  if (failed.attempt >= policy.troubleAttempts || failed.elapsedMs + afterMs >= policy.troubleMs) {
    return { action: "fail" };
  }
  return { action: "retry", afterMs, waitingFor, deadlineMs: policy.troubleMs };
}

function doubled(pause: { first: number; longest: number }, attempt: number): number {
  return Math.min(pause.longest, pause.first * 2 ** (attempt - 1));
}
