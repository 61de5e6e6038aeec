import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type Answer,
  description,
  FILE_TYPE,
  isJson,
  Refusal,
  type ResetOrder,
  unauthorised,
} from "../answer";
import type { SettledBehaviour } from "../behaviour";
import { readStreamedFile, type StreamedFile } from "../bodies/streamed-file";
import { type UploadRules, unwrapperFor, uploadedFile } from "../bodies/upload";
import type { Device } from "../device/device";
import type { Endpoint, Operation, StreamOperation } from "../endpoints/endpoint";
import type { Faults, FaultTarget } from "../faults";
import type { After } from "../timers";
import { accepts } from "./accept";
import { type Access, permits } from "./access";
import { ConnectionCut, drain, readWhole, receive } from "./receive";
import { isWrite, type RecordedRequest } from "./recorder";
import { send, sendHalf } from "./respond";

export interface ExchangeSettings {
  device: Device;
  access: Access;
  faults: Faults;
  endpoints: readonly Endpoint[];
  behaviour: SettledBehaviour;
  latencyMs: number;
  restrictOverlap: boolean;
  /** No limit where left out. */
  uploadBytesPerSecond: number | undefined;
  /** Called before an answer that announces a switchover leaves. @param firmware what runs afterwards */
  switchOver(firmware: string): void;
  /** Called once an answer that announces a reset has left, or was lost. */
  reset(order: ResetOrder): void;
  after: After;
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
    faults.passes("before", visit);
    const answer = await this.#process(visit);
    visit.record.outcome = answer?.status;
    faults.passes("after", visit);
    const cut = !answer || faults.take("loseAnswer", visit) !== undefined;
    visit.record.finishedAt = this.#settings.device.now;
    if (answer?.switchTo !== undefined) this.#settings.switchOver(answer.switchTo);
    if (!cut) drain(request, visit.record);
    if (cut) request.socket.destroy();
    else if (faults.take("cutMidBody", visit)) await sendHalf(response, answer);
    else {
      visit.record.status = answer.status;
      const spoilt = answer.status < 300 ? faults.take("spoil", visit)?.spoilt : undefined;
      await send(response, answer, spoilt);
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
    const { device, faults } = this.#settings;
    const { request, record } = visit;
    const { boots } = device;
    const { behaviour } = this.#settings;
    if (!this.#bears(request.headers.expect))
      throw new Refusal(400, "Expectation is not supported", { Connection: "close" });
    // What is refused without its file is not waited for where the file may be large.
    const streams = this.#find(visit)?.takesFile === "streamed";
    if (Number(request.headers["content-length"] ?? 0) > behaviour.largestBodyBytes)
      throw new Refusal(400, "The request is too large");
    const body = streams ? Buffer.alloc(0) : await readWhole(this.#receive(visit));
    const early = faults.take("early", visit);
    if (early) throw early.status === 401 ? unauthorised() : new Refusal(early.status, "Device is starting");
    const operation = this.#authorise(visit);
    this.#readQuery(visit);
    const failure = faults.take("fail", visit);
    if (failure) throw new Refusal(failure.status, "Internal failure");
    if (isWrite(visit.method) && !streams) record.body = body.toString("utf8");
    this.#refuseConflict(visit);
    if (operation.takesFile !== "streamed") {
      await this.#settle(visit, boots);
      return this.#run(operation, visit, body);
    }
    const file = await this.#readStream(visit);
    await this.#settle(visit, boots);
    this.#refuseText(file.head.toString("latin1"));
    return operation.run({ device, file });
  }

  /** The last that may come between a request and its effect. @param boots how often the device had started before */
  async #settle(visit: Visit, boots: number): Promise<void> {
    const { device, faults, latencyMs } = this.#settings;
    if (isWrite(visit.method)) await this.#pause(latencyMs);
    // A reset ends what was in progress.
    if (device.boots !== boots || faults.take("loseRequest", visit)) throw new ConnectionCut();
  }

  /** An expectation other than a 100 is never met. */
  #bears(expect: string | undefined): boolean {
    if (expect === undefined) return true;
    return expect.toLowerCase() === "100-continue" && this.#settings.behaviour.expectContinue !== "refused";
  }

  /** Empty parameters count as not given, if they are borne. */
  #readQuery({ query, record }: Visit): void {
    const empty = [...query].filter(([, value]) => value === "").map(([name]) => name);
    const loose = empty.length > 0 || /[?&](?:&|$)/.test(record.path);
    if (loose && this.#settings.behaviour.looseUrls === "refused")
      throw new Refusal(400, `Invalid parameter: ${empty[0] ?? "it is empty"}`);
    for (const name of empty) query.delete(name);
  }

