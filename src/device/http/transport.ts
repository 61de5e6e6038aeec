import { createHash } from "node:crypto";
import { channel } from "node:diagnostics_channel";
import { sanitise } from "../../text/sanitise";
import { parseAnswer } from "../answers/lenient-json";
import { type Clock, sleep, systemClock } from "../clock";
import type { Connection } from "../connect/connection";
import { DeviceError } from "../errors";
import { defaultLog } from "../log";
import { Device, Slot } from "../shared/device";
import type { Engine } from "../shared/engine-watch";
import type { ResetInProgress, ResetRegister } from "../shared/reset-register";
import { AnswerPatience } from "./answer-patience";
import { type Carrier, largestAnswer, openPool } from "./carrier";
import { type Attempt, CredentialGate } from "./credential-gate";
import { decodeBody } from "./encoding";
import { type Failure, failureOfAnswer, failureOfBusy, failureOfError, failureOfStatus } from "./failures";
import { decide, defaultPolicy, mayOutlastReset, type RetryPolicy } from "./retry";
import { SendingBody, type StreamedBody } from "./sending-body";

export interface DeviceRequest {
  method: "GET" | "PUT" | "POST";
  /** From the root: `/api/v1/status`. */
  path: string;
  headers?: Record<string, string>;
  body?: Buffer | StreamedBody;
  /** Values that the device may repeat in its words, and that must not be shown. They are gone through when it speaks. */
  secrets?: Iterable<string>;
  /** The request may be done twice without harm although it is no GET. */
  idempotent?: boolean;
  /** Where this request waits otherwise than others do. */
  policy?: Partial<RetryPolicy>;
  /**
   * Asked before each attempt: a reason why the device would not take the request now, or undefined. A reason is waited
   * for like a 409, and nothing is sent. What it throws ends the request.
   */
  busyWith?: () => Promise<string | undefined>;
  /**
   * Makes the body anew after each wait, for what it was made of may have changed meanwhile. What it throws ends the
   * request.
   */
  renew?: () => Promise<Buffer>;
  /** Where the lines about its waits go. Default: the transport's log. */
  waitLog?: (line: string) => void;
  /**
   * Its part in a reset of the device, which other requests wait for: what causes it, or a look whether it is over,
   * whose 401 does not close the credential.
   */
  inReset?: "cause" | "look";
  /**
   * Looks at a 2xx answer: what is wrong with it, to follow "200, but "; undefined if it can be used. A read is then
   * sent again like one whose answer was lost.
   */
  proof?: (answer: DeviceAnswer) => string | undefined;
  /** Milliseconds without a byte of the answer after which it is given up. Default: the connection's `requestSeconds`. */
  timeoutMs?: number;
}

/** An answer of any 2xx status. */
export interface DeviceAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Decoded. */
  body: Buffer;
  /** Whether HTTP proves that the body came to its end: it had a length, or came in chunks. */
  isEndProven: boolean;
}

/** Published on the channel `pulumi-mediant:request` after each attempt. */
export interface RequestEvent {
  /** The device's label. */
  device: string;
  method: string;
  path: string;
  /** Undefined if no answer came. */
  status?: number;
  /** Milliseconds that it took. */
  ms: number;
}

export interface TransportOptions {
  log?: (line: string) => void;
  clock?: Clock;
  /** 0 <= random() < 1 */
  random?: () => number;
  /** The engine that the requests are for. Default: none, as outside of a provider process. */
  engine?: Engine;
  /** What the process remembers of the device. Default: nothing yet. */
  device?: Device;
  /** Opens what carries the requests. Default: a pool of connections. */
  open?: (connection: Connection) => Carrier;
}

const requests = channel("pulumi-mediant:request");

/** Whether it was said that the certificate of a device is not checked. */
const WARNED = new Slot(() => ({ told: false }));

const logEveryMs = 30_000;

