import type { Connection } from "./connection";
import { DeviceError } from "./errors";
import { defaultResetPolicy } from "./reset-phase";
import { type ResetCause, type ResetOutcome, type ResetWait, ResetWaiter } from "./reset-wait";
import { type DeviceStatus, parseStatus } from "./status";
import { type DeviceAnswer, type DeviceRequest, digest, Transport } from "./transport";
import { type Upload, Uploads } from "./uploads";

const paths = {
  status: "/api/v1/status", // LTRT-41760 section 8
  ini: "/api/v1/files/ini", // section 6.1.1
  incrementalIni: "/api/v1/files/ini/incremental", // section 6.1.2
  cliScript: "/api/v1/files/cliScript", // section 6.2.1
  incrementalCliScript: "/api/v1/files/cliScript/incremental", // section 6.2.2
  reset: "/api/v1/actions/reset", // section 5.1
  saveConfiguration: "/api/v1/actions/saveConfiguration", // section 5.2
};

/** What `POST /actions/reset` is told. LTRT-41760 section 5.1. */
export interface ResetAttributes {
  /** Whether the running configuration is stored first. Default of the device: true. */
  saveConfiguration?: boolean;
  /** 0: at once, the device's default. 1: when all calls have ended. n: then, but after n seconds at the latest. */
  gracefulTimeout?: number;
}

/** An answer that is to be read by whoever asked. */
export interface RawAnswer {
  status: number;
  /** Empty at 204. */
  body: Buffer;
}

const clients = new Map<string, DeviceClient>();

/** The endpoints of one device. Every method throws DeviceError; any 2xx is success, judged by what is read back. */
export class DeviceClient {
  readonly uploads: Uploads;
  readonly #resets: ResetWaiter;

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
    resetPolicy = defaultResetPolicy,
  ) {
    this.uploads = new Uploads(transport, connection, async () => (await this.status()).versionID);
    this.#resets = new ResetWaiter(transport, connection, paths.status, resetPolicy);
  }

  /** @throws DeviceError MEDIANT_BAD_ANSWER where what answers is no Mediant */
  async status(): Promise<DeviceStatus> {
    const answer = await this.transport.request({ method: "GET", path: paths.status });
    return parseStatus(answer.body) ?? this.#badAnswer(paths.status, answer, "no status of a device");
  }

  /**
   * The status of a device that may be away because it starts: waits until it answers.
   * @throws DeviceError MEDIANT_TIMEOUT where it does not come back; in this process it is not waited for again
   */
  awaken(wait: ResetWait): Promise<DeviceStatus> {
    return this.#resets.awaken(wait);
  }

  /** One of the listings: `/api`, `/api/v1`, `/api/v1/actions`. LTRT-41760 sections 3 to 7. */
  async get(path: `/api${string}`): Promise<RawAnswer> {
    const { status, body } = await this.transport.request({ method: "GET", path });
    return { status, body };
  }

  /** The whole running configuration, read now. */
  ini(): Promise<Buffer> {
    return this.#configuration(paths.ini, "no ini file");
  }

  /** The whole running configuration as a CLI script, read now. */
  cliScript(): Promise<Buffer> {
    return this.#configuration(paths.cliScript, "no CLI script");
  }

  /**
   * Applies a partial configuration; no reset.
   * @param secrets the file's secret values, for the device may repeat them in its words
   * @throws DeviceError MEDIANT_OUTCOME_UNKNOWN where the answer was lost: look what the device holds
   */
  async putIncrementalIni(body: Buffer, secrets: readonly string[]): Promise<void> {
    await this.uploads.put({ path: paths.incrementalIni, fileName: "ini.ini", file: body, secrets });
  }

  /**
   * Runs a CLI script; no reset. What the commands printed, and whether they succeeded, is in the answer's body.
   * @throws DeviceError MEDIANT_OUTCOME_UNKNOWN where the answer was lost: some or all of it may have run
   */
  async putIncrementalCliScript(body: Buffer, secrets: readonly string[]): Promise<RawAnswer> {
    const upload = { path: paths.incrementalCliScript, fileName: "cli.txt", file: body, secrets };
    const answer = await this.uploads.put(upload);
    return { status: answer.status, body: answer.body };
  }

  /** Replaces the whole configuration, which resets the device, and waits until it is back. @throws as ResetWaiter.perform */
  putIni(body: Buffer, secrets: readonly string[], wait: ResetWait): Promise<ResetOutcome> {
    return this.#uploadAndReset({ path: paths.ini, fileName: "ini.ini", file: body, secrets }, wait);
  }

  /** Replaces the whole configuration by a CLI script, which resets the device, and waits until it is back. @throws as ResetWaiter.perform */
  putCliScript(body: Buffer, secrets: readonly string[], wait: ResetWait): Promise<ResetOutcome> {
    return this.#uploadAndReset({ path: paths.cliScript, fileName: "cli.txt", file: body, secrets }, wait);
  }

  /** Resets the device and waits until it is back; calls may go on for `gracefulTimeout` before. @throws as ResetWaiter.perform */
  reset(attributes: ResetAttributes, wait: ResetWait): Promise<ResetOutcome> {
    const { saveConfiguration, gracefulTimeout } = attributes;
    const request: DeviceRequest = {
      method: "POST",
      path: paths.reset,
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify({ saveConfiguration, gracefulTimeout })),
      inReset: "cause",
    };
    const cause = { ...request, send: () => this.transport.request(request) };
    return this.#reset(cause, { ...wait, drainSeconds: wait.drainSeconds ?? gracefulTimeout });
  }

  /** Stores the running configuration in flash. Doing it twice does no harm, so a lost answer is asked for again. */
  async saveConfiguration(): Promise<void> {
    await this.transport.request({ method: "POST", path: paths.saveConfiguration, idempotent: true });
  }

  #uploadAndReset(upload: Upload, wait: ResetWait): Promise<ResetOutcome> {
    const { path } = upload;
    const send = () => this.uploads.put({ ...upload, inReset: "cause" });
    return this.#reset({ method: "PUT", path, send }, wait);
  }

  /** A device that is away when we come is waited for first. */
  async #reset(cause: ResetCause, wait: ResetWait): Promise<ResetOutcome> {
    const before = await this.awaken(wait);
    // Asked in the middle of the reset, the firmware would be waited for until its end.
    this.uploads.expect(before.versionID);
    try {
      return await this.#resets.perform(cause, before, wait);
    } finally {
      this.uploads.forget();
    }
  }

  async #configuration(path: string, what: string): Promise<Buffer> {
    const answer = await this.transport.request({ method: "GET", path });
    // Taken for a configuration, an empty or foreign answer would mean that the device has lost everything.
    if (!looksLikeConfiguration(answer)) return this.#badAnswer(path, answer, what);
    return answer.body;
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

function looksLikeConfiguration({ headers, body }: DeviceAnswer): boolean {
  const start = body.subarray(0, 256).toString("latin1").trimStart();
  return (
    start !== "" &&
    !start.startsWith("<") &&
    !start.startsWith("{") &&
    !String(headers["content-type"]).includes("html")
  );
}
