import type { IncomingMessage, ServerResponse } from "node:http";
import type { CarriedAnswer, CarriedRequest, Carrier } from "../../src/device/http/carrier";
import { ConnectFailure, failureOfConnect } from "../../src/device/http/failures";
import type { Line } from "../../src/simulator/server/line";
import type { LineOrder } from "../../src/simulator/simulated";
import type { ProcessTime, VirtualTime } from "./time";

/*
 * A network in memory between a client and the simulator: it takes time, and it can be cut.
 */

const LAST_WORD_MS = 50;

/** One connection, for one request: what the simulator answers on it, or that it ends. */
class Connection {
  #isOpen = true;
  readonly answered: Promise<CarriedAnswer>;
  #resolve: (answer: CarriedAnswer) => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(private readonly closed: (connection: Connection) => void) {
    this.answered = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Nobody may be left to hear of it.
    this.answered.catch(() => {});
  }

  cut(): void {
    if (this.#end()) this.#reject(broken());
  }

  answer(answer: CarriedAnswer): void {
    if (this.#end()) this.#resolve(answer);
  }

  #end(): boolean {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.closed(this);
    return wasOpen;
  }
}

function broken(): Error {
  return Object.assign(new Error("the connection was closed"), { code: "UND_ERR_SOCKET" });
}

/** The line of one simulated device. */
export class MemoryLine implements Line {
  readonly port = 443;
  isDark = false;
  readonly #open = new Set<Connection>();
  #cancel: (() => void) | undefined;
  #onBack = (): void => {};

  constructor(
    private readonly time: VirtualTime,
    private readonly order: LineOrder,
  ) {}

  async open(): Promise<void> {}

  goDark(seconds: number, cut: "now" | "after the answer", onBack: () => void): void {
    this.isDark = true;
    this.#onBack = onBack;
    this.#cancel?.();
    if (cut === "now") this.cutConnections();
    else this.time.after(LAST_WORD_MS, () => this.cutConnections());
    this.#cancel = this.time.after(seconds * 1000, () => this.comeBack());
  }

  comeBack(): void {
    if (!this.isDark) return;
    this.#cancel?.();
    this.isDark = false;
    this.#onBack();
  }

