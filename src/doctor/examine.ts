import { checkUrl } from "../declare/device";
import type { Reach } from "../device/connect/connection";
import { addressesOf, connectProblem, type Place, placeOf, shakeHands } from "../device/http/certificate";
import type { Check } from "./check";
import { type AddressFacts, addressCheck, type TlsFacts, tlsCheck } from "./network";

/** How long a guess may take: whether something is there that was not asked for. */
const BRIEF_MS = 3_000;

/** What was found, and why the rest was not looked at, if there is a rest. */
export interface Examined {
  checks: Check[];
  missing?: string;
}

/**
 * Looks at the way to a device: whether it answers, and whether the connection can be trusted. No request is sent, and
 * no login is needed. If `missing` is set, nothing may be sent either.
 *
 * @param allowHttp whether the password may go over a network in clear
 */
export async function examineWay(reach: Reach, allowHttp: boolean): Promise<Examined> {
  const address = addressCheck(await lookForAddress(reach));
  if (address.result === "failed") return { checks: [address], missing: "the device was not reached" };
  const tls = tlsCheck(await lookAtTls(reach, allowHttp));
  if (tls.result !== "failed") return { checks: [address, tls] };
  return { checks: [address, tls], missing: "nothing is sent over a connection that is not trusted" };
}

async function lookForAddress({ origin }: Reach): Promise<AddressFacts> {
  const place = { ...placeOf(origin), scheme: schemeOf(origin) };
  const found = await addressesOf(place.host);
  if ("problem" in found) return { ...place, addresses: [], problem: found.problem };
  const { addresses } = found;
  const problem = await connectProblem(place);
  if (problem === undefined) return { ...place, addresses };
  return { ...place, addresses, problem, otherAnswers: await otherAnswers(place) };
}

/** Where the usual port of one scheme is closed: whether that of the other one answers. */
async function otherAnswers({ host, port, scheme }: Place & Pick<TlsFacts, "scheme">): Promise<boolean> {
  if (port !== (scheme === "https" ? 443 : 80)) return false;
  if (scheme === "http") return servesHttps(host);
  return (await connectProblem({ host, port: 80 }, BRIEF_MS)) === undefined;
}

async function lookAtTls({ origin, tls }: Reach, allowHttp: boolean): Promise<TlsFacts> {
  const place = placeOf(origin);
  const scheme = schemeOf(origin);
  const facts = { ...place, scheme, tls, now: new Date() };
  if (scheme === "https") return { ...facts, handshake: await shakeHands(place, tls), http: "refused" };
  const loopback = checkUrl(origin, false).length === 0;
  return {
    ...facts,
    handshake: await shakeHands(place, tls, BRIEF_MS),
    http: loopback ? "loopback" : allowHttp ? "allowed" : "refused",
    httpsElsewhere: place.port === 80 && (await servesHttps(place.host)),
  };
}

async function servesHttps(host: string): Promise<boolean> {
  const seen = await shakeHands({ host, port: 443 }, { insecureSkipVerify: false }, BRIEF_MS);
  return seen.kind === "certificate";
}

function schemeOf(origin: string): "http" | "https" {
  return origin.startsWith("https:") ? "https" : "http";
}
