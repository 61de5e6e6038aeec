import { Refusal } from "../answer";

/** Takes the file out of the body of an upload, chunk by chunk, and holds no more of it than it must. */
export interface Unwrapper {
  /** As the form names it; undefined if it does not, and in a bare body. */
  readonly fileName: string | undefined;
  /** What is certain to belong to the file by now. @throws Refusal if the body has another form */
  push(chunk: Buffer): Buffer;
  /** @throws Refusal if the body ended too soon */
  end(): void;
}

/** The body is the file (LTRT-41760 section 6). */
export class BareFile implements Unwrapper {
  readonly fileName = undefined;

  push(chunk: Buffer): Buffer {
    return chunk;
  }

  end(): void {}
}

const NOTHING: Buffer = Buffer.alloc(0);
const END_OF_HEADERS = "\r\n\r\n";
/** No part has headers of such a length. */
const LONGEST_HEADERS = 8192;
const CLOSING = "--";

/** The file is the one part of a `multipart/form-data` (later editions), whose name is not looked at. */
export class FilePart implements Unwrapper {
  fileName: string | undefined;
  readonly #opening: string;
  readonly #delimiter: Buffer;
  #phase: "headers" | "file" | "delimiter" | "closed" = "headers";
  /** What arrived and cannot be judged before more does. */
  #held = NOTHING;
  readonly #decodes: boolean;
  /** Letters of base64 that are not yet four; undefined if the part is not encoded. */
  #letters: string | undefined;

  /** @param decodes whether `Content-Transfer-Encoding: base64` of the part means something */
  constructor(boundary: string, decodes = true) {
    this.#decodes = decodes;
    this.#opening = `--${boundary}\r\n`;
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  push(chunk: Buffer): Buffer {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#phase === "headers") this.#readHeaders();
    const file = this.#phase === "file" ? this.#readFile() : NOTHING;
    if (this.#phase === "delimiter") this.#readClosing();
    if (this.#phase === "closed") this.#held = NOTHING;
    return file;
  }

  end(): void {
    if (this.#phase !== "closed") throw incorrect();
  }

  #readHeaders(): void {
    const end = this.#held.indexOf(END_OF_HEADERS);
    if (end < 0 && this.#held.length <= LONGEST_HEADERS) return;
    const text = this.#held.toString("utf8", 0, Math.max(end, 0));
    if (!text.startsWith(this.#opening)) throw incorrect();
    const disposition = /^content-disposition:\s*form-data\b.*;\s*filename=(?:"([^"]*)"|(\S*))/im.exec(text);
    if (!disposition) throw new Refusal(400, "The multipart body has no file");
    this.fileName = disposition[1] ?? disposition[2];
    if (this.#decodes && /^content-transfer-encoding:\s*base64\s*$/im.test(text)) this.#letters = "";
    this.#held = this.#held.subarray(end + END_OF_HEADERS.length);
    this.#phase = "file";
  }

  /** The delimiter may lie across chunks: as much as could be its beginning stays behind. */
  #readFile(): Buffer {
    const at = this.#held.indexOf(this.#delimiter);
    const end = at < 0 ? Math.max(this.#held.length - this.#delimiter.length + 1, 0) : at;
    const file = this.#held.subarray(0, end);
    this.#held = this.#held.subarray(at < 0 ? end : at + this.#delimiter.length);
    if (at >= 0) this.#phase = "delimiter";
    return this.#letters === undefined ? file : this.#decode(file);
  }

  #decode(encoded: Buffer): Buffer {
    const letters = this.#letters + encoded.toString("latin1").replace(/\s+/g, "");
    const whole = this.#phase === "delimiter" ? letters.length : letters.length - (letters.length % 4);
    this.#letters = letters.slice(whole);
    return Buffer.from(letters.slice(0, whole), "base64");
  }

  /** Another part behind the file is more than a device expects. */
  #readClosing(): void {
    if (this.#held.length < CLOSING.length) return;
    if (this.#held.toString("latin1", 0, CLOSING.length) !== CLOSING) throw incorrect();
    this.#phase = "closed";
  }
}

const incorrect = (): Refusal => new Refusal(400, "The multipart body is incorrect");
