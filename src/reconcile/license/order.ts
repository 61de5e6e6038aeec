import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import {
  type LicensedUnit,
  readLicenseFile,
  type WantedKey,
  wantedOf,
  wantedOfKey,
} from "../../declare/license-file";
import type { DeviceClient } from "../../device/client";
import { isDeviceError } from "../../device/errors";
import type { ResetOutcome, ResetWait } from "../../device/reset/waiter";
import { listed } from "../../text/listed";
import { ReconcileError } from "../life/errors";

/** A licence on its way to a device (LTRT-41760 section 10). */
export interface LicenseOrder {
  /** The serial numbers that it is for; empty if it does not say. */
  serialNumbers: readonly string[];
  /** Where they were declared, for errors. */
  place: string;
  /** Its keys. */
  secrets: readonly string[];
  /** Why it cannot be given to an HA pair; undefined if it can. */
  pairFault?: string;
  wanted(units: readonly LicensedUnit[]): WantedKey[];
  put(client: DeviceClient, wait: ResetWait): Promise<ResetOutcome>;
}

const ONE_KEY_FOR_TWO =
  "key cannot be installed on an HA pair, whose two units need a key each: use licenseFile, which has both";

/** A key by itself, in the JSON form, which a stand-alone unit takes. */
export function keyOrder(key: string, serialNumber: string | undefined): LicenseOrder {
  return {
    serialNumbers: serialNumber === undefined ? [] : [serialNumber],
    place: `serialNumber is ${serialNumber}`,
    secrets: [key],
    pairFault: ONE_KEY_FOR_TWO,
    wanted: (units) => wantedOfKey(key, serialNumber, units),
    put: async (client, wait) => {
      try {
        return await client.putLicenseKey({ key, serialNumber }, wait);
      } catch (error) {
        // A pair that the status does not show refuses the key for good, in words.
        const words = isDeviceError(error) && error.status === 409 ? error.description : undefined;
        throw words !== undefined && /licen[cs]e\s+file/i.test(words)
          ? new ReconcileError([ONE_KEY_FOR_TWO])
          : error;
      }
    },
  };
}

/**
 * A licence file, which every device takes.
 *
 * @param sha256 of the file as the program saw it, 64 hex digits
 * @throws ReconcileError that names the file, where it is gone, changed or no licence file
 */
export async function fileOrder(path: string, sha256: string | undefined): Promise<LicenseOrder> {
  const refuse = (fault: string) => new ReconcileError([`licenseFile: ${JSON.stringify(path)} ${fault}`]);
  const file = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw refuse(`cannot be read (${error.code})`);
  });
  if (createHash("sha256").update(file).digest("hex") !== sha256)
    throw refuse("changed since the program looked at it");
  const { keys, fault } = readLicenseFile(file.toString("latin1"));
  if (fault !== undefined) throw refuse(fault);
  const serialNumbers = keys.map(({ serialNumber }) => serialNumber);
  const secrets = keys.map(({ key }) => key);
  return {
    serialNumbers,
    place: `licenseFile has keys for S/N ${listed(serialNumbers)}`,
    secrets,
    wanted: () => wantedOf(keys),
    put: (client, wait) => client.putLicenseFile(file, basename(path), secrets, wait),
  };
}
