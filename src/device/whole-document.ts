import { judgeScript } from "../cli/whole";
import { decodeIni } from "../ini/encoding";
import { judgeIni } from "../ini/whole";
import { type Inventory, sameInventory, shownNoMore } from "../text/inventory";
import type { DeviceAnswer, DeviceRequest, Transport } from "./http/transport";

/** A document that a device gives in full. */
export interface DocumentKind {
  path: string;
  /** To follow "the answer is no". */
  what: string;
  judge: (text: string) => { inventory: Inventory; fault?: undefined } | { fault: string };
}

// LTRT-41760 section 6.1.1
export const INI: DocumentKind = { path: "/api/v1/files/ini", what: "ini file", judge: judgeIni };
// section 6.2.1
export const SCRIPT: DocumentKind = {
  path: "/api/v1/files/cliScript",
  what: "CLI script",
  judge: judgeScript,
};

/** Why one read is not enough for what its caller means to do, to follow "which is"; undefined if it is. */
export type Doubt = (document: Buffer) => string | undefined;

/** The doubt of whoever has nothing to compare a document with: what is cut off between two parts looks whole. */
export const THE_ONLY_ONE: Doubt = () => "it is the only one";

/** Reads until two in a row agree. */
const READS = 4;

interface Read {
  bytes: Buffer;
  inventory: Inventory;
  isEndProven: boolean;
}

/**
 * One document of one device, as it is read again and again. What is not whole is never given out: whoever reads half
 * a configuration takes the rest for deleted. Grammar shows most of what is missing; what only looks whole must be
 * shown by two reads in a row: a body that merely stops, and one that shows less than the read before.
 */
export class WholeDocument {
  /** What the last read that was given out showed. */
  #known: Inventory | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly kind: DocumentKind,
  ) {}

  /** @throws DeviceError MEDIANT_BAD_ANSWER if the answers are not whole or do not agree; it says what is wrong */
  async read(doubt?: Doubt): Promise<Buffer> {
    const known = this.#known;
    let read = await this.#once();
    for (let reads = 1; ; reads++) {
      const reason = doubtful(read, known) ?? doubt?.(read.bytes);
      if (reason === undefined) break;
      if (reads >= READS) {
        const sentence = `${reads} reads in a row do not agree on what the device holds; the last one is doubtful because ${reason}`;
        throw this.transport.error(this.#request(), {
          kind: "permanent",
          code: "MEDIANT_BAD_ANSWER",
          detail: "bad answer",
          sentence,
        });
      }
      const again = await this.#once();
      const agree = sameInventory(read.inventory, again.inventory);
      read = again;
      if (agree) break;
    }
    this.#known = read.inventory;
    return read.bytes;
  }

  async #once(): Promise<Read> {
    let inventory: Inventory = new Set();
    const proof = (answer: DeviceAnswer) => {
      const verdict = judgeAnswer(this.kind, answer);
      if (verdict.fault === undefined) inventory = verdict.inventory;
      return verdict.fault;
    };
    const { body, isEndProven } = await this.transport.request({ ...this.#request(), proof });
    return { bytes: body, inventory, isEndProven };
  }

  #request(): DeviceRequest {
    return { method: "GET", path: this.kind.path };
  }
}

/** Judges one answer; the fault is a sentence to follow "200, but ". */
export function judgeAnswer(
  { what, judge }: DocumentKind,
  { headers, body }: Pick<DeviceAnswer, "headers" | "body">,
): ReturnType<DocumentKind["judge"]> {
  const foreign = foreignForm(headers, body);
  if (foreign !== undefined) {
    return { fault: `the answer is no ${what} (${foreign}); does url name the device?` };
  }
  const verdict = judge(decodeIni(body).text);
  if (verdict.fault === undefined) return verdict;
  return { fault: `the answer is no whole ${what}: ${verdict.fault}` };
}

function foreignForm(headers: DeviceAnswer["headers"], body: Buffer): string | undefined {
  if (body[0] === 0x1f && body[1] === 0x8b) return "it is compressed, and its headers do not say so";
  const start = body.subarray(0, 256).toString("latin1").trimStart();
  if (start === "") return "it is empty";
  if (start.startsWith("<") || String(headers["content-type"]).includes("html")) return "it is a web page";
  return start.startsWith("{") ? "it is JSON" : undefined;
}

function doubtful({ inventory, isEndProven }: Read, known: Inventory | undefined): string | undefined {
  if (!isEndProven) return "its answer has neither a length nor an end";
  const missing = known === undefined ? undefined : shownNoMore(known, inventory);
  return missing === undefined ? undefined : `it shows no more: ${missing}`;
}
