import { parseAnswer } from "../device/answers/lenient-json";
import { parseLicense } from "../device/answers/license";
import { parseStatus } from "../device/answers/status";
import type { Connection } from "../device/connect/connection";
import { DeviceError, isDeviceError } from "../device/errors";
import type { DeviceRequest, Transport } from "../device/http/transport";
import { INI, judgeAnswer } from "../device/whole-document";
import { decodeIni } from "../ini/encoding";
import {
  type ApiVersion,
  type Asked,
  apiCheck,
  credentialsCheck,
  privilegesCheck,
  type Refusal,
  refusedLater,
} from "./access";
import { configurationFacts } from "./configuration";
import type { Examined } from "./examine";
import { type ProfileFile, profileCheck } from "./profile";
import { stateChecks } from "./state";

/** What a device answers to one user. GETs only, and none after a 401; the first goes alone, for it tries the password. */
export async function examineDevice(
  transport: Transport,
  connection: Connection,
  profiles: readonly ProfileFile[],
): Promise<Examined> {
  const { username } = connection;
  const ask = asker(transport, connection);

  const status = await ask("/api/v1/status", parseStatus, "no status of a device"); // LTRT-41760 section 8
  const now = new Date();
  const credentials = credentialsCheck(username, status.error);
  if (credentials.result === "failed") {
    const unknown = status.error?.status === 401;
    const missing = unknown ? "the device does not know this user or password" : "the device gave no answer";
    return { checks: [credentials], missing };
  }

  const versions = await ask("/api", readVersions, "no list of versions"); // section 3
  const read = (body: Buffer) => configurationFacts(decodeIni(body).text, username);
  const ini = await ask(INI.path, read, "no ini file", (answer) => judgeAnswer(INI, answer).fault); // section 6.1.1
  const actions = await ask("/api/v1/actions", () => true); // section 5
  const license = await ask("/api/v1/license", parseLicense, "no licence"); // section 10

  const later = [versions, ini, actions, license].find(({ error }) => error?.status === 401)?.error;
  if (later !== undefined) {
    return {
      checks: [refusedLater(username, later)],
      missing: "the device does not let this user in any more",
    };
  }

  const asked = { status, configuration: ini, actions, license };
  const refusals = Object.entries(asked).flatMap(([resource, { error }]): Refusal[] =>
    error === undefined ? [] : [{ resource: resource as Refusal["resource"], error }],
  );
  const { userLevel } = ini.answer ?? {};
  const checks = [credentials, privilegesCheck({ username, refusals, userLevel }), apiCheck(versions)];
  if (status.answer !== undefined) {
    const pairConfigured = license.answer?.serialNumberRedundant !== undefined || ini.answer?.pairConfigured;
    checks.push(...stateChecks({ status: status.answer, now, pairConfigured }));
    checks.push(profileCheck(status.answer.version, profiles));
  }
  return { checks, missing: "the device did not give its status" };
}

type Ask = <T>(
  path: string,
  read: (body: Buffer) => T | undefined,
  otherwise?: string,
  proof?: DeviceRequest["proof"],
) => Promise<Asked<T>>;

/** Asks once, without waiting for a device that is away or busy: that it is so is what we came to hear. */
function asker(transport: Transport, { name: device }: Connection): Ask {
  const policy = { troubleAttempts: 1, conflictMs: 0 };
  return async (path, read, otherwise = "not what was asked for", proof = undefined) => {
    try {
      const { status, body } = await transport.request({ method: "GET", path, policy, proof });
      const answer = read(body);
      if (answer !== undefined) return { answer };
      const place = { device, method: "GET", path, status };
      return {
        error: new DeviceError("MEDIANT_BAD_ANSWER", `${status}, but the answer is ${otherwise}`, place),
      };
    } catch (error) {
      if (isDeviceError(error)) return { error };
      throw error;
    }
  };
}

function readVersions(body: Buffer): ApiVersion[] | undefined {
  const { versions } = parseAnswer(body).fields;
  if (!Array.isArray(versions)) return undefined;
  return versions.flatMap((entry: { id?: unknown; status?: unknown } | null): ApiVersion[] =>
    typeof entry?.id === "string" ? [{ id: entry.id, status: String(entry.status ?? "") }] : [],
  );
}
