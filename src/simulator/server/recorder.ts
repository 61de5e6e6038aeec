/** A request that reached the device, refused ones included. */
export interface RecordedRequest {
  method: string;
  /** With its query. */
  path: string;
  /** Undefined while it runs, and where no whole answer was sent. */
  status?: number;
  /** The status of the answer that it made, also if that was lost or changed on its way. */
  outcome?: number;
  /** Milliseconds since the epoch, by the clock of the simulator. */
  startedAt: number;
  finishedAt?: number;
  /** Length of the request's body, as far as it arrived. */
  bytes: number;
  /** The body of a PUT or POST; for an upload, the file in it. Software loads and auxiliary files are not kept. */
  body?: string;
}

/** Reads; all else counts as a write. */
export const isWrite = (method: string): boolean => !["GET", "HEAD", "OPTIONS"].includes(method);
