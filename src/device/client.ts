import type { AuxiliaryKind } from "../declare/auxiliary-kinds";
import { type License, parseLicense } from "./answers/license";
import { type DeviceStatus, parseStatus, upgradeInProgress } from "./answers/status";
import { cutOffJson, noWholeJson } from "./answers/whole-json";
import type { Connection } from "./connect/connection";
import { badAnswer } from "./http/bad-answer";
import { failureOfBusy } from "./http/failures";
import { type DeviceAnswer, type DeviceRequest, Transport } from "./http/transport";
import { KEPT_BEFORE } from "./kept-before";
import { defaultResetPolicy } from "./reset/phase";
import { saveConfiguration } from "./reset/save";
import { Starts } from "./reset/starts";
import { type SoftwareOrder, softwareWait, upgradeWait } from "./reset/upgrade";
import { type ResetCause, type ResetOutcome, type ResetWait, ResetWaiter } from "./reset/waiter";
import type { Device } from "./shared/device";
import type { FileUpload } from "./upload/file-sender";
import type { SourceFile } from "./upload/source-file";
import { type Upload, Uploads } from "./upload/uploads";
import { type Doubt, INI, SCRIPT, WholeDocument } from "./whole-document";

const paths = {
  status: "/api/v1/status", // LTRT-41760 section 8
  ini: INI.path, // section 6.1.1
  incrementalIni: "/api/v1/files/ini/incremental", // section 6.1.2
  cliScript: SCRIPT.path, // section 6.2.1
  incrementalCliScript: "/api/v1/files/cliScript/incremental", // section 6.2.2
  software: "/api/v1/files/software", // section 6.3
  hitlessSoftware: "/api/v1/files/software/hitless", // section 6.3.1
  files: "/api/v1/files", // section 6.4: auxiliary files by their kind
  license: "/api/v1/license", // section 10
  reset: "/api/v1/actions/reset", // section 5.1
};

/** How many times `requestSeconds` a device may take for its answer when it has a whole software load. */
const softwareAnswerFactor = 5;

/** A device that has the key already may answer as always and not reset: that is not to cost the usual minute. */
const licenseBeginSeconds = 20;

/** What `POST /actions/reset` is told. LTRT-41760 section 5.1. */
export interface ResetAttributes {
  /** Whether the running configuration is stored first. Default of the device: true. */
  saveConfiguration?: boolean;
  /** 0: at once, the device's default. 1: when all calls have ended. n: then, but after n seconds at the latest. */
  gracefulTimeout?: number;
}

/** An answer that is to be read by whoever asked. */
export interface RawAnswer {
  status: number;
  /** Empty at 204. */
  body: Buffer;
}

/** The endpoints of one device. Every method throws DeviceError; any 2xx is success, judged by what is read back. */
export class DeviceClient {
  readonly uploads: Uploads;
  readonly #resets: ResetWaiter;
  readonly #ini: WholeDocument;
  readonly #script: WholeDocument;
  readonly #starts = new Starts();
  #seen: Promise<DeviceStatus> | undefined;

  constructor(
    readonly connection: Connection,
    readonly transport = new Transport(connection),
    resetPolicy = defaultResetPolicy,
  ) {
    this.uploads = new Uploads(transport, connection, (inReset) => this.#status(inReset));
    this.#ini = new WholeDocument(transport, INI);
    this.#script = new WholeDocument(transport, SCRIPT);
    this.#resets = new ResetWaiter(transport, connection, paths.status, resetPolicy);
  }

  /** What the process remembers of the device. */
  get device(): Device {
    return this.transport.device;
  }

  /** @throws DeviceError MEDIANT_BAD_ANSWER if what answers is no Mediant */
  status(): Promise<DeviceStatus> {
    return this.#status();
  }

  async #status(inReset?: DeviceRequest["inReset"]): Promise<DeviceStatus> {
    const answer = await this.transport.request({
      method: "GET",
      path: paths.status,
      inReset,
      proof: cutOffJson,
    });
    const status = parseStatus(answer.body);
    if (status === undefined) throw badAnswer(this, paths.status, answer.status, "no status of a device");
    this.#saw(status);
    return status;
  }

