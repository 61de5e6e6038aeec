import type { Connection } from "./connection";
import { DeviceError } from "./errors";
import { type DeviceStatus, parseStatus } from "./status";
import { type DeviceAnswer, digest, Transport } from "./transport";
import { Uploads } from "./uploads";

const paths = {
  status: "/api/v1/status", // LTRT-41760 section 8
  ini: "/api/v1/files/ini", // section 6.1.1
  incrementalIni: "/api/v1/files/ini/incremental", // section 6.1.2
  saveConfiguration: "/api/v1/actions/saveConfiguration", // section 5.2
};

const clients = new Map<string, DeviceClient>();

/** The endpoints of one device. Every method throws DeviceError; any 2xx is success, judged by what is read back. */
export class DeviceClient {
  readonly uploads: Uploads;

  /** The same client for equal connections. */
  static for(connection: Connection): DeviceClient {
    const key = digest([connection, connection.password]);
    let client = clients.get(key);
    if (client === undefined) {
      client = new DeviceClient(connection);
      clients.set(key, client);
    }
    return client;
  }

  constructor(
    readonly connection: Connection,
    readonly transport: Transport = Transport.for(connection),
  ) {
    this.uploads = new Uploads(transport, connection, async () => (await this.status()).versionID);
  }

  /** @throws DeviceError MEDIANT_BAD_ANSWER where what answers is no Mediant */
  async status(): Promise<DeviceStatus> {
    const answer = await this.transport.request({ method: "GET", path: paths.status });
    return parseStatus(answer.body) ?? this.#badAnswer(paths.status, answer, "no status of a device");
  }

  /** The whole running configuration, read now. */
  async ini(): Promise<Buffer> {
    const answer = await this.transport.request({ method: "GET", path: paths.ini });
    // Taken for a configuration, an empty or foreign answer would mean that the device has lost everything.
    if (!looksLikeIni(answer)) return this.#badAnswer(paths.ini, answer, "no ini file");
    return answer.body;
  }

  /**
   * Applies a partial configuration; no reset.
   * @param secrets the file's secret values, for the device may repeat them in its words
   * @throws DeviceError MEDIANT_OUTCOME_UNKNOWN where the answer was lost: look what the device holds
   */
  async putIncrementalIni(body: Buffer, secrets: readonly string[]): Promise<void> {
    await this.uploads.put(paths.incrementalIni, "ini.ini", body, secrets);
  }

  /** Stores the running configuration in flash. Doing it twice does no harm, so a lost answer is asked for again. */
  async saveConfiguration(): Promise<void> {
    await this.transport.request({ method: "POST", path: paths.saveConfiguration, idempotent: true });
  }

  #badAnswer(path: string, { status }: DeviceAnswer, what: string): never {
    const place = { device: this.connection.name, method: "GET", path, status };
    throw new DeviceError(
      "MEDIANT_BAD_ANSWER",
      `${status}, but the answer is ${what}; does url name the device?`,
      place,
    );
  }
}

function looksLikeIni({ headers, body }: DeviceAnswer): boolean {
  const start = body.subarray(0, 256).toString("latin1").trimStart();
  return (
    start !== "" &&
    !start.startsWith("<") &&
    !start.startsWith("{") &&
    !String(headers["content-type"]).includes("html")
  );
}
