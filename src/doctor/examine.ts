import { checkUrl } from "../declare/device";
import type { Connection } from "../device/connect/connection";
import { addressesOf, connectProblem, type Place, placeOf, shakeHands } from "../device/http/certificate";
import type { Transport } from "../device/http/transport";
import { type Check, withSkipped } from "./check";
import { examineDevice } from "./examine-device";
import { type AddressFacts, addressCheck, type TlsFacts, tlsCheck } from "./network";
import type { ProfileFile } from "./profile";

/** How long a guess may take: whether something is there that was not asked for. */
const BRIEF_MS = 3_000;

/**
 * Looks at a device from the network inwards, and ends where what follows cannot work: nothing is sent before the
 * connection is trusted, and nothing after the first 401. GETs only.
 *
 * @param allowHttp whether the password may go over a network in clear
 * @param profiles what `probe` wrote on this machine
 */
export async function examine(
  transport: Transport,
  connection: Connection,
  allowHttp: boolean,
  profiles: readonly ProfileFile[] = [],
): Promise<Check[]> {
  const address = addressCheck(await lookForAddress(connection));
  if (address.result === "failed") return withSkipped([address], "the device was not reached");
  const tls = tlsCheck(await lookAtTls(connection, allowHttp));
  if (tls.result === "failed") {
    return withSkipped([address, tls], "nothing is sent over a connection that is not trusted");
  }
  const { checks, missing } = await examineDevice(transport, connection, profiles);
  return withSkipped([address, tls, ...checks], missing);
}

async function lookForAddress({ origin }: Connection): Promise<AddressFacts> {
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

async function lookAtTls({ origin, tls }: Connection, allowHttp: boolean): Promise<TlsFacts> {
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
