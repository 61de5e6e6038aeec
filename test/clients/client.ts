import { request } from "node:http";
import type { TestContext } from "node:test";
import type { SimulatorOptions } from "../../src/simulator";
import { ADMIN, type Bench, bench } from "../simulator/harness";

export interface Sent {
  headers?: Record<string, string>;
  body?: string;
  /** Whether the client sends its password at once. @default true */
  authorised?: boolean;
}

export interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** Whether a 100 came before the answer. */
  continued: boolean;
}

/** What a client needs: requests byte for byte as it makes them, with nothing added. */
export interface Wire extends Bench {
  send(line: string, sent?: Sent): Promise<Answered>;
}

export async function wire(t: TestContext, options: SimulatorOptions = {}): Promise<Wire> {
  const device = await bench(t, options);
  const send = (line: string, { headers = {}, body, authorised = true }: Sent = {}) =>
    new Promise<Answered>((resolve, reject) => {
      const [method = "GET", path = "/"] = line.split(" ");
      const call = request({
        port: device.simulator.port,
        method,
        path,
        headers: {
          ...(authorised ? { authorization: ADMIN } : {}),
          ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
          ...headers,
        },
      });
      let continued = false;
      call.on("continue", () => {
        continued = true;
        call.end(body);
      });
      call.on("error", reject).on("response", async (response) => {
        let text = "";
        for await (const chunk of response) text += String(chunk);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, continued });
      });
      if (headers["expect"] === undefined) call.end(body);
      else call.flushHeaders();
    });
  return { ...device, send };
}

/** A form with one file, as most HTTP libraries write it. @param name of the part */
export function form(
  file: string,
  name = "file",
  fileName = "file.txt",
): Required<Pick<Sent, "headers" | "body">> {
  const boundary = "------------------------d74496d66958873e";
  const body = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${name}"; filename="${fileName}"`,
    "Content-Type: application/octet-stream",
    "",
    file,
    `--${boundary}--`,
    "",
  ].join("\r\n");
  return { headers: { "content-type": `multipart/form-data; boundary=${boundary}` }, body };
}
