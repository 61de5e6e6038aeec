import { sleep } from "../clock";
import { DeviceError, type DeviceErrorCode, isDeviceError } from "../errors";
import type { DeviceRequest, Transport } from "../http/transport";
import type { Starts } from "./starts";

const attempts = 4;
/** After the first attempt; twice and three times that after the next ones. */
const pauseMs = 2_000;

/** Failures after which the device may have saved, or may have started anew before it could. */
const LEAVES_IT_OPEN: ReadonlySet<DeviceErrorCode> = new Set([
  "MEDIANT_OUTCOME_UNKNOWN",
  "MEDIANT_UNREACHABLE",
  "MEDIANT_TIMEOUT",
]);

/** LTRT-41760 section 5.2. */
const REQUEST: DeviceRequest = {
  method: "POST",
  path: "/api/v1/actions/saveConfiguration",
  policy: { troubleAttempts: 1 },
};

/**
 * Stores the running configuration in flash. If no answer comes, it is asked for again, but only of a device that shows
 * that it has not started anew since the last change: that one would store what it came back with, and say so.
 * @param look asks for the status, which tells `starts`
 * @throws DeviceError MEDIANT_OUTCOME_UNKNOWN if it may have started anew, or gives no answer again and again
 */
export async function saveConfiguration(
  transport: Transport,
  starts: Starts,
  look: () => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await transport.request(REQUEST);
      return;
    } catch (error) {
      if (!isDeviceError(error) || !LEAVES_IT_OPEN.has(error.code) || attempt === attempts) throw error;
      await sleep(transport.clock, pauseMs * attempt);
      await look();
      const doubt = starts.sinceMark();
      if (doubt !== undefined) throw notKnown(error, doubt);
    }
  }
}

function notKnown({ code, device, method, path, status, sentence }: DeviceError, doubt: string): DeviceError {
  const known = code === "MEDIANT_OUTCOME_UNKNOWN" ? "" : "it is not known if the change is saved: ";
  const what = `${known}${sentence}; ${doubt}: run it again`;
  return new DeviceError("MEDIANT_OUTCOME_UNKNOWN", what, { device, method, path, status });
}
