import type { Connection } from "../connect/connection";
import { DeviceError } from "../errors";

/** What answered a GET is not this resource of the API: `what` stands after "the answer is". */
export function badAnswer(
  { connection }: { connection: Pick<Connection, "name"> },
  path: string,
  status: number,
  what: string,
) {
  const place = { device: connection.name, method: "GET", path, status };
  const sentence = `${status}, but the answer is ${what}; does url name the device?`;
  return new DeviceError("MEDIANT_BAD_ANSWER", sentence, place);
}
