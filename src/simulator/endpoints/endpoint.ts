import { type Answer, FILE_TYPE, JSON_TYPE } from "../answer";
import type { StreamedFile } from "../bodies/streamed-file";
import type { UserLevel } from "../config/factory";
import type { Device } from "../device/device";

/** A request that reached its endpoint: authenticated, permitted, read to its end. */
export interface Call {
  device: Device;
  /** After the host, without the query. */
  path: string;
  query: URLSearchParams;
  contentType: string;
  /** The body as sent; for an upload, the file in it. */
  body: Buffer;
}

/** A call whose file went by, and was not kept. */
export interface StreamCall {
  device: Device;
  file: StreamedFile;
}

interface Method {
  /** The least privilege level that may call it. */
  level: UserLevel;
  /** The content type of the answer, which `Accept` must not exclude. */
  produces: typeof JSON_TYPE | typeof FILE_TYPE;
}

/** One method of one resource. */
export interface Operation extends Method {
  /** Whether the body is a file, sent raw or as multipart. */
  takesFile?: "whole" | "whole unless JSON";
  run(call: Call): Answer;
}

/** A method that takes a file too large to be held. */
export interface StreamOperation extends Method {
  takesFile: "streamed";
  run(call: StreamCall): Answer;
}

export interface Endpoint {
  /** After the host; a pattern must match it whole. */
  path: string | RegExp;
  methods: Record<string, Operation | StreamOperation>;
}

/** The methods of what is only read, in JSON, by every user. */
export const reading = (run: Operation["run"]): Endpoint["methods"] => ({
  GET: { level: "Monitor", produces: JSON_TYPE, run },
});

/** The download of a configuration, for administrators. */
export const downloading = (text: (device: Device) => string): Operation => ({
  level: "Administrator",
  produces: FILE_TYPE,
  run: ({ device }) => ({ status: 200, body: Buffer.from(text(device)), contentType: FILE_TYPE }),
});
