import { JSON_TYPE, json } from "../answer";
import type { Device } from "../device/device";
import { timeStamp } from "../device/time-stamp";
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
    localTimeStamp: timeStamp(device.now, device.dialect),
    ipAddress: ip,
    subnetMask,
    defaultGateway: gateway,
    productType: device.productType,
    versionID: device.firmware,
    protocolType: "SIP",
    operationalState: device.locked ? "LOCKED" : "UNLOCKED",
    highAvailability: highAvailability(device),
  };
  if (device.dialect.old) return summary;
  return {
    ...summary,
    serialNumber: device.serialNumber,
    macAddress: device.units.active.macAddress,
    systemUpTime: device.uptimeSeconds,
    saveNeeded: device.saveNeededTold,
    resetNeeded: device.resetNeeded,
    upgradeStatus: device.units.upgradeStatus,
    osType: "8",
    acceleratedNetworking: "disabled",
  };
}

/** The manual has a word for a unit without a pair; later firmware has the same for one whose partner is gone. */
function highAvailability({ units, dialect }: Device): string {
  if (units.redundant) return "Operational";
  return dialect.old && !units.paired ? "Stand Alone" : "Not Operational";
}
