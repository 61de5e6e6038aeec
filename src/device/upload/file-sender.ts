import { UploadProgress } from "../../text/progress";
import type { DeviceStatus } from "../answers/status";
import { upgradeInProgress } from "../answers/status";
import { compareVersions } from "../answers/version";
import { DeviceError, isDeviceError } from "../errors";
import type { DeviceAnswer, DeviceRequest, Transport } from "../http/transport";
import { linesOf } from "../log";
import { fileBody } from "./file-body";
import type { UploadFrame } from "./multipart";
import type { SourceFile } from "./source-file";

/** How often a file is sent again when the connection broke on the way. */
const cutsOutlasted = 2;

/** A file of this machine on its way to a device. */
export interface FileUpload {
  path: string;
  file: SourceFile;
  /** The resource, for the log: `[sbc1] load: 43 % of 210 MB, 12 MB/s`. */
  label: string;
  /** Default: stdout */
  log?: (line: string) => void;
  /** See DeviceRequest. */
  inReset?: DeviceRequest["inReset"];
  /** The device's status, where it was read just now. */
  before?: DeviceStatus;
  /** The same file twice does no harm: where the answer to the whole of it was lost, it is sent once more. */
  harmlessTwice?: boolean;
  /** Milliseconds that the device may take for its answer when it has it all. Default: the connection's `requestSeconds`. */
  timeoutMs?: number;
}

/**
 * Sends one file, and again after the connection broke, never without a look at the device: a file that it cannot have
 * as a whole, and a status that shows no change, make it safe. While a software load is worked on, nothing is sent.
 */
export class FileSender {
  readonly #log: (line: string) => void;
  /** A status that was read just now. */
  #fresh: DeviceStatus | undefined;
  /** Why the file goes out again; undefined when the device was looked at since. */
  #broken: DeviceError | undefined;
  /** What a look at the device said against sending it again. */
  #refusal: DeviceError | undefined;
  #cuts = 0;
  #answerLost = false;

  constructor(
    private readonly transport: Transport,
    private readonly device: string,
    private readonly look: () => Promise<DeviceStatus>,
    private readonly upload: FileUpload & { before: DeviceStatus },
  ) {
    const { log, label, before } = upload;
    this.#log = linesOf(device, label, log);
    this.#fresh = before;
  }

  /** @throws as Transport.request; MEDIANT_UPLOAD_CUT if it was cut again and again, or the device is another since */
  async send(frame: UploadFrame): Promise<DeviceAnswer> {
    const { path, file, inReset, log, timeoutMs } = this.upload;
    const request: DeviceRequest = {
      ...{ method: "PUT", path, inReset, timeoutMs, waitLog: log },
      headers: frame.headers,
      body: fileBody(file, frame, () => this.#progress()),
      busyWith: () => this.#busyWith(),
    };
    for (;;) {
      try {
        return await this.transport.request(request);
      } catch (error) {
        if (error === this.#refusal || !this.#mayGoAgain(error)) throw error;
        this.#broken = error;
        if (this.#cuts <= cutsOutlasted) continue;
        await this.#look();
        throw this.#error(error, `as it did ${cutsOutlasted} times before; the device is unchanged`);
      }
    }
  }

  #progress(): (sent: number) => void {
    const { clock } = this.transport;
    const progress = new UploadProgress(this.upload.file.size, clock.now());
    return (sent) => {
      const line = progress.line(sent, clock.now());
      if (line !== undefined) this.#log(line);
    };
  }

  #mayGoAgain(error: unknown): error is DeviceError {
    if (!isDeviceError(error)) return false;
    if (isCut(error)) {
      this.#cuts++;
      return true;
    }
    // An answer that leaves it open (5xx) would come again.
    const lost = error.code === "MEDIANT_OUTCOME_UNKNOWN" && error.status === undefined;
    if (!lost || this.#answerLost || this.upload.harmlessTwice !== true) return false;
    this.#answerLost = true;
    return true;
  }

  async #busyWith(): Promise<string | undefined> {
    const status = this.#fresh ?? (await this.#look());
    this.#fresh = undefined;
    if (upgradeInProgress(status)) return `upgradeStatus ${status.upgradeStatus}`;
    if (this.#broken !== undefined) {
      const why = isCut(this.#broken) ? "the device is unchanged, sending again" : "sending once more";
      this.#log(`${this.#broken.sentence}; ${why}`);
    }
    this.#broken = undefined;
    return undefined;
  }

  /** @throws the error of an upload that broke, where the status does not show the device as it was */
  async #look(): Promise<DeviceStatus> {
    const broken = this.#broken;
    let status: DeviceStatus;
    try {
      status = await this.look();
    } catch (error) {
      const closed = isDeviceError(error) && error.code === "MEDIANT_UNAUTHORIZED";
      if (broken === undefined || closed) throw error;
      throw this.#error(broken, "and the device did not tell its status after it");
    }
    if (broken === undefined || !isCut(broken)) return status;
    const change = changeBetween(this.upload.before, status);
    if (change !== undefined) throw this.#error(broken, `and ${change}`);
    return status;
  }

  #error({ code, method, path, sentence }: DeviceError, more: string): DeviceError {
    this.#refusal = new DeviceError(code, `${sentence}, ${more}`, { device: this.device, method, path });
    return this.#refusal;
  }
}

function isCut(error: DeviceError): boolean {
  return error.code === "MEDIANT_UPLOAD_CUT";
}

/** What happened to a device between two looks, in words; undefined if nothing did. */
export function changeBetween(before: DeviceStatus, after: DeviceStatus): string | undefined {
  const { version: was = "", systemUpTime: wasUp = 0 } = before;
  const { version: is = was, systemUpTime: isUp = wasUp } = after;
  if (is !== was && compareVersions(was, is) !== 0) return `the device now runs ${is}`;
  return isUp < wasUp ? "the device restarted meanwhile" : undefined;
}