  #receive(visit: Visit): AsyncIterable<Buffer> {
    const { request, record } = visit;
    if (!this.#find(visit)?.takesFile) return receive(request, { record });
    const cutShare = this.#settings.faults.take("cutUpload", visit)?.share;
    return receive(request, { record, cutShare, bytesPerSecond: this.#settings.uploadBytesPerSecond });
  }

  #readStream(visit: Visit): Promise<StreamedFile> {
    const { headers } = visit.request;
    if (headers["content-length"] === undefined) throw new Refusal(400, "Content-Length is required");
    return readStreamedFile(this.#receive(visit), unwrapperFor(headers["content-type"] ?? "", this.#uploads));
  }

  /** The state of the device does not permit a change now. */
  #refuseConflict(visit: Visit): void {
    const { device, faults, restrictOverlap } = this.#settings;
    if (!isWrite(visit.method)) return;
    if (visit.overlaps && restrictOverlap) throw new Refusal(409, "Another change is in progress");
    if (device.units.upgradeStatus !== "None" || faults.take("conflict", visit)) throw new Refusal(409, BUSY);
  }

  #find({ path, method }: Visit): Operation | StreamOperation | undefined {
    return this.#endpoint(path)?.methods[method];
  }

  #endpoint(path: string): Endpoint | undefined {
    const plain = this.#settings.behaviour.looseUrls === "ignored" ? path.replace(/\/+$/, "") : path;
    return this.#settings.endpoints.find((each) =>
      typeof each.path === "string" ? each.path === plain : each.path.test(plain),
    );
  }

  get #uploads(): UploadRules {
    const { behaviour, device } = this.#settings;
    return { upload: behaviour.upload ?? device.dialect.upload, base64Parts: behaviour.base64Parts };
  }

  #authorise({ request, method, path }: Visit): Operation | StreamOperation {
    const level = this.#settings.access.levelOf(request.headers.authorization);
    if (level === undefined) throw unauthorised();
    const endpoint = this.#endpoint(path);
    if (!endpoint) throw new Refusal(404, "Invalid URL");
    const operation = endpoint.methods[method];
    if (!operation)
      throw new Refusal(405, "Method is not supported", { Allow: Object.keys(endpoint.methods).join(", ") });
    if (!permits(level, operation.level)) throw new Refusal(403, "User is not authorized");
    const anyDownload = operation.produces === FILE_TYPE && this.#settings.behaviour.downloadAccept === "any";
    if (!anyDownload && !accepts(request.headers.accept, operation.produces))
      throw new Refusal(406, `The answer is ${operation.produces}`);
    return operation;
  }

  #run(operation: Operation, visit: Visit, body: Buffer): Answer {
    const { request, path, query, record } = visit;
    const contentType = request.headers["content-type"] ?? "";
    const call = { device: this.#settings.device, path: path.replace(/\/+$/, ""), query, contentType };
    const json = operation.takesFile === "whole unless JSON" && isJson(contentType);
    if (!operation.takesFile || json) return operation.run({ ...call, body });
    const file = uploadedFile(contentType, body, this.#uploads);
    record.body = file.toString("utf8");
    this.#refuseText(record.body);
    const run = () => operation.run({ ...call, body: file });
    const late = this.#settings.faults.take("late", visit);
    const answer = late === undefined ? run() : this.#runLate(run, late.afterMs);
    if (path.endsWith("/incremental")) this.#settings.faults.changed();
    return answer;
  }

  /** The answer is that of a run which is undone at once, and done again later, unless the device starts again before. */
  #runLate(run: () => Answer, afterMs: number): Answer {
    const { device } = this.#settings;
    const { boots } = device;
    const before = device.running.clone();
    const answer = run();
    device.running.assign(before);
    this.#settings.after(afterMs, () => device.boots === boots && run());
    return answer;
  }

  #pause(ms: number): Promise<void> | undefined {
    if (ms <= 0) return undefined;
    return new Promise((resolve) => this.#settings.after(ms, resolve));
  }

  #refuseText(upload: string): void {
    const line = this.#settings.faults.refusedLine(upload);
    if (line !== undefined) throw new Refusal(400, `Invalid line: ${line}`);
  }
}