  cutConnections(): void {
    for (const connection of [...this.#open]) connection.cut();
  }

  async close(): Promise<void> {
    this.cutConnections();
  }

  /** Brings a request to the device. `dealtWith`: the device is done with it, whoever hears the answer. */
  deliver(request: CarriedRequest): { answered: Promise<CarriedAnswer>; dealtWith: Promise<void> } {
    const connection = new Connection((closed) => this.#open.delete(closed));
    this.#open.add(connection);
    const dealtWith = this.order.serve(arriving(connection, request), leaving(connection));
    return { answered: connection.answered, dealtWith };
  }
}

/** A request as the simulator looks at it. */
function arriving(connection: Connection, { method, path, headers, body }: CarriedRequest): IncomingMessage {
  const bytes = Buffer.isBuffer(body) ? body : undefined;
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) given[name.toLowerCase()] = String(value);
  if (bytes !== undefined) given["content-length"] = String(bytes.length);
  const socket = { destroy: () => connection.cut(), once: () => socket, off: () => socket };
  const request = {
    method,
    url: path,
    headers: given,
    complete: true,
    socket,
    resume: () => request,
    on: () => request,
    async *iterator(): AsyncGenerator<Buffer> {
      if (bytes !== undefined && bytes.length > 0) yield bytes;
    },
  };
  return request as unknown as IncomingMessage;
}

/** An answer as the simulator gives it. */
function leaving(connection: Connection): ServerResponse {
  const headers: Record<string, string> = {};
  let statusCode = 0;
  let closed = (): void => {};
  const answered = (body: () => Promise<ArrayBuffer>): void => {
    connection.answer({ statusCode, headers, body: { arrayBuffer: body } });
    closed();
  };
  const response = {
    destroyed: false,
    setHeader(name: string, value: string) {
      headers[name.toLowerCase()] = value;
    },
    writeHead(status: number, more: Record<string, string | number> = {}) {
      statusCode = status;
      for (const [name, value] of Object.entries(more)) headers[name.toLowerCase()] = String(value);
    },
    once(_event: "close", run: () => void) {
      closed = run;
      return response;
    },
    end(body: Buffer) {
      answered(async () => new Uint8Array(body).buffer);
    },
    write(_half: Buffer, run: () => void) {
      answered(() => Promise.reject(broken()));
      run();
    },
    destroy() {
      connection.cut();
    },
  };
  return response as unknown as ServerResponse;
}

/** A request as it went over the network. */
export interface WireRecord {
  method: string;
  /** Without the API's prefix. */
  path: string;
  sentAt: number;
  endedAt?: number;
  /** Undefined where the process got no whole answer. */
  status?: number;
  /** Whether the device received it. */
  arrived: boolean;
  /** What was written. */
  body?: string;
}

/**
 * Where a run is cut off: its process is killed before that request leaves or when the device has it, or its engine
 * is, which the process finds out.
 */
export interface Kill {
  request: number;
  when: "before" | "after" | "engine";
}

export interface NetworkSettings {
  line: () => MemoryLine;
  time: VirtualTime;
  process: ProcessTime;
  /** 0 <= random() < 1 */
  random: () => number;
  kill?: Kill | undefined;
  /** What happens when so many requests were sent. */
  at?: ReadonlyMap<number, () => void>;
  onKilled(kill: Kill): void;
  /** The device is done with a request. */
  onDealtWith(record: WireRecord): void;
}

/** The network as one process sees it. */
export class ProcessNetwork implements Carrier {
  readonly records: WireRecord[] = [];
  /** The most writes of this process that were ever under way at once. */
  mostWrites = 0;
  #writes = 0;
  readonly #pending = new Set<() => void>();

  constructor(private readonly settings: NetworkSettings) {}

  async request(request: CarriedRequest): Promise<CarriedAnswer> {
    const { time, process, kill, at, random, onKilled } = this.settings;
    const path = request.path.replace("/api/v1", "");
    const record: WireRecord = { method: request.method, path, sentAt: time.now(), arrived: false };
    if (Buffer.isBuffer(request.body)) record.body = request.body.toString("latin1");
    if (process.ended) return NEVER;
    const number = this.records.push(record);
    at?.get(number)?.();
    if (kill?.request === number && kill.when !== "after") onKilled(kill);
    if (process.ended) return NEVER;
    const weight = record.method === "GET" ? 0 : 1;
    this.#writes += weight;
    this.mostWrites = Math.max(this.mostWrites, this.#writes);
    try {
      const answer = await this.#carry(request, record, random() * 20);
      if (process.ended) return await NEVER;
      record.status = answer.statusCode;
      return answer;
    } catch (error) {
      if (process.ended) return await NEVER;
      throw error;
    } finally {
      record.endedAt = process.now();
      this.#writes -= weight;
    }
  }

  async close(): Promise<void> {}

  async destroy(): Promise<void> {
    for (const cut of [...this.#pending]) cut();
  }

  async #carry(request: CarriedRequest, record: WireRecord, ms: number): Promise<CarriedAnswer> {
    const { process, kill, onDealtWith, onKilled } = this.settings;
    await wait(process, ms);
    const line = this.settings.line();
    if (line.isDark) throw new ConnectFailure(failureOfConnect({ code: "ECONNREFUSED" }));
    record.arrived = true;
    const { answered, dealtWith } = line.deliver(request);
    const whole = dealtWith.then(() => onDealtWith(record));
    if (kill?.when === "after" && this.records[kill.request - 1] === record) onKilled(kill);
    const answer = await new Promise<CarriedAnswer>((resolve, reject) => {
      const cancel = process.after(request.headersTimeout ?? 60_000, () => reject(late()));
      const cut = () => reject(broken());
      this.#pending.add(cut);
      const end = () => {
        cancel();
        this.#pending.delete(cut);
      };
      answered.then(resolve, reject).finally(end);
      whole.catch(reject);
    });
    await wait(process, ms);
    return answer;
  }
}

/** What a dead process gets. */
const NEVER = new Promise<never>(() => {});

/** Never resolves where the process has ended meanwhile. */
function wait(process: ProcessTime, ms: number): Promise<void> {
  return new Promise((resolve) => process.after(ms, resolve));
}

function late(): Error {
  return Object.assign(new Error("no answer in time"), { code: "UND_ERR_HEADERS_TIMEOUT" });
}
