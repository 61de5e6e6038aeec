import { basename } from "node:path";
import type { DeviceStatus } from "../answers/status";
import { parseVersion } from "../answers/version";
import type { Connection } from "../connect/connection";
import { isDeviceError } from "../errors";
import type { DeviceAnswer, DeviceRequest, Transport } from "../http/transport";
import type { Device, UploadForm } from "../shared/device";
import { FileSender, type FileUpload } from "./file-sender";
import { bareFrame, multipartFrame, type UploadFrame } from "./multipart";

/** A text on its way to a device. */
export interface Upload {
  path: string;
  /** As the multipart form names it; devices do not check it. */
  fileName: string;
  file: Buffer;
  /** The file's secret values: the device may repeat them in its words. */
  secrets: Iterable<string>;
  /** See DeviceRequest. */
  inReset?: DeviceRequest["inReset"];
  /** See DeviceRequest: makes the file anew. */
  renew?: DeviceRequest["renew"];
  /** Called before it goes out. */
  onSend?: () => void;
}

/** Puts files on a device, in the form that it takes: 7.0 takes the bare file, 7.2 and later a multipart form. */
export class Uploads {
  readonly #known: Device["uploads"];

  /** @param look asks the device for its status */
  constructor(
    private readonly transport: Transport,
    private readonly connection: Connection,
    private readonly look: (inReset?: DeviceRequest["inReset"]) => Promise<DeviceStatus>,
  ) {
    this.#known = transport.device.uploads;
  }

  /** Whether the next `put` sends its file at once, without a look at the firmware before. */
  get isReady(): boolean {
    const { proven, expected } = this.#known;
    return this.connection.upload !== "auto" || proven !== undefined || expected !== undefined;
  }

  /** If the form is ours to choose and the device refuses it (400, 415), the other one is tried once. */
  put(upload: Upload): Promise<DeviceAnswer> {
    return this.#inRightForm((form) => this.#send(form, upload));
  }

  /** The same for a file of this machine, which is read while it is sent: it may be larger than the memory. */
  async putFile(upload: FileUpload): Promise<DeviceAnswer> {
    const { inReset, file } = upload;
    const before = upload.before ?? (await this.look(inReset));
    this.expect(before.version);
    const sender = new FileSender(this.transport, this.connection.name, () => this.look(inReset), {
      ...upload,
      before,
    });
    return this.#inRightForm((form) => sender.send(frameOf(form, basename(file.path))));
  }

  async #inRightForm(send: (form: UploadForm) => Promise<DeviceAnswer>): Promise<DeviceAnswer> {
    if (this.connection.upload !== "auto") return send(this.connection.upload);
    if (this.#known.proven !== undefined) return send(this.#known.proven);
    const expected = await this.#expected();
    try {
      return await this.#prove(expected, send);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      try {
        return await this.#prove(expected === "raw" ? "multipart" : "raw", send);
      } catch (second) {
        // Refused in both forms: it is the file, and the expected form's words say why.
        throw isRefusal(second) ? error : second;
      }
    }
  }

  /** Takes the form from a firmware version that is known already. */
  expect(version: string | undefined): void {
    this.#known.expected ??= Promise.resolve(formOfFirmware(version));
  }

  /** After a reset the device may run another firmware: it is asked anew. */
  forget(): void {
    this.#known.expected = undefined;
    this.#known.proven = undefined;
  }

  async #prove(form: UploadForm, send: (form: UploadForm) => Promise<DeviceAnswer>): Promise<DeviceAnswer> {
    const answer = await send(form);
    this.#known.proven = form;
    return answer;
  }

  #expected(): Promise<UploadForm> {
    this.#known.expected ??= this.look().then(({ version }) => formOfFirmware(version));
    this.#known.expected.catch(() => {
      this.#known.expected = undefined;
    });
    return this.#known.expected;
  }

  #send(form: UploadForm, upload: Upload): Promise<DeviceAnswer> {
    const { path, fileName, file, secrets, inReset, renew } = upload;
    const { headers, head, tail } = frameOf(form, fileName);
    upload.onSend?.();
    const framed = (content: Buffer) => Buffer.concat([head, content, tail]);
    return this.transport.request({
      method: "PUT",
      path,
      headers,
      body: framed(file),
      secrets,
      inReset,
      renew: renew && (async () => framed(await renew())),
    });
  }
}

function frameOf(form: UploadForm, fileName: string): UploadFrame {
  return form === "raw" ? bareFrame : multipartFrame(fileName);
}

/** The form by firmware; multipart if the version cannot be read, as all that are sold today take it. */
export function formOfFirmware(version: string | undefined): UploadForm {
  const parsed = version === undefined ? undefined : parseVersion(version);
  return parsed !== undefined && parsed.major * 100 + parsed.minor < 720 ? "raw" : "multipart";
}

function isRefusal(error: unknown): boolean {
  return isDeviceError(error) && (error.status === 400 || error.status === 415);
}
