import type { DeviceClient } from "./client";
import { DeviceError } from "./errors";

/** What answered a GET is not this resource of the API: `what` stands after "the answer is". */
export function badAnswer(
  client: Pick<DeviceClient, "connection">,
  path: string,
  status: number,
  what: string,
) {
  const place = { device: client.connection.name, method: "GET", path, status };
  const sentence = `${status}, but the answer is ${what}; does url name the device?`;
  return new DeviceError("MEDIANT_BAD_ANSWER", sentence, place);
}
