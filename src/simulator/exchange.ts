import type { IncomingMessage, ServerResponse } from "node:http";
import { accepts } from "./accept";
import { type Access, permits } from "./access";
import { type Answer, description, Refusal, type ResetOrder, unauthorised } from "./answer";
import type { Device } from "./device";
import type { Endpoint, Operation } from "./endpoint";
import type { Faults, FaultTarget } from "./faults";
import { isWrite, type RecordedRequest } from "./recorder";
import { type UploadForm, uploadedFile } from "./upload";

export interface ExchangeSettings {
  device: Device;
  access: Access;
  faults: Faults;
  endpoints: readonly Endpoint[];
  /** By the firmware where left out. */
  upload: UploadForm | undefined;
  latencyMs: number;
  restrictOverlap: boolean;
  /** Called once an answer that announces a reset has left, or was lost. */
  reset(order: ResetOrder): void;
}

/** One request on its way through the device. */
interface Visit extends FaultTarget {
  request: IncomingMessage;
  query: URLSearchParams;
  record: RecordedRequest;
  /** Whether another write was in progress when this one arrived. */
  overlaps: boolean;
}

/** The manual's one example of a conflict (LTRT-41760 sections 5.1 and 6). */
const BUSY = "Device is currently performing HA synchronization";

/** Takes each request from its arrival to its answer, in the order in which a device looks at it. */
export class Exchange {
  readonly requests: RecordedRequest[] = [];
  maxConcurrentWrites = 0;
  #writesInProgress = 0;
  readonly #settings: ExchangeSettings;

  constructor(settings: ExchangeSettings) {
    this.#settings = settings;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults } = this.#settings;
    const visit = this.#arrive(request);
    if (faults.take("hang", visit)) {
      request.resume();
      return;
    }
    const answer = await this.#process(visit);
    const cut = !answer || faults.take("loseAnswer", visit) !== undefined;
    visit.record.finishedAt = this.#settings.device.now;
    if (cut) request.socket.destroy();
    else if (faults.take("cutMidBody", visit)) await sendHalf(response, answer);
    else {
      visit.record.status = answer.status;
      await send(response, answer);
    }
    if (answer?.after) this.#settings.reset(answer.after);
  }

  #arrive(request: IncomingMessage): Visit {
    const { url = "/" } = request;
    const [path = "", ...query] = url.split("?");
    const method = request.method ?? "GET";
    const record = { method, path: url, startedAt: this.#settings.device.now, bytes: 0 };
    this.requests.push(record);
    const overlaps = isWrite(method) && this.#writesInProgress > 0;
    return { method, path, request, query: new URLSearchParams(query.join("?")), record, overlaps };
  }

  /** A write is in progress until its answer is ready. Undefined: the connection is to end without an answer. */
  async #process(visit: Visit): Promise<Answer | undefined> {
    const weight = isWrite(visit.method) ? 1 : 0;
    this.#writesInProgress += weight;
    this.maxConcurrentWrites = Math.max(this.maxConcurrentWrites, this.#writesInProgress);
    try {
      return await this.#answer(visit);
    } catch (error) {
      if (error instanceof Refusal)
        return { ...description(error.status, error.message), headers: error.headers };
      if (error instanceof ConnectionCut) return undefined;
      return description(500, `Failure of the simulator: ${String(error)}`);
    } finally {
      this.#writesInProgress -= weight;
    }
  }

  async #answer(visit: Visit): Promise<Answer> {
    const { device, faults, latencyMs, restrictOverlap } = this.#settings;
    const { request, record } = visit;
    const boots = device.boots;
    // Devices choke on `Expect: 100-continue`; a client must not send it.
    if (request.headers.expect !== undefined)
      throw new Refusal(417, "Expectation is not supported", { Connection: "close" });
    const body = await readBody(request);
    record.bytes = body.length;
    const early = faults.take("early", visit);
    if (early) throw early.status === 401 ? unauthorised() : new Refusal(early.status, "Device is starting");
    const operation = this.#authorise(visit);
    const failure = faults.take("fail", visit);
    if (failure) throw new Refusal(failure.status, "Internal failure");
    if (isWrite(visit.method)) {
      record.body = body.toString("utf8");
      if (visit.overlaps && restrictOverlap) throw new Refusal(409, "Another change is in progress");
      if (faults.take("conflict", visit)) throw new Refusal(409, BUSY);
      await pause(latencyMs);
    }
    // A reset ends what was in progress.
    if (device.boots !== boots || faults.take("loseRequest", visit)) throw new ConnectionCut();
    return this.#run(operation, visit, body);
  }

  #authorise({ request, method, path }: Visit): Operation {
    const { access, endpoints } = this.#settings;
    const level = access.levelOf(request.headers.authorization);
    if (level === undefined) throw unauthorised();
    const endpoint = endpoints.find((each) =>
      typeof each.path === "string" ? each.path === path : each.path.test(path),
    );
    if (!endpoint) throw new Refusal(404, "Invalid URL");
    const operation = endpoint.methods[method];
    if (!operation)
      throw new Refusal(405, "Method is not supported", { Allow: Object.keys(endpoint.methods).join(", ") });
    if (!permits(level, operation.level)) throw new Refusal(403, "User is not authorized");
    if (!accepts(request.headers.accept, operation.produces))
      throw new Refusal(406, `The answer is ${operation.produces}`);
    return operation;
  }

  #run(operation: Operation, { request, query, record }: Visit, body: Buffer): Answer {
    const { device, faults, upload } = this.#settings;
    const contentType = request.headers["content-type"] ?? "";
    if (!operation.takesFile) return operation.run({ device, query, contentType, body });
    const file = uploadedFile(contentType, body, upload ?? device.dialect.upload);
    record.body = file.toString("utf8");
    const line = faults.refusedLine(record.body);
    if (line !== undefined) throw new Refusal(400, `Invalid line: ${line}`);
    return operation.run({ device, query, contentType, body: file });
  }
}

/** The client went away, or is to believe that the device did. */
class ConnectionCut extends Error {}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    throw new ConnectionCut();
  }
  return Buffer.concat(chunks);
}

function pause(ms: number): Promise<void> | undefined {
  if (ms <= 0) return undefined;
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function writeHead(response: ServerResponse, answer: Answer): Buffer {
  const body = answer.body ?? Buffer.alloc(0);
  if (answer.contentType) response.setHeader("Content-Type", answer.contentType);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.after?.gracefulTimeout === 0) response.setHeader("Connection", "close");
  response.writeHead(answer.status, { "Content-Length": body.length });
  return body;
}

/** Resolves when the answer was handed to the network, or the client went away. */
function send(response: ServerResponse, answer: Answer): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.once("close", resolve).end(writeHead(response, answer));
  });
}

function sendHalf(response: ServerResponse, answer: Answer): Promise<void> {
  const body = writeHead(response, answer);
  return new Promise((resolve) => {
    response.write(body.subarray(0, body.length >> 1), () => {
      response.destroy();
      resolve();
    });
  });
}
