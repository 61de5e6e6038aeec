/** Passed; works, but should be looked at; does not work; not looked at, or not told by this firmware. */
export type CheckResult = "ok" | "warning" | "failed" | "skipped";

/** What is looked at, in that order: each needs those before it. The names stay. */
export const CHECK_IDS = [
  "address",
  "tls",
  "credentials",
  "privileges",
  "api",
  "firmware",
  "clock",
  "highAvailability",
  "operationalState",
  "saveNeeded",
  "resetNeeded",
  "upgrade",
  "profile",
] as const;

export type CheckId = (typeof CHECK_IDS)[number];

/** One thing that was looked at. The texts hold no secret. */
export interface Check {
  id: CheckId;
  result: CheckResult;
  /** What is, in one sentence. */
  message: string;
  /** How to mend it; only if there is something to mend. */
  remedy?: string;
}

export function ok(id: CheckId, message: string): Check {
  return { id, result: "ok", message };
}

export function warning(id: CheckId, message: string, remedy: string): Check {
  return { id, result: "warning", message, remedy };
}

export function failed(id: CheckId, message: string, remedy: string): Check {
  return { id, result: "failed", message, remedy };
}

export function skipped(id: CheckId, message: string): Check {
  return { id, result: "skipped", message };
}

/** The checks with those that were not come to, each skipped for the same reason. */
export function withSkipped(checks: readonly Check[], why: string): Check[] {
  const done = new Map(checks.map((check) => [check.id, check]));
  return CHECK_IDS.map((id) => done.get(id) ?? skipped(id, why));
}
