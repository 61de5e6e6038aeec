import { Refusal } from "../answer";
import type { StreamedFile } from "../bodies/streamed-file";
import type { SoftwareFault } from "../faults";

/** A software load that arrived whole, whatever became of it. */
export interface SoftwareUpload {
  /** In hexadecimal, lower case. */
  sha256: string;
  /** In bytes. */
  size: number;
  hitless: boolean;
}

/** A simulated load says in its first 4 KiB which version it is; of a real one only the device knows. */
export const VERSION = /\d+\.\d{2}[A-Z]\.\d{3}\.\d{3}/;

/** What the device makes of software loads (LTRT-41760 section 6.3). */
export class Software {
  readonly uploads: SoftwareUpload[] = [];
  readonly #takeOutcome: () => SoftwareFault | undefined;

  /** @param takeOutcome how the load that is here now fares, where unlike it should */
  constructor(takeOutcome: () => SoftwareFault | undefined) {
    this.#takeOutcome = takeOutcome;
  }

  /**
   * The version that runs once the load is activated.
   * @param running the version until then
   * @throws Refusal if the file is no load
   */
  take({ sha256, size, head }: StreamedFile, running: string, hitless: boolean): string {
    this.uploads.push({ sha256, size, hitless });
    const version = VERSION.exec(head.toString("latin1"))?.[0];
    const outcome = version === undefined ? "refused" : this.#takeOutcome();
    if (version === undefined || outcome === "refused")
      throw new Refusal(400, "The provided software load is incorrect");
    return outcome === "unchanged" ? running : version;
  }
}
