import { type Answer, description, JSON_TYPE, Refusal } from "../answer";
import type { Endpoint, StreamCall, StreamOperation } from "./endpoint";

const put = (run: StreamOperation["run"]): Endpoint["methods"] => ({
  PUT: { level: "Administrator", produces: JSON_TYPE, takesFile: "streamed", run },
});

/** The software load (LTRT-41760 section 6.3). */
export const SOFTWARE_ENDPOINTS: Endpoint[] = [
  { path: "/api/v1/files/software", methods: put(load) },
  { path: "/api/v1/files/software/hitless", methods: put(loadHitless) },
];

/** All units reset into it. */
function load({ device, file }: StreamCall): Answer {
  const firmware = device.software.take(file, device.firmware, false);
  return {
    ...description(200, "Device will reset now to activate new software load"),
    after: { gracefulTimeout: 0, save: false, firmware },
  };
}

/** What a device without a partner says the manual leaves open (section 6.3.1). */
function loadHitless({ device, file }: StreamCall): Answer {
  const firmware = device.software.take(file, device.firmware, true);
  if (!device.units.redundant)
    throw new Refusal(409, "Hitless software upgrade is supported in HA configuration only");
  return {
    ...description(200, "Device will perform switchover to activate new software load"),
    switchTo: firmware,
  };
}
