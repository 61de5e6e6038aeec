/** A reset, and when it comes (LTRT-41760 section 5.1). */
export interface ResetOrder {
  /** 0: at once; 1: when all calls have ended; n: then too, but after n seconds at the latest. */
  gracefulTimeout: number;
  /** Whether the running configuration goes to flash first. */
  save: boolean;
  /** The version that it comes back with; the one that it runs where left out. */
  firmware?: string;
}

export interface Answer {
  status: number;
  /** Undefined: an empty body, without a content type. */
  body?: Buffer;
  contentType?: string;
  headers?: Record<string, string>;
  /** What the device does once it has answered. */
  after?: ResetOrder;
  /** The version that a pair takes over by a switchover, in place of a reset (LTRT-41760 section 6.3.1). */
  switchTo?: string;
}

export const JSON_TYPE = "application/json";
export const FILE_TYPE = "application/octet-stream";

export const isJson = (contentType: string): boolean => contentType.toLowerCase().startsWith(JSON_TYPE);

/** What the device refuses to do: a status and the sentence that it answers with. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, description: string, headers: Record<string, string> = {}) {
    super(description);
    this.status = status;
    this.headers = headers;
  }
}

/** An answer in JSON; a text is sent as it is, for what is not quite JSON. */
export function json(status: number, value: unknown): Answer {
  const text = typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
  return { status, body: Buffer.from(text), contentType: JSON_TYPE };
}

export const description = (status: number, text: string): Answer => json(status, { description: text });

/** The answer to a whole configuration, with which the device then starts (LTRT-41760 sections 6.1.1 and 6.2.1). */
export const wholeConfigurationTaken = (): Answer => ({
  ...description(200, "Device will reset now to activate new configuration"),
  after: { gracefulTimeout: 0, save: false },
});

export const unauthorised = (): Refusal =>
  new Refusal(401, "Unauthorized", { "WWW-Authenticate": 'Basic realm="Mediant"' });
