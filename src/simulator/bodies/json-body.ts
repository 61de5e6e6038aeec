import { Refusal } from "../answer";

/** The attributes in a request with a JSON body. @throws Refusal if it is no JSON object */
export function readAttributes(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Refused below, as any other text that is no JSON object.
  }
  throw new Refusal(400, "The request is not a JSON object");
}

/** Refuses an attribute that nobody asked for. @param others what is left of those that are known */
export function refuseOthers(others: Record<string, unknown>): void {
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw new Refusal(400, `Invalid attribute: ${unknown}`);
}
