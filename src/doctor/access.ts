import { type DeviceError, privilegeLevel } from "../device/errors";
import { sanitise } from "../text/sanitise";
import { type Check, failed, ok, warning } from "./check";

/** What came of one GET: its answer, or the error that came in its place. */
export type Asked<T> = { answer: T; error?: undefined } | { answer?: undefined; error: DeviceError };

/** What the first request with credentials tells of them. */
export function credentialsCheck(username: string, error: DeviceError | undefined): Check {
  // Who is not known gets a 401 whatever else is wrong, but a server without this API may not know of users at all.
  if (error === undefined || [403, 405, 406, 409].includes(error.status ?? 0)) {
    return ok("credentials", `the device accepts ${username} and the password`);
  }
  if (error.status === 401) {
    return failed(
      "credentials",
      `the device refuses ${username} or the password (401)`,
      "check both before you try again, because failed logins lock the account for a while (DenyAccessOnFailCount, " +
        "BlockTime): this was one try, and no other follows; a new user must first set a password in the web interface",
    );
  }
  return failed(
    "credentials",
    `the device could not be asked: ${sentenceOf(error)}`,
    "check that the url names the device itself, and try again in some minutes if it is starting",
  );
}

/** Without a login nothing is asked. @param sentence what is missing, and the ways to give it */
export function withoutLogin(sentence: string): Check {
  const [what = "", ...ways] = sentence.split(": ");
  return failed("credentials", what, ways.join(": "));
}

/** A 401 after the device took the same user and password: it ends the examination as the first one does. */
export function refusedLater(username: string, { path }: DeviceError): Check {
  return failed(
    "credentials",
    `the device took ${username} and the password, but then refused them for GET ${path} (401)`,
    "look at the user in the device's list of users, or in LDAP or RADIUS: it may have been blocked meanwhile, lack the " +
      "privilege level, or have to change its password; nothing more was sent",
  );
}

const RESOURCES = {
  status: "reading the status",
  configuration: "reading the configuration",
  actions: "saving and resetting",
  license: "reading the licence",
} as const;

/** One of the resources that the package needs, and why the device did not give it. */
export interface Refusal {
  resource: keyof typeof RESOURCES;
  error: DeviceError;
}

export interface PrivilegeFacts {
  username: string;
  refusals: readonly Refusal[];
  /** `UserLevel` of the user in the device's own table; undefined if it could not be read there. */
  userLevel: string | undefined;
}

const LEVELS: Readonly<Record<string, string>> = {
  "50": "Monitor",
  "100": "Administrator",
  "200": "Security Administrator",
};

/** LTRT-41760 section 2 asks for a Security Administrator; later editions have a level for each resource. */
export function privilegesCheck({ username, refusals, userLevel }: PrivilegeFacts): Check {
  // Devices answer 405, too, where the level does not suffice.
  const denied = refusals.filter(({ error }) => error.status === 403 || error.status === 405);
  if (denied.length > 0) {
    const levels = denied.map(({ error }) => privilegeLevel("GET", error.path ?? ""));
    const least = levels.includes("Administrator") ? "Administrator" : "Monitor";
    const list = denied.map(
      ({ resource, error }) => `${RESOURCES[resource]} (GET ${error.path}: ${error.status})`,
    );
    return failed(
      "privileges",
      `${username} lacks the privilege level for ${list.join(", ")}`,
      `make ${username} a Security Administrator, or ${least} at the least; a user of LDAP or RADIUS gets the level there`,
    );
  }
  // Not every firmware has a licence or lists its actions; nothing works without the other two.
  const vital = refusals.find(({ resource }) => resource === "configuration" || resource === "status");
  const other = vital ?? refusals.find(({ error }) => error.status !== 404);
  if (other !== undefined) {
    const judge = vital === undefined || vital.error.status === 409 ? warning : failed;
    return judge(
      "privileges",
      `${RESOURCES[other.resource]} failed: ${sentenceOf(other.error)}`,
      "try again, and look into the device's log if this continues",
    );
  }
  const level = userLevel === undefined ? undefined : (LEVELS[userLevel] ?? `of level ${userLevel}`);
  if (level === "Security Administrator") return ok("privileges", `${username} is ${level}`);
  return ok(
    "privileges",
    `${username} is ${level ?? "Administrator or above"}, which is enough for all but a change of the licence`,
  );
}

export interface ApiVersion {
  id: string;
  /** `stable`; empty if the device does not say. */
  status: string;
}

/** What the listing of versions tells. LTRT-41760 section 3. */
export function apiCheck({ answer: versions, error }: Asked<readonly ApiVersion[]>): Check {
  const remedy =
    "check that the url names a Mediant, and that its firmware is 7.0 or later, which have this API";
  if (error !== undefined) {
    return failed("api", `the device does not say which API it has: ${sentenceOf(error)}`, remedy);
  }
  const v1 = versions.find(({ id }) => id.toLowerCase() === "v1");
  if (v1 !== undefined) return ok("api", v1.status === "" ? "v1" : `v1, ${sanitise(v1.status)}`);
  const listed = sanitise(versions.map(({ id }) => id).join(", ")) || "no version";
  return failed("api", `the device's API has ${listed}, but not v1`, remedy);
}

/** An error's message without the device's name in front, which the report has already. */
function sentenceOf(error: DeviceError): string {
  return error.message.replace(/^\[[^\]]*\] /, "");
}
