import { JSON_TYPE, json } from "./answer";
import type { Device } from "./device";
import type { Endpoint } from "./endpoint";

/** The device status summary (LTRT-41760 section 8, and the later editions' fields). */
export const STATUS_ENDPOINTS: Endpoint[] = [
  {
    path: "/api/v1/status",
    methods: {
      GET: { level: "Monitor", produces: JSON_TYPE, run: ({ device }) => json(200, status(device)) },
    },
  },
];

function status(device: Device): Record<string, unknown> {
  const { ip, subnetMask, gateway } = device.address;
  const summary = {
    localTimeStamp: timeStamp(device),
    ipAddress: ip,
    subnetMask,
    defaultGateway: gateway,
    productType: device.productType,
    versionID: device.firmware,
    protocolType: "SIP",
    operationalState: "UNLOCKED",
    highAvailability: device.dialect.old ? "Stand Alone" : "Not Operational",
  };
  if (device.dialect.old) return summary;
  return {
    ...summary,
    serialNumber: device.serialNumber,
    macAddress: "00908f9c5ae6",
    systemUpTime: device.uptimeSeconds,
    saveNeeded: device.saveNeeded,
    resetNeeded: device.resetNeeded,
    upgradeStatus: "None",
    osType: "8",
    acceleratedNetworking: "disabled",
  };
}

/** The manual's form ends in a small z; later firmware sends the offset and no fraction. */
function timeStamp(device: Device): string {
  const iso = new Date(device.now).toISOString();
  return device.dialect.old ? iso.replace("Z", "z") : iso.replace(/\.\d+Z$/, "+00:00");
}
