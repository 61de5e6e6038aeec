import type { Answer, FILE_TYPE, JSON_TYPE } from "./answer";
import type { Device } from "./device";
import type { UserLevel } from "./factory";

/** A request that reached its endpoint: authenticated, permitted, read to its end. */
export interface Call {
  device: Device;
  query: URLSearchParams;
  contentType: string;
  /** The body as sent; for an upload, the file in it. */
  body: Buffer;
}

/** One method of one resource. */
export interface Operation {
  /** The least privilege level that may call it. */
  level: UserLevel;
  /** The content type of the answer, which `Accept` must not exclude. */
  produces: typeof JSON_TYPE | typeof FILE_TYPE;
  /** Whether the body is a file, sent raw or as multipart. */
  takesFile?: boolean;
  run(call: Call): Answer;
}

export interface Endpoint {
  /** After the host; a pattern must match it whole. */
  path: string | RegExp;
  methods: Partial<Record<string, Operation>>;
}
