import type { TestContext } from "node:test";
import { Agent, type Dispatcher, request } from "undici";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator";
import "../shared/prompt-devices";

export const ADMIN = "Basic QWRtaW46QWRtaW4=";

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface Ask {
  authorization?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** A simulator and a way to ask it. Ends with the test. */
export interface Bench {
  simulator: Simulator;
  ask(line: string, options?: Ask): Promise<Reply>;
  /** Uploads a partial ini, each line ended; expects 200 unless said. */
  put(ini: string, expected?: number): Promise<Reply>;
  dump(): Promise<string>;
  /** Runs a partial CLI script, given in lines; the answer as it came. */
  cli(...lines: string[]): Promise<Reply>;
}

export async function bench(t: TestContext, options: SimulatorOptions = {}): Promise<Bench> {
  const simulator = await startSimulator({ resetSeconds: 0.1, ...options });
  const dispatcher = new Agent({ connect: { ca: simulator.certificate } });
  t.after(async () => {
    await simulator.close();
    await dispatcher.destroy();
  });
  const ask = (line: string, given: Ask = {}): Promise<Reply> => send(simulator, dispatcher, line, given);
  return {
    simulator,
    ask,
    put: async (ini, expected = 200) => {
      const reply = await ask("PUT /api/v1/files/ini/incremental", upload(simulator, options, ini));
      if (reply.status !== expected) throw new Error(`${reply.status} ${reply.text}`);
      return reply;
    },
    dump: async () => (await ask("GET /api/v1/files/ini")).text,
    cli: (...lines) =>
      ask("PUT /api/v1/files/cliScript/incremental", upload(simulator, options, lines.join("\r\n"))),
  };
}

/** The request that carries a file in the form that this simulator takes. */
export function upload(simulator: Pick<Simulator, "url">, options: SimulatorOptions, file: string): Ask {
  const raw = options.upload === "raw" || options.firmware?.startsWith("7.0");
  return raw ? rawUpload(file) : multipartUpload(file, new URL(simulator.url).port);
}

export const rawUpload = (file: string): Ask => ({
  headers: { "content-type": "application/octet-stream" },
  body: file,
});

export const multipartUpload = (file: string, boundary = "edge"): Ask => ({
  headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
  body: [
    `--${boundary}`,
    'Content-Disposition: form-data; name="file"; filename="ini.ini"',
    "Content-Type: application/octet-stream",
    "",
    file,
    `--${boundary}--`,
    "",
  ].join("\r\n"),
});

async function send(simulator: Simulator, dispatcher: Dispatcher, line: string, given: Ask): Promise<Reply> {
  const [method = "GET", path = "/"] = line.split(" ");
  const authorization = given.authorization ?? ADMIN;
  const { statusCode, headers, body } = await request(simulator.url + path, {
    method: method as Dispatcher.HttpMethod,
    dispatcher,
    headers: { ...(authorization ? { authorization } : {}), ...given.headers },
    body: given.body,
  });
  return { status: statusCode, headers, text: await body.text() };
}

/** Asks until the device is back after a reset. */
export async function untilBack({ ask }: Bench): Promise<Reply> {
  for (;;) {
    try {
      return await ask("GET /api/v1/status");
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

export const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

export const descriptionOf = (reply: Reply): unknown => JSON.parse(reply.text).description;
