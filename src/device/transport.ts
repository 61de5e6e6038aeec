import { createHash } from "node:crypto";
import { channel } from "node:diagnostics_channel";
import type { Readable } from "node:stream";
import { Pool } from "undici";
import { parseAnswer } from "./answers";
import { type Clock, sleep, systemClock } from "./clock";
import type { Connection } from "./connection";
import { type Attempt, CredentialGate } from "./credential-gate";
import { DeviceError, type DeviceErrorCode } from "./errors";
import { type Failure, failureOfError, failureOfStatus } from "./failures";
import { decide, defaultPolicy, type RetryPolicy } from "./retry";
import { sanitise } from "./sanitise";
import { makeConnector } from "./tls";

export interface DeviceRequest {
  method: "GET" | "PUT" | "POST";
  /** From the root: `/api/v1/status`. */
  path: string;
  headers?: Record<string, string>;
  /** A stream is opened anew for each attempt. */
  body?: Buffer | (() => Readable);
  /** Values that the device may repeat in its words, and that must not be shown. */
  secrets?: readonly string[];
  /** The request may be done twice without harm although it is no GET. */
  idempotent?: boolean;
  /** Where this request waits otherwise than others do. */
  policy?: Partial<RetryPolicy>;
  /** Where the lines about its waits go. Default: the transport's log. */
  waitLog?: (line: string) => void;
}

/** An answer of any 2xx status. */
export interface DeviceAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Published on the channel `pulumi-mediant:request` after each attempt. */
export interface RequestEvent {
  /** The device's label. */
  device: string;
  method: string;
  path: string;
  /** Undefined where no answer came. */
  status?: number;
  /** Milliseconds that it took. */
  ms: number;
}

export interface TransportOptions {
  log?: (line: string) => void;
  clock?: Clock;
  /** 0 <= random() < 1 */
  random?: () => number;
}

const requests = channel("pulumi-mediant:request");
const transports = new Map<string, Transport>();
const warned = new Set<string>();

const connectionsPerDevice = 4;
const idleMs = 4_000;
const largestAnswer = 64 * 1024 * 1024;
const logEveryMs = 30_000;

/** HTTP with one device: one keep-alive pool, one credential, and the waiting for a device that is busy or away. */
export class Transport {
  readonly #pool: Pool;
  readonly #gate: CredentialGate;
  readonly #authorization: string;
  readonly #loggedAt = new Map<string, number>();
  readonly #log: (line: string) => void;
  readonly #clock: Clock;
  readonly #random: () => number;

  /** The same transport for connections that differ in nothing that it uses. */
  static for(connection: Connection): Transport {
    const { name, origin, username, password, tls, timeouts } = connection;
    const key = digest([name, origin, username, password, tls, timeouts]);
    let transport = transports.get(key);
    if (transport === undefined) {
      transport = new Transport(connection);
      transports.set(key, transport);
    }
    return transport;
  }

