import { isDeepStrictEqual } from "node:util";
import { parseStatus } from "../device/answers/status";
import type { DeviceClient } from "../device/client";
import { isDeviceError } from "../device/errors";
import type { DeviceRequest } from "../device/http/transport";
import { readLate } from "../device/late";
import { bareFrame, multipartFrame, type UploadFrame } from "../device/upload/multipart";
import { decodeIni } from "../ini/encoding";
import { observe } from "../ini/observe";
import { block, type Header, INDEXES, OWN, type Place, removal } from "./place";
import type { Seen, SeenRow, Step, UploadForm } from "./questions";

const INCREMENTAL_INI = "/api/v1/files/ini/incremental"; // LTRT-41760 section 6.1.2
const INCREMENTAL_SCRIPT = "/api/v1/files/cliScript/incremental"; // section 6.2.2
const STATUS = "/api/v1/status"; // section 8

/** A device in a lab, and the rows of ours in one of its tables. Everything that the probe sends goes through here. */
export class Lab {
  /** In which files are sent whose step does not say. */
  form: UploadForm;
  /** Whether a row of ours may stand on the device. */
  touched = false;
  /** The rows of the table when they were read last: it is chosen for having none. */
  #shown: readonly SeenRow[] = [];

  constructor(
    private readonly client: DeviceClient,
    readonly place: Place,
    readonly header: Header,
    form: UploadForm,
  ) {
    this.form = form;
  }

  async take(step: Step): Promise<Seen> {
    switch (step.kind) {
      case "ini": {
        const before = this.#shown;
        const answer = await this.#upload(INCREMENTAL_INI, step.text, step.form ?? this.form);
        return { ...answer, rows: await this.#rowsAfter(before, answer.status) };
      }
      case "cli":
        return this.#upload(INCREMENTAL_SCRIPT, step.text, this.form);
      case "get":
        return this.#send({
          method: "GET",
          path: step.path,
          ...(step.accept === undefined ? {} : { headers: { accept: step.accept } }),
        });
      case "status": {
        const answer = await this.#send({ method: "GET", path: STATUS });
        return { ...answer, saveNeeded: parseStatus(Buffer.from(answer.body))?.saveNeeded };
      }
    }
  }

  async dump(): Promise<string> {
    return decodeIni(await this.client.ini()).text;
  }

  /** The rows of the table, as a dump shows them now. */
  async rows(): Promise<SeenRow[]> {
    const table = observe(await this.dump()).tables.get(this.place.table);
    const rows = [...(table?.rows ?? [])].map(([index, cells]) => ({
      index,
      name: cells.get(this.place.name)?.text ?? "",
      value: cells.get(this.place.value)?.text,
    }));
    this.#shown = rows;
    return rows;
  }

  /**
   * Takes our rows away: by a table without rows, and those that stay by the CLI.
   * @returns the indexes that are left
   */
  async putBack(): Promise<string[]> {
    if (!this.touched) return [];
    await this.#upload(INCREMENTAL_INI, block(this.place, this.header, []), this.form);
    let left = await this.#own();
    if (left.length > 0) {
      await this.#upload(INCREMENTAL_SCRIPT, removal(this.place, left), this.form);
      left = await this.#own();
    }
    this.touched = left.length > 0;
    return left;
  }

  /** The rows after an upload: a device that took it and shows them as before is given time. */
  #rowsAfter(before: readonly SeenRow[], status: number): Promise<SeenRow[]> {
    return readLate(
      this.client.transport.clock,
      () => this.rows(),
      (rows) => status >= 400 || !isDeepStrictEqual(rows, before),
    );
  }

  async #own(): Promise<string[]> {
    const rows = await this.rows();
    return rows
      .filter(({ index, name }) => name.startsWith(OWN) || (INDEXES as readonly string[]).includes(index))
      .map(({ index }) => index);
  }

  async #upload(path: string, text: string, form: UploadForm): Promise<Seen> {
    const { headers, head, tail } = frameOf(form);
    const file = Buffer.from(form === "base64" ? Buffer.from(text).toString("base64") : text);
    if (path === INCREMENTAL_INI) this.touched = true;
    return this.#send({ method: "PUT", path, headers, body: Buffer.concat([head, file, tail]) });
  }

  /** A refusal is an answer too; no answer at all is an error. */
  async #send(request: DeviceRequest): Promise<Seen> {
    try {
      const { status, body } = await this.client.transport.request(request);
      return { status, body: body.toString("utf8"), rows: [] };
    } catch (error) {
      if (!isDeviceError(error) || error.status === undefined || [401, 403, 409].includes(error.status))
        throw error;
      return { status: error.status, body: error.description ?? "", rows: [] };
    }
  }
}

function frameOf(form: UploadForm): UploadFrame {
  if (form === "raw") return bareFrame;
  const frame = multipartFrame("probe.ini");
  if (form === "multipart") return frame;
  const encoding = "Content-Transfer-Encoding: base64\r\n\r\n";
  return { ...frame, head: Buffer.from(frame.head.toString().replace(/\r\n$/, encoding)) };
}
