import type { DeviceClient } from "../device/client";
import { formOfFirmware } from "../device/upload/uploads";
import { decodeIni } from "../ini/encoding";
import { observe } from "../ini/observe";
import { messageOf } from "../text/message";
import { sanitise } from "../text/sanitise";
import { differences } from "./compare";
import { Lab } from "./lab";
import { OWN, PLACES, type Place } from "./place";
import { type FirmwareProfile, incrementalTablesOf } from "./profile";
import { type Known, QUESTIONS, type Question, type Seen } from "./questions";

export interface ProbeOptions {
  log: (line: string) => void;
  /** Ends the questions; what was written is put back all the same. */
  signal?: AbortSignal;
}

/** How often rows of ours are taken away before they are given up. */
const PUT_BACK_ATTEMPTS = 3;

/**
 * Asks a device in a lab what no manual says. Writes rows of its own into a table that has none, never saves, takes
 * them away again, and compares the configuration with the one before.
 * @throws if no table is free, a question fails, or the device is not as it was: the message says what remains
 */
export async function probe(client: DeviceClient, { log, signal }: ProbeOptions): Promise<FirmwareProfile> {
  const status = await client.status();
  const dumps: [string, string] = [await dumpOf(client), await dumpOf(client)];
  const place = freePlace(dumps[0]);
  const { longHeaders } = observe(dumps[0]);
  const lab = new Lab(client, place, { long: longHeaders }, formOfFirmware(status.version));
  const answers: Record<string, string | number> = {};
  const notes: string[] = [];
  let failure: unknown;
  try {
    for (const question of QUESTIONS) {
      if (signal?.aborted) throw new Error("interrupted");
      await askOne(lab, question, { answers, dumps }, notes, log);
    }
  } catch (error) {
    failure = error;
  }
  await leaveAsFound(lab, dumps[0], failure);
  return {
    profile: 1,
    firmware: status.version ?? "unknown",
    product: status.productType === undefined ? undefined : sanitise(status.productType),
    table: place.table,
    incrementalTables: incrementalTablesOf(answers),
    answers,
    obscured: obscuredNames(dumps[0]),
    notes,
  };
}

async function dumpOf(client: DeviceClient): Promise<string> {
  return decodeIni(await client.ini()).text;
}

/** The first harmless table without rows: what becomes of rows that are left out is asked of our own alone. */
function freePlace(dump: string): Place {
  const { tables } = observe(dump);
  const free = PLACES.find(({ table }) => (tables.get(table)?.rows.size ?? 0) === 0);
  if (free !== undefined) return free;
  const names = PLACES.map(({ table }) => table).join(" and ");
  throw new Error(
    `${names} have rows, and the probe writes into an empty table alone, so that it can lose no row of yours: ` +
      `empty one of them on the lab device (rows named ${OWN}-… are left from a probe that was killed)`,
  );
}

async function askOne(
  lab: Lab,
  question: Question,
  known: Known & { answers: Record<string, string | number> },
  notes: string[],
  log: (line: string) => void,
): Promise<void> {
  const { id } = question;
  const unless = question.unless?.(known);
  if (unless !== undefined) {
    notes.push(`${id}: not asked, ${unless}`);
    return;
  }
  const left = await lab.putBack();
  if (left.length > 0) throw new Error(`the device keeps the rows ${left.join(", ")} of ${lab.place.table}`);
  const seen: Seen[] = [];
  for (const step of question.steps(lab.place, lab.header)) {
    const one = await lab.take(step);
    seen.push(one);
    if (question.stopsAtRefusal && one.status >= 400) break;
  }
  const { answer, note } = question.judge(seen, lab.place, known);
  if (answer !== undefined) known.answers[id] = answer;
  if (note !== undefined) notes.push(`${id}: ${note}`);
  log(`${id.padEnd(18)}${answer ?? "not known"}${note === undefined ? "" : ` (${note})`}`);
  if (id !== "upload") return;
  if (answer === undefined) throw new Error(note);
  lab.form = answer === "raw" ? "raw" : "multipart";
}

/** @throws the failure, or that the device is not as it was found */
async function leaveAsFound(lab: Lab, before: string, failure: unknown): Promise<void> {
  const remains = await takeAway(lab, before);
  const why = failure instanceof Error ? failure.message : failure === undefined ? "" : String(failure);
  if (remains !== undefined) throw new Error([why, remains].filter((each) => each !== "").join("; "));
  if (failure !== undefined) throw new Error(`${why}; what was written is put back, nothing was saved`);
}

/** What remains on the device, in a sentence; undefined if it is as it was. */
async function takeAway(lab: Lab, before: string): Promise<string | undefined> {
  let trouble = "";
  for (let attempt = 0; attempt < PUT_BACK_ATTEMPTS; attempt++) {
    try {
      const left = await lab.putBack();
      if (left.length > 0) {
        trouble = `the device keeps the rows ${left.join(", ")} of ${lab.place.table}`;
        continue;
      }
      const different = differences(before, await lab.dump());
      if (different.length === 0) return undefined;
      return `the device is not as it was before: ${different.join(", ")} differ; nothing was saved, a reset without saving brings it back`;
    } catch (error) {
      trouble = messageOf(error);
    }
  }
  return (
    `what was written could not be put back (${trouble}): rows named ${OWN}-… may remain in ${lab.place.table}; ` +
    "nothing was saved, so a reset without saving removes them"
  );
}

/** The columns and parameters whose values a dump obscures. */
function obscuredNames(dump: string): string[] {
  const { parameters, tables } = observe(dump);
  const isObscured = (text: string): boolean => text.startsWith("$1$");
  const names = [...parameters].flatMap(([name, value]) =>
    [value].flat().some((each) => isObscured(String(each))) ? [name] : [],
  );
  for (const table of tables.values())
    for (const column of table.columns)
      if ([...table.rows.values()].some((cells) => isObscured(cells.get(column)?.text ?? "")))
        names.push(`${table.name}.${column}`);
  return names;
}
