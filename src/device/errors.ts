/** What went wrong, for programs to tell apart; the names stay. */
export type DeviceErrorCode =
  | "MEDIANT_UNAUTHORIZED" // 401: nothing further is sent with this credential
  | "MEDIANT_FORBIDDEN" // 403
  | "MEDIANT_REFUSED" // 400, and other 4xx without a name of their own
  | "MEDIANT_NOT_FOUND" // 404
  | "MEDIANT_NOT_ALLOWED" // 405
  | "MEDIANT_NOT_ACCEPTABLE" // 406
  | "MEDIANT_CONFLICT" // 409, also after it was waited for
  | "MEDIANT_DEVICE_FAILURE" // 5xx
  | "MEDIANT_REDIRECT" // 3xx
  | "MEDIANT_UNREACHABLE" // no connection, or one that broke
  | "MEDIANT_TIMEOUT" // connected, but no answer; or a device that did not come back from a reset in time
  | "MEDIANT_TLS" // the certificate is not trusted, or the handshake failed
  | "MEDIANT_BAD_ANSWER" // an answer that is not the device's API
  | "MEDIANT_OUTCOME_UNKNOWN" // a write whose answer was lost: look before you send it again
  | "MEDIANT_UPLOAD_CUT" // an upload that broke off before the device had the whole file: nothing was done
  | "MEDIANT_FILE" // a file of this machine that changed while it was sent
  | "MEDIANT_ENGINE_GONE" // the Pulumi run that the request was for has ended: nothing more is sent
  | "MEDIANT_CONNECTION"; // the settings, the credentials file or the environment

/** Where an error came from, and what the device said. */
export interface DeviceErrorPlace {
  /** The device's label. */
  device: string;
  method?: string;
  /** Path on the device, with the API prefix. */
  path?: string;
  /** HTTP status, where there was an answer. */
  status?: number;
  /** The device's own words, made safe to show. */
  description?: string;
}

const brand = Symbol.for("pulumi-mediant.error");

/** A failure on the way to a device or told by it. The message is one sentence and holds no secret. */
export class DeviceError extends Error {
  readonly code: DeviceErrorCode;
  /** What happened: the message without the device and the request. */
  readonly sentence: string;
  readonly device: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly description?: string;

  constructor(code: DeviceErrorCode, sentence: string, place: DeviceErrorPlace) {
    const request = place.method === undefined ? "" : `${place.method} ${place.path ?? ""}: `;
    super(`[${place.device}] ${request}${sentence}`);
    this.name = "DeviceError";
    this.code = code;
    this.sentence = sentence;
    this.device = place.device;
    this.method = place.method;
    this.path = place.path;
    this.status = place.status;
    this.description = place.description;
    // The engine prints the stack of what it catches; frames of ours say nothing to the user.
    this.stack = this.message;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether it is a DeviceError, also one of another copy of this package in the process. */
export function isDeviceError(error: unknown): error is DeviceError {
  return typeof error === "object" && error !== null && brand in error;
}

/** The privilege level that a request needs; undefined for paths of no known level. Later editions of LTRT-41760, section 2. */
export function privilegeLevel(method: string, path: string): string | undefined {
  const resource = /^\/api\/v1\/(\w+)/.exec(path)?.[1];
  switch (resource) {
    case "actions":
    case "files":
      return "Administrator";
    case "license":
      return method === "GET" ? "Administrator" : "Security Administrator";
    case "status":
    case "alarms":
    case "kpi":
    case "performanceMonitoring":
      return "Monitor";
    default:
      return undefined;
  }
}