/** HTTP with one device: one keep-alive pool, one credential, and the waiting for a device that is busy or away. */
export class Transport {
  #carrier: Carrier;
  #carrierGeneration: number;
  readonly #resets: ResetRegister;
  readonly #gate: CredentialGate;
  readonly #authorization: string;
  readonly #loggedAt = new Map<string, number>();
  readonly #log: (line: string) => void;
  readonly clock: Clock;
  readonly device: Device;
  readonly #random: () => number;
  readonly #engine: Engine | undefined;
  readonly #open: (connection: Connection) => Carrier;

  constructor(
    private readonly connection: Connection,
    options: TransportOptions = {},
  ) {
    const { name, origin, username, password, tls } = connection;
    this.#log = options.log ?? defaultLog;
    this.clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#engine = options.engine;
    this.#open = options.open ?? openPool;
    this.device = options.device ?? new Device(this.clock);
    this.#gate = CredentialGate.at(this.device, username, password);
    this.#authorization = Buffer.from(`${username}:${password}`).toString("base64");
    this.#resets = this.device.resets;
    this.#carrier = this.#open(connection);
    this.#carrierGeneration = this.#resets.generation;
    // What is on its way is cut, so that a body of which the end is still here does not arrive whole.
    this.#engine?.gone.addEventListener("abort", () => void this.#carrier.destroy().catch(() => {}));
    const isUnchecked =
      tls.insecureSkipVerify && tls.fingerprint256 === undefined && origin.startsWith("https:");
    const warned = this.device.recall(WARNED);
    if (isUnchecked && !warned.told) {
      warned.told = true;
      this.#log(`[${name}] warning: the certificate of ${origin} is not checked (tls.insecureSkipVerify)`);
    }
  }

