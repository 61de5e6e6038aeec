import { createHash } from "node:crypto";
import { Refusal } from "../answer";

/** In the encrypted form that a device shows; what is in it only the device knows. */
const KEY = /^[A-Za-z0-9+/=]{8,}$/;
const SERIAL_LINE = /^S\/N\s*:?\s*(\S+)$/i;

/** The licence keys of the units, by serial number. A reset keeps them. */
export class Licenses {
  readonly #keys = new Map<string, string>();
  readonly #takeIgnored: () => boolean;

  /** @param takeIgnored whether the licence that is here now has no effect */
  constructor(takeIgnored: () => boolean) {
    this.#takeIgnored = takeIgnored;
  }

  /** A unit that nobody licensed has the key with which it left the factory. */
  keyOf(serialNumber: string): string {
    return this.#keys.get(serialNumber) ?? Buffer.from(`factory:${serialNumber}`).toString("base64");
  }

  /**
   * @param keys by serial number
   * @returns whether one of them is another than before
   * @throws Refusal if the device cannot use one: none was installed
   */
  load(keys: ReadonlyMap<string, string>): boolean {
    return this.#takeIgnored() ? this.#differ(keys) : this.install(keys);
  }

  /** Of the factory, or by hand. @throws Refusal if the device cannot use one: none was installed */
  install(keys: ReadonlyMap<string, string>): boolean {
    const changes = this.#differ(keys);
    for (const [serialNumber, key] of keys) this.#keys.set(serialNumber, key);
    return changes;
  }

  #differ(keys: ReadonlyMap<string, string>): boolean {
    const entries = [...keys];
    if (entries.some(([, key]) => !KEY.test(key)))
      throw new Refusal(400, "The provided license key is incorrect");
    return entries.some(([serialNumber, key]) => this.keyOf(serialNumber) !== key);
  }
}

/**
 * The keys of a licence file, by serial number: a line `S/N <serial>` and the lines of its key, for each unit.
 * Empty lines, and those that begin with `;`, do not count.
 */
export function readLicenseFile(text: string): Map<string, string> {
  const keys = new Map<string, string>();
  let serialNumber: string | undefined;
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    if (line === "" || line.startsWith(";")) continue;
    const next = SERIAL_LINE.exec(line)?.[1];
    serialNumber = next ?? serialNumber;
    if (serialNumber === undefined)
      throw new Refusal(400, "The license file does not begin with a serial number");
    keys.set(serialNumber, next === undefined ? keys.get(serialNumber) + line : "");
  }
  return keys;
}

/** What a key permits, in the words of LTRT-41760 section 10. Another key permits something else. */
export function describeKey(key: string, board: string): string {
  const digest = createHash("sha256").update(key).digest();
  const [sessions, coders, users] = [0, 4, 8].map((at) => digest.readUInt32BE(at) % 10_000);
  return [
    `Key features: Board Type: ${board}`,
    "Security: IPSEC MediaEncryption StrongEncryption EncryptControlProtocol",
    "Coders: G723 G729 G728 NETCODER GSM-FR GSM-EFR AMR EVRC-QCELP G727 ILBC EVRC-B",
    `Control Protocols: SIP SBC=${sessions} TRANSCODING=${coders} FEU=${users}`,
  ].join("\n");
}