  constructor(
    private readonly connection: Connection,
    options: TransportOptions = {},
  ) {
    const { name, origin, username, password, tls, timeouts } = connection;
    this.#log = options.log ?? ((line) => console.log(line));
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#gate = CredentialGate.for(origin, username, password);
    this.#authorization = Buffer.from(`${username}:${password}`).toString("base64");
    // Idle sockets of the pool are unref'ed by undici: they keep no process alive.
    this.#pool = new Pool(origin, {
      connect: makeConnector(tls),
      connections: connectionsPerDevice,
      keepAliveTimeout: idleMs,
      headersTimeout: timeouts.requestSeconds * 1000,
      bodyTimeout: timeouts.requestSeconds * 1000,
      maxResponseSize: largestAnswer,
    });
    if (
      tls.insecureSkipVerify &&
      tls.fingerprint256 === undefined &&
      origin.startsWith("https:") &&
      !warned.has(origin)
    ) {
      warned.add(origin);
      this.#log(`[${name}] warning: the certificate of ${origin} is not checked (tls.insecureSkipVerify)`);
    }
  }

  /**
   * Sends a request, waits while the device is busy or away, and sends again what may be sent again.
   * @throws DeviceError for every answer but 2xx; MEDIANT_OUTCOME_UNKNOWN for a write that may have been done
   */
  async request(request: DeviceRequest): Promise<DeviceAnswer> {
    const conflictMs = this.connection.timeouts.conflictSeconds * 1000;
    const policy = { ...defaultPolicy, conflictMs, ...request.policy };
    const failed = new Map<string, number>();
    const started = this.#clock.now();
    for (;;) {
      const attempt = await this.#gate.pass(() => this.#attempt(request));
      if ("answer" in attempt) return attempt.answer;
      const { failure } = attempt;
      const attempts = (failed.get(failure.kind) ?? 0) + 1;
      failed.set(failure.kind, attempts);
      const elapsedMs = this.#clock.now() - started;
      const decision = decide(policy, {
        ...{ method: request.method, idempotent: request.idempotent },
        ...{ kind: failure.kind, detail: failure.detail },
        ...{ attempt: attempts, elapsedMs, random: this.#random() },
      });
      if (decision.action === "lookup") throw this.#unknownOutcome(request, failure);
      if (decision.action === "fail")
        throw this.#error(failure.code, waited(failure, elapsedMs), request, failure);
      this.#announce(decision.waitingFor, elapsedMs, decision.deadlineMs, request.waitLog ?? this.#log);
      await sleep(this.#clock, decision.afterMs);
    }
  }

  async #attempt(request: DeviceRequest): Promise<Attempt<DeviceAnswer>> {
    const started = this.#clock.now();
    const attempt = await this.#exchange(request);
    const event: RequestEvent = {
      device: this.connection.name,
      method: request.method,
      path: request.path,
      status: attempt.status,
      ms: this.#clock.now() - started,
    };
    requests.publish(event);
    if (attempt.status === 401 && "failure" in attempt) {
      const { code, sentence } = attempt.failure;
      throw this.#gate.close(this.#error(code, sentence, request, attempt.failure));
    }
    return attempt;
  }

  async #exchange(request: DeviceRequest): Promise<Attempt<DeviceAnswer>> {
    let status: number | undefined;
    try {
      const { statusCode, headers, body } = await this.#pool.request({
        method: request.method,
        path: request.path,
        headers: {
          authorization: `Basic ${this.#authorization}`,
          // Files come as octet-stream, errors as JSON; one of them alone risks a 406 (LTRT-41760 section 11).
          accept: "application/json, application/octet-stream, */*",
          ...request.headers,
        },
        body: typeof request.body === "function" ? request.body() : request.body,
      });
      if (statusCode >= 200 && statusCode < 300) {
        const bytes = Buffer.from(await body.arrayBuffer());
        return { status: statusCode, answer: { status: statusCode, headers, body: bytes } };
      }
      status = statusCode;
      const words = parseAnswer(Buffer.from(await body.arrayBuffer())).description;
      const description = words === undefined ? undefined : this.#safe(words, request) || undefined;
      return { status, failure: failureOfStatus(request.method, request.path, status, description) };
    } catch (error) {
      // A status that came counts, although the words behind it were lost.
      if (status !== undefined)
        return { status, failure: failureOfStatus(request.method, request.path, status) };
      return { failure: failureOfError(error, this.connection.timeouts.requestSeconds) };
    }
  }

  #safe(words: string, request: DeviceRequest): string {
    return sanitise(words, [this.connection.password, this.#authorization, ...(request.secrets ?? [])]);
  }

  #error(
    code: DeviceErrorCode,
    sentence: string,
    { method, path }: DeviceRequest,
    failure: Failure,
  ): DeviceError {
    const { status, description } = failure;
    return new DeviceError(code, sentence, {
      device: this.connection.name,
      method,
      path,
      status,
      description,
    });
  }

  #unknownOutcome(request: DeviceRequest, failure: Failure): DeviceError {
    const sentence = `whether the device did it is not known: ${failure.sentence}`;
    return this.#error("MEDIANT_OUTCOME_UNKNOWN", sentence, request, failure);
  }

  /** One line when a wait begins, and one each 30 s, however many requests wait for the same. */
  #announce(waitingFor: string, elapsedMs: number, deadlineMs: number, log: (line: string) => void): void {
    const now = this.#clock.now();
    if (now - (this.#loggedAt.get(waitingFor) ?? Number.NEGATIVE_INFINITY) < logEveryMs) return;
    this.#loggedAt.set(waitingFor, now);
    const progress = `${Math.round(elapsedMs / 1000)} s of ${Math.round(deadlineMs / 1000)} s`;
    log(`[${this.connection.name}] waiting for the device: ${waitingFor}, ${progress}`);
  }
}

function waited(failure: Failure, elapsedMs: number): string {
  const seconds = Math.round(elapsedMs / 1000);
  return failure.kind === "permanent" || seconds === 0
    ? failure.sentence
    : `${failure.sentence} (after ${seconds} s)`;
}

/** A key that tells values apart and shows none. */
export function digest(values: unknown): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("base64");
}