  /**
   * Sends a request, waits while the device is busy or away, and sends again what may be sent again.
   * @throws DeviceError if no usable 2xx answer came in the time allowed; MEDIANT_OUTCOME_UNKNOWN for a write that may
   * have been done; MEDIANT_ENGINE_GONE if the run has ended; and what `busyWith` or `renew` throws
   */
  async request(asked: DeviceRequest): Promise<DeviceAnswer> {
    let request = asked;
    const renew = async (): Promise<void> => {
      if (asked.renew !== undefined) request = { ...asked, body: await asked.renew() };
    };
    const conflictMs = this.connection.timeouts.conflictSeconds * 1000;
    const policy = { ...defaultPolicy, conflictMs, ...request.policy };
    const failed = new Map<string, { attempts: number; since: number }>();
    let started = this.clock.now();
    for (;;) {
      const reason = await request.busyWith?.();
      const attempt = reason === undefined ? await this.attempt(request) : { failure: failureOfBusy(reason) };
      if ("answer" in attempt) return attempt.answer;
      const { failure } = attempt;
      // The one that resets must not wait for its own reset.
      const reset = request.inReset === undefined ? this.#resets.current : undefined;
      // What failed because of a reset is no trouble of the request: it starts anew.
      if (reset !== undefined && mayOutlastReset(request, failure.kind)) {
        await this.#outlast(reset, request);
        await renew();
        failed.clear();
        started = this.clock.now();
        continue;
      }
      const now = this.clock.now();
      // What went before the first 409, such as an upload of many minutes, is no part of the wait for it.
      const first = { attempts: 0, since: failure.kind === "busy" ? now : started };
      const { attempts: earlier, since } = failed.get(failure.kind) ?? first;
      const attempts = earlier + 1;
      failed.set(failure.kind, { attempts, since });
      const elapsedMs = now - since;
      const decision = decide(policy, {
        ...{ method: request.method, idempotent: request.idempotent },
        ...{ kind: failure.kind, detail: failure.detail },
        ...{ attempt: attempts, elapsedMs, random: this.#random() },
      });
      if (decision.action === "unknown") throw this.#unknownOutcome(request, failure);
      if (decision.action === "fail") throw this.error(request, failure, waited(failure, elapsedMs));
      this.#announce(decision.waitingFor, elapsedMs, decision.deadlineMs, request.waitLog ?? this.#log);
      await sleep(this.clock, decision.afterMs, this.#engine?.gone);
      await renew();
    }
  }

  /**
   * Sends a request once, after the end of a reset that others wait out.
   * @throws DeviceError MEDIANT_UNAUTHORIZED, if the credential is closed or this closes it
   */
  async attempt(request: DeviceRequest): Promise<Attempt<DeviceAnswer>> {
    if (request.inReset === undefined) {
      for (let reset = this.#resets.current; reset?.holds; reset = this.#resets.current) {
        await this.#outlast(reset, request);
      }
    }
    return this.#gate.pass(() => this.#attempt(request));
  }

  /** The error that a failed attempt at a request means; `sentence` where more is to be told than what happened. */
  error(
    { method, path }: DeviceRequest,
    { status, description, ...failure }: Failure,
    sentence = failure.sentence,
    code = failure.code,
  ): DeviceError {
    const device = this.connection.name;
    return new DeviceError(code, sentence, { device, method, path, status, description });
  }

  /** Closes the credential: from now on everything fails with this error. The one that closed it is returned. */
  closeCredential(refusal: DeviceError): DeviceError {
    return this.#gate.close(refusal);
  }

  async #attempt(request: DeviceRequest): Promise<Attempt<DeviceAnswer>> {
    if (await this.#isObsolete(request)) throw this.#obsolete(request, "not sent");
    const started = this.clock.now();
    const attempt = await this.#exchange(request);
    const event: RequestEvent = {
      device: this.connection.name,
      method: request.method,
      path: request.path,
      status: attempt.status,
      ms: this.clock.now() - started,
    };
    requests.publish(event);
    if (this.#engine?.gone.aborted && "failure" in attempt) throw this.#obsolete(request, "cut off");
    if (attempt.status === 401 && "failure" in attempt && request.inReset !== "look") {
      throw this.closeCredential(this.error(request, attempt.failure));
    }
    return attempt;
  }

  /** Whether nobody waits for it any more. Before a write the engine is looked at, for the end may not be known yet. */
  async #isObsolete({ method }: DeviceRequest): Promise<boolean> {
    if (this.#engine === undefined) return false;
    return this.#engine.gone.aborted || (method !== "GET" && !(await this.#engine.alive()));
  }

  #obsolete(request: DeviceRequest, what: string): DeviceError {
    const sentence = `${what}: the Pulumi run that asked for this has ended`;
    const { name: device } = this.connection;
    const { method, path } = request;
    return new DeviceError("MEDIANT_ENGINE_GONE", sentence, { device, method, path });
  }

  async #exchange(request: DeviceRequest): Promise<Attempt<DeviceAnswer>> {
    const requestMs = this.connection.timeouts.requestSeconds * 1000;
    const { timeoutMs = requestMs, body } = request;
    const plain = Buffer.isBuffer(body) ? body : undefined;
    const sending =
      body === undefined || Buffer.isBuffer(body)
        ? undefined
        : new SendingBody(body, requestMs, this.#engine);
    const failed = (failure: Failure) => sending?.judge(failure) ?? failure;
    const patience = new AnswerPatience(requestMs);
    let status: number | undefined;
    try {
      const answer = await this.#liveCarrier().request({
        method: request.method,
        path: request.path,
        headers: {
          authorization: `Basic ${this.#authorization}`,
          // Files come as octet-stream, errors as JSON; one of them alone risks a 406 (LTRT-41760 section 11).
          accept: "application/json, application/octet-stream, */*",
          ...sending?.headers,
          ...request.headers,
        },
        body: sending?.stream ?? plain,
        signal: patience.signalWith(sending?.signal),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const { statusCode, headers } = answer;
      patience.begin();
      if (statusCode >= 200 && statusCode < 300) {
        const bytes = Buffer.from(await answer.body.arrayBuffer());
        const early = sending?.judgeSuccess(statusCode);
        if (early !== undefined) return { status: statusCode, failure: early };
        return await judged({ status: statusCode, headers, body: bytes }, request);
      }
      status = statusCode;
      const words = parseAnswer(Buffer.from(await answer.body.arrayBuffer())).description;
      const description = words === undefined ? undefined : this.#safe(words, request) || undefined;
      return { status, failure: failed(failureOfStatus(request.method, request.path, status, description)) };
    } catch (error) {
      // A status that came counts, although the words behind it were lost.
      if (status !== undefined)
        return { status, failure: failed(failureOfStatus(request.method, request.path, status)) };
      return { failure: failed(failureOfError(error, Math.round(timeoutMs / 1000))) };
    } finally {
      patience.end();
    }
  }

  #safe(words: string, request: DeviceRequest): string {
    return sanitise(words, [this.connection.password, this.#authorization, ...(request.secrets ?? [])]);
  }

  #unknownOutcome(request: DeviceRequest, failure: Failure): DeviceError {
    const sentence = `it is not known if the device did it: ${failure.sentence}`;
    return this.error(request, failure, sentence, "MEDIANT_OUTCOME_UNKNOWN");
  }

  async #outlast(reset: ResetInProgress, request: DeviceRequest): Promise<void> {
    const elapsedMs = this.clock.now() - reset.startedAt;
    const log = request.waitLog ?? this.#log;
    this.#announce(`reset by ${reset.label}`, elapsedMs, reset.limitMs, log);
    await reset.ended;
  }

  #liveCarrier(): Carrier {
    const { generation } = this.#resets;
    if (this.#carrierGeneration !== generation) {
      // After a reset each socket that was kept is dead, and a write that finds it out has an unknown outcome.
      void this.#carrier.close().catch(() => {});
      this.#carrier = this.#open(this.connection);
      this.#carrierGeneration = generation;
    }
    return this.#carrier;
  }

