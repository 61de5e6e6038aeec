import { type Answer, description, isJson, JSON_TYPE, json, Refusal } from "../answer";
import { readAttributes, refuseOthers } from "../bodies/json-body";
import { withRawLineBreaks } from "../bodies/sloppy-json";
import { fileText } from "../bodies/upload";
import type { Device } from "../device/device";
import { describeKey, readLicenseFile } from "../device/licenses";
import type { Unit } from "../device/units";
import type { Call, Endpoint } from "./endpoint";

/** The licence key (LTRT-41760 section 10). */
export const LICENSE_ENDPOINTS: Endpoint[] = [
  {
    path: "/api/v1/license",
    methods: {
      GET: { level: "Administrator", produces: JSON_TYPE, run: ({ device }) => show(device) },
      PUT: {
        level: "Security Administrator",
        produces: JSON_TYPE,
        takesFile: "whole unless JSON",
        run: (call) => (isJson(call.contentType) ? loadKey(call) : loadFile(call)),
      },
    },
  },
];

function show(device: Device): Answer {
  const { active, redundant } = device.units;
  const { serialNumber, key, keyDescription } = unitLicense(device, active);
  const license = { licenseVersion: 1, serialNumber, key, keyDescription };
  if (device.dialect.old) return json(200, withRawLineBreaks(license));
  const other = redundant && unitLicense(device, redundant);
  return json(200, {
    ...license,
    macAddress: active.macAddress,
    ...(other && {
      serialNumberRedundant: other.serialNumber,
      keyRedundant: other.key,
      keyDescriptionRedundant: other.keyDescription,
      macAddressRedundant: redundant.macAddress,
    }),
  });
}

function unitLicense(device: Device, { serialNumber }: Unit) {
  const key = device.licenses.keyOf(serialNumber);
  const shown = device.showsKeyInGroups ? key.replace(/.{8}(?=.)/g, "$& ") : key;
  return { serialNumber, key: shown, keyDescription: describeKey(key, device.productType) };
}

/** In a pair this is refused for ever, whatever a 409 means elsewhere. */
function loadKey({ device, body }: Call): Answer {
  const { paired, active } = device.units;
  if (paired)
    throw new Refusal(
      409,
      "License key can’t be applied to device in HA configuration. Use license file instead.",
    );
  const { licenseVersion = 1, serialNumber = active.serialNumber, key, ...others } = readAttributes(body);
  refuseOthers(others);
  if (licenseVersion !== 1) throw new Refusal(400, "Invalid value of licenseVersion");
  if (serialNumber !== active.serialNumber)
    throw new Refusal(400, "The serial number of the license is not that of the device");
  if (typeof key !== "string") throw new Refusal(400, "Invalid value of key");
  const keys = new Map([[active.serialNumber, key]]);
  return install(device, keys, "Device will reset now to activate new license");
}

function loadFile({ device, body }: Call): Answer {
  const keys = readLicenseFile(fileText(body, "license file"));
  const { active, redundant } = device.units;
  for (const serialNumber of keys.keys())
    if (serialNumber !== active.serialNumber && serialNumber !== redundant?.serialNumber)
      keys.delete(serialNumber);
  if (keys.size === 0) throw new Refusal(400, "The license file has no key for the device");
  // The manual speaks of a software load here.
  const what = device.dialect.old ? "software load" : "license";
  return install(device, keys, `Device will reset now to activate new ${what}`);
}

function install(device: Device, keys: ReadonlyMap<string, string>, announcement: string): Answer {
  const changes = device.licenses.load(keys);
  if (!changes && !device.sameLicenseKeyResets)
    return description(200, "The license key is installed already");
  return { ...description(200, announcement), after: { gracefulTimeout: 0, save: false } };
}