  /**
   * The status as this process saw it last, whoever asked; asked for only if none did. It tells which device this
   * is, not how it is now.
   * @param wait how a device that is away is waited for; without it that is an error
   */
  seen(wait?: ResetWait): Promise<DeviceStatus> {
    if (this.#seen === undefined) {
      const asked = wait === undefined ? this.#status() : this.awaken(wait);
      this.#seen = asked;
      asked.catch(() => {
        if (this.#seen === asked) this.#seen = undefined;
      });
    }
    return this.#seen;
  }

  /** As `seen`, asked anew: what it tells of itself may have changed. */
  async seenAgain(): Promise<DeviceStatus> {
    return this.#saw(await this.#status());
  }

  /** After a reset it may be another firmware. */
  #runsNow(status: DeviceStatus): DeviceStatus {
    this.uploads.forget();
    return this.#saw(status);
  }

  #saw(status: DeviceStatus): DeviceStatus {
    this.uploads.expect(status.version);
    this.#starts.saw(status);
    this.#seen = Promise.resolve(status);
    return status;
  }

  /**
   * The status of a device that may be away because it starts: waits until it answers.
   * @throws DeviceError MEDIANT_TIMEOUT if it does not come back; in this process it is not waited for again
   */
  async awaken(wait: ResetWait): Promise<DeviceStatus> {
    return this.#saw(await this.#resets.awaken(wait));
  }

  /**
   * The status of a device that is neither away nor at an upgrade that an earlier run has begun: both are waited for.
   * @throws DeviceError as awaken; MEDIANT_CONFLICT if the upgrade shows no end within `resetSeconds`
   */
  async settled(wait: ResetWait): Promise<DeviceStatus> {
    const before = await this.awaken(wait);
    if (!upgradeInProgress(before)) return before;
    const settled = await this.#resets.settle(before, { ...wait, ...upgradeWait(before) });
    const status = this.#runsNow(settled);
    if (!upgradeInProgress(status)) return status;
    const busy = failureOfBusy(`upgradeStatus ${status.upgradeStatus}`);
    throw this.transport.error({ method: "GET", path: paths.status }, busy);
  }

  /** One of the listings: `/api`, `/api/v1`, `/api/v1/actions`. LTRT-41760 sections 3 to 7. */
  async get(path: `/api${string}`): Promise<RawAnswer> {
    const { status, body } = await this.transport.request({ method: "GET", path, proof: noWholeJson });
    return { status, body };
  }

  /**
   * The whole running configuration, read now.
   * @param doubt why the caller cannot rely on one read; two that agree are then needed
   * @throws DeviceError MEDIANT_BAD_ANSWER if it is not whole, also when asked again
   */
  async ini(doubt?: Doubt): Promise<Buffer> {
    const dump = await this.#ini.read(doubt);
    this.#keep("ini", dump);
    return dump;
  }

  /** The whole running configuration as a CLI script, read now. As `ini`. */
  async cliScript(doubt?: Doubt): Promise<Buffer> {
    const script = await this.#script.read(doubt);
    this.#keep("cli", script);
    return script;
  }

  #keep(ending: "ini" | "cli", document: Buffer): void {
    if (this.connection.keepBefore !== undefined) this.device.recall(KEPT_BEFORE).saw(ending, document);
  }

  /** Writes what the device held before this process first changes it to the folder `keepBefore`, if there is one. */
  async #keepBefore(): Promise<void> {
    const { keepBefore } = this.connection;
    if (keepBefore === undefined) return;
    for (const file of await this.device.recall(KEPT_BEFORE).keep(this.connection, keepBefore))
      this.transport.tell(`kept what it held before: ${file}`);
  }

  /**
   * Applies a partial configuration; no reset.
   * @param secrets the file's secret values, for the device may repeat them in its words
   * @param renew makes the file anew after each wait; what it throws ends the upload
   * @throws DeviceError MEDIANT_OUTCOME_UNKNOWN if the answer was lost: look what the device holds
   */
  async putIncrementalIni(
    body: Buffer,
    secrets: Iterable<string>,
    renew?: () => Promise<Buffer>,
  ): Promise<void> {
    // What was read while it waited is outdated by what is sent now.
    const renewed = async (file: Promise<Buffer>) => {
      const fresh = await file;
      this.device.cache.drop();
      return fresh;
    };
    const upload = {
      path: paths.incrementalIni,
      fileName: "ini.ini",
      file: body,
      secrets,
      renew: renew && (() => renewed(renew())),
    };
    await this.#change(upload);
  }

  /**
   * Runs a CLI script; no reset. What the commands printed, and whether they succeeded, is in the answer's body.
   * @throws DeviceError MEDIANT_OUTCOME_UNKNOWN if the answer was lost: some or all of it may have run
   */
  async putIncrementalCliScript(body: Buffer, secrets: readonly string[]): Promise<RawAnswer> {
    const upload = { path: paths.incrementalCliScript, fileName: "cli.txt", file: body, secrets };
    const answer = await this.#change(upload);
    return { status: answer.status, body: answer.body };
  }

  /** Replaces the whole configuration, which resets the device, and waits until it is back. @throws as ResetWaiter.perform */
  putIni(body: Buffer, secrets: readonly string[], wait: ResetWait): Promise<ResetOutcome> {
    return this.#uploadAndReset({ path: paths.ini, fileName: "ini.ini", file: body, secrets }, wait);
  }

  /** Replaces the whole configuration by a CLI script, which resets the device, and waits until it is back. @throws as ResetWaiter.perform */
  async putCliScript(
    body: Buffer,
    secrets: readonly string[],
    wait: ResetWait,
  ): Promise<ResetOutcome & { said: RawAnswer | undefined }> {
    const upload = { path: paths.cliScript, fileName: "cli.txt", file: body, secrets };
    let said: RawAnswer | undefined;
    const outcome = await this.#uploadAndReset(upload, wait, (answer) => {
      said = answer;
    });
    return { ...outcome, said };
  }

  /**
   * Loads software, and waits until the device runs it, or shows that it does not. Read `status.version`. The file is
   * read while it is sent; lines tell how far it is. LTRT-41760 sections 6.3 and 6.3.1.
   *
   * Plain, the device resets. Hitless, it answers all the time but at the switchover, and serial number and address
   * may be the other unit's afterwards; where its firmware has no `upgradeStatus`, a new version that does not show is
   * waited for until `resetSeconds` are over.
   *
   * For its answer, when it has the whole file, the device has five times `requestSeconds`: it checks and burns it.
   * @throws as ResetWaiter.perform. MEDIANT_FILE if the file changed, and MEDIANT_UPLOAD_CUT if the connection
   *   broke on the way: the device never had the whole file
   */
  async putSoftware(file: SourceFile, order: SoftwareOrder, wait: ResetWait): Promise<ResetOutcome> {
    const path = order.hitless ? paths.hitlessSoftware : paths.software;
    const { label, log } = wait;
    const timeoutMs = softwareAnswerFactor * this.connection.timeouts.requestSeconds * 1000;
    const before = await this.awaken(wait);
    const upload: FileUpload = { path, file, label, log, timeoutMs, before, inReset: "cause" };
    const send = () => this.uploads.putFile(upload);
    return this.#resetFrom(
      before,
      { method: "PUT", path, send },
      { ...wait, ...softwareWait(order, before) },
    );
  }

  /**
   * Loads an auxiliary file, which is read while it is sent; no reset. It cannot be read back. LTRT-41760 section 6.4.
   * If the answer is lost it is sent once more, for the same file twice does no harm.
   * @throws DeviceError MEDIANT_OUTCOME_UNKNOWN if that answer is lost as well; MEDIANT_FILE and MEDIANT_UPLOAD_CUT
   *   as putSoftware
   */
  async putAuxiliaryFile(
    kind: AuxiliaryKind,
    file: SourceFile,
    told: { label: string; log?: (line: string) => void },
  ): Promise<void> {
    const before = await this.status();
    const upload = { ...told, path: `${paths.files}/${kind}`, file, before, harmlessTwice: true };
    await this.#write(() => this.uploads.putFile(upload));
  }

  /** The licence, read now. @throws DeviceError MEDIANT_BAD_ANSWER if the answer is something else */
  async license(): Promise<License> {
    const answer = await this.transport.request({
      method: "GET",
      path: paths.license,
      proof: cutOffJson,
    });
    const license = parseLicense(answer.body);
    if (license === undefined) throw badAnswer(this, paths.license, answer.status, "no licence");
    return license;
  }

  /**
   * Sends a licence key as JSON, which a unit of a pair does not take, and waits for the reset. LTRT-41760 section 10.
   * A device that has the key already may not reset: `wentDown` is false then. Read the licence back.
   * @param license `serialNumber`: if it is not the device's, the device refuses the key
   * @throws as ResetWaiter.perform; MEDIANT_CONFLICT at once where the device is one of a pair
   */
  putLicenseKey(license: { key: string; serialNumber?: string }, wait: ResetWait): Promise<ResetOutcome> {
    const { key, serialNumber } = license;
    const request: DeviceRequest = {
      method: "PUT",
      path: paths.license,
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify({ licenseVersion: 1, serialNumber, key })),
      secrets: [key],
      inReset: "cause",
    };
    const send = () => this.transport.request(request);
    return this.#reset({ ...request, send }, { beginSeconds: licenseBeginSeconds, ...wait });
  }

  /**
   * Sends a licence file, of which each unit takes the key for its serial number, and waits for the reset.
   * LTRT-41760 section 10. As with `putLicenseKey`, there may be none.
   * @param secrets the keys in the file, for the device may repeat them in its words
   * @throws as ResetWaiter.perform
   */
  putLicenseFile(
    file: Buffer,
    fileName: string,
    secrets: readonly string[],
    wait: ResetWait,
  ): Promise<ResetOutcome> {
    const upload = { path: paths.license, fileName, file, secrets };
    return this.#uploadAndReset(upload, { beginSeconds: licenseBeginSeconds, ...wait });
  }

  /** Resets the device and waits until it is back; calls may go on for `gracefulTimeout` before. @throws as ResetWaiter.perform */
  reset(attributes: ResetAttributes, wait: ResetWait): Promise<ResetOutcome> {
    const { saveConfiguration, gracefulTimeout } = attributes;
    const request: DeviceRequest = {
      method: "POST",
      path: paths.reset,
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify({ saveConfiguration, gracefulTimeout })),
      inReset: "cause",
    };
    const cause = { ...request, send: () => this.transport.request(request) };
    return this.#reset(cause, { ...wait, drainSeconds: wait.drainSeconds ?? gracefulTimeout });
  }

  /** Stores the running configuration in flash. @throws as `saveConfiguration` of `reset/save.ts` */
  saveConfiguration(): Promise<void> {
    return saveConfiguration(this.transport, this.#starts, () => this.status());
  }

  /** An upload that changes the configuration. */
  #change(upload: Upload): Promise<DeviceAnswer> {
    return this.#write(async () => {
      await this.#keepBefore();
      return this.uploads.put({ ...upload, onSend: () => this.#starts.mark() });
    });
  }

  /** Documents that were read before a write, or during it, may be outdated: nobody gets them afterwards. */
  async #write<R>(run: () => Promise<R>): Promise<R> {
    const { cache } = this.device;
    cache.drop();
    this.#starts.mark();
    try {
      return await run();
    } finally {
      cache.drop();
    }
  }

  #uploadAndReset(
    upload: Upload,
    wait: ResetWait,
    onAnswer?: (answer: RawAnswer) => void,
  ): Promise<ResetOutcome> {
    const { path } = upload;
    const send = async () => {
      await this.#keepBefore();
      const answer = await this.uploads.put({ ...upload, inReset: "cause" });
      onAnswer?.(answer);
    };
    return this.#reset({ method: "PUT", path, send }, wait);
  }

  /** A device that is away when we come is waited for first. */
  async #reset(cause: ResetCause, wait: ResetWait): Promise<ResetOutcome> {
    return this.#resetFrom(await this.awaken(wait), cause, wait);
  }

  async #resetFrom(before: DeviceStatus, cause: ResetCause, wait: ResetWait): Promise<ResetOutcome> {
    // Asked in the middle of the reset, the firmware would be waited for until its end.
    this.uploads.expect(before.version);
    try {
      const outcome = await this.#write(() => this.#resets.perform(cause, before, wait));
      this.#runsNow(outcome.status);
      return outcome;
    } catch (error) {
      this.uploads.forget();
      throw error;
    }
  }
}