  /** A line about the device. */
  tell(line: string): void {
    this.#log(`[${this.connection.name}] ${line}`);
  }

  /** One line when a wait begins, and one each 30 s, however many requests wait for the same. */
  #announce(waitingFor: string, elapsedMs: number, deadlineMs: number, log: (line: string) => void): void {
    const now = this.clock.now();
    if (now - (this.#loggedAt.get(waitingFor) ?? Number.NEGATIVE_INFINITY) < logEveryMs) return;
    this.#loggedAt.set(waitingFor, now);
    const progress = `${Math.round(elapsedMs / 1000)} s of ${Math.round(deadlineMs / 1000)} s`;
    log(`[${this.connection.name}] waiting for the device: ${waitingFor}, ${progress}`);
  }
}

/** An answer that was received whole as far as HTTP knows, with its body decoded; or why it cannot be used. */
async function judged(
  received: Omit<DeviceAnswer, "isEndProven">,
  { method, proof }: DeviceRequest,
): Promise<Attempt<DeviceAnswer>> {
  const { status, headers } = received;
  const decoded = await decodeBody(headers["content-encoding"], received.body, largestAnswer);
  if (decoded.fault !== undefined) return { status, failure: failureOfAnswer(status, decoded.fault) };
  const answer = { status, headers, body: decoded.body, isEndProven: provesItsEnd(headers) };
  const fault = proof?.(answer) ?? (method === "GET" ? undefined : foreignWords(answer));
  return fault === undefined ? { status, answer } : { status, failure: failureOfAnswer(status, fault) };
}

/** What shows that the answer to a write is not the device's: a login page of something between, which did nothing. */
function foreignWords({ body }: DeviceAnswer): string | undefined {
  const start = body.subarray(0, 256).toString("latin1").trimStart().toLowerCase();
  return start.startsWith("<!doctype html") || start.startsWith("<html")
    ? "the answer is a web page; does url name the device?"
    : undefined;
}

function provesItsEnd(headers: DeviceAnswer["headers"]): boolean {
  return headers["content-length"] !== undefined || /chunked/i.test(String(headers["transfer-encoding"]));
}

function waited(failure: Failure, elapsedMs: number): string {
  const seconds = Math.round(elapsedMs / 1000);
  return failure.kind === "permanent" || failure.kind === "cut" || seconds === 0
    ? failure.sentence
    : `${failure.sentence} (after ${seconds} s)`;
}

/** A key that tells values apart and shows none. */
export function digest(values: unknown): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("base64");
}
