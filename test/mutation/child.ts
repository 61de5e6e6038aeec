import { type Failed, failing, loadedSources } from "./suite";

/** What the parent asks for: the files as they are, or with a change. */
export interface Question {
  tests: string[];
  /** Tests that fail unchanged, since few cases are tried. */
  passedOver: string[];
  change?: { file: string; text: string };
}

export interface Verdict {
  failed?: Failed | undefined;
  /** All that failed unchanged. */
  passedOver?: string[];
  loaded?: string[];
}

process.on("message", async ({ tests, change, passedOver }: Question) => {
  const names = new Set(passedOver);
  let failed = await failing(tests, change, names);
  while (failed !== undefined && change === undefined && !names.has(failed.name)) {
    names.add(failed.name);
    failed = await failing(tests, change, names);
  }
  const unchanged = change === undefined ? { loaded: loadedSources(), passedOver: [...names] } : {};
  process.send?.({ failed, ...unchanged } satisfies Verdict);
});
process.on("unhandledRejection", () => undefined);
