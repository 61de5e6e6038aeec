/** The texts that states hold, as they were pinned: with each release they become permanent. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { REPOSITORY } from "./install";
import type { Form } from "./layouts";

const PINNED = join(REPOSITORY, "test", "fixtures", "thunks");

/** The file of a thunk, without its ending: `FullIniConfig` is `full-ini-config`. */
export function thunkName(type: string): string {
  return type.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
}

export function pinnedFile(thunk: string, form: Form): string {
  return join(PINNED, `${thunk}.${form}.txt`);
}

export function pinnedText(thunk: string, form: Form): Promise<string> {
  return readFile(pinnedFile(thunk, form), "utf8");
}

/** The thunks of which texts are pinned, sorted. */
export async function pinnedThunks(form: Form): Promise<string[]> {
  const ending = `.${form}.txt`;
  const files = (await readdir(PINNED)).filter((file) => file.endsWith(ending));
  return files.map((file) => file.slice(0, -ending.length)).sort();
}
