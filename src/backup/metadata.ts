import type { License } from "../device/answers/license";
import type { DeviceStatus } from "../device/answers/status";
import { REDACTED, withoutSecretParts } from "../secrets/values";
import { byName } from "../text/order";
import { redact } from "../text/redact";

/**
 * Of a status (LTRT-41760 section 8) what says which device it is and how it is meant to run. The clock, the up time
 * and what waits to be saved change by themselves; addresses stand in the ini file, serial numbers in the licence.
 */
export function steadyStatus(status: DeviceStatus): string {
  const { productType, version, protocolType, operationalState, highAvailability } = status;
  const { osType, acceleratedNetworking } = status;
  return json({
    ...{ productType, version, protocolType, operationalState, highAvailability },
    ...{ osType, acceleratedNetworking },
  });
}

/**
 * What a licence (LTRT-41760 section 10) allows, unit by unit. The units of a pair are in the order of their serial
 * numbers, for they change places at a switchover.
 */
export function steadyLicense(license: License): string {
  const { licenseVersion, serialNumber, key, keyDescription } = license;
  const { serialNumberRedundant, keyRedundant, keyDescriptionRedundant } = license;
  const keys = [key, keyRedundant].filter((one) => one !== undefined);
  const unit = (serial: string | undefined, own: string | undefined, description: string | undefined) => ({
    serialNumber: serial,
    key: own === undefined ? undefined : REDACTED,
    keyDescription: description === undefined ? undefined : redact(description, keys).split("\n"),
  });
  const units = [
    unit(serialNumber, key, keyDescription),
    unit(serialNumberRedundant, keyRedundant, keyDescriptionRedundant),
  ].filter((one) => Object.values(one).some((value) => value !== undefined));
  units.sort((a, b) => byName(a.serialNumber ?? "", b.serialNumber ?? ""));
  return json({ licenseVersion, units });
}

function json(value: unknown): string {
  const shown = (_key: string, one: unknown) => (typeof one === "string" ? withoutSecretParts(one) : one);
  return `${JSON.stringify(value, shown, 2)}\n`;
}
