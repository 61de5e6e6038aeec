import { generate } from "selfsigned";
import type { TlsIdentity } from "../../src/simulator";

type Names = { type: 2; value: string } | { type: 7; ip: string };

async function identity(name: Names, notBefore: Date, notAfter: Date): Promise<TlsIdentity> {
  const made = await generate([{ name: "commonName", value: "device" }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: notBefore,
    notAfterDate: notAfter,
    extensions: [{ name: "subjectAltName", altNames: [name] }],
  });
  return { key: made.private, cert: made.cert };
}

const here: Names = { type: 7, ip: "127.0.0.1" };
const year = (at: number) => new Date(Date.UTC(at, 0, 1));

const made = new Map<string, Promise<TlsIdentity>>();

/** The same one each time: it takes longer to make than a cell to run. */
function once(name: string, make: () => Promise<TlsIdentity>): Promise<TlsIdentity> {
  const known = made.get(name) ?? make();
  made.set(name, known);
  return known;
}

export const valid = () => once("valid", () => identity(here, year(2020), year(2090)));

/** Its time is over. */
export const expired = () => once("expired", () => identity(here, year(2001), year(2002)));

/** It is that of another device. */
export const foreign = () =>
  once("foreign", () => identity({ type: 2, value: "other.example.com" }, year(2020), year(2090)));
