import { inspect } from "node:util";
import { systemClock } from "../../src/device/clock";
import { LATE, PAUSES_MS } from "../../src/device/late";
import { hurry, thisCell } from "./time";

/*
 * What a cell has around it, for a whole process: its own time, and lines that come to the cell that printed them,
 * although many cells run at once.
 */

/** Replaces clock, chance and console; gives back what puts them back. */
export function surround(): () => void {
  const back = [...hurry(systemClock), heardConsole(), heardOutput(), credentials(), usualPatience()];
  return () => {
    for (const each of back) each();
  };
}

function heardConsole(): () => void {
  const levels = ["log", "info", "warn", "error", "debug"] as const;
  const before = levels.map((level) => console[level]);
  levels.forEach((level, at) => {
    console[level] = (...said: unknown[]) => {
      const cell = thisCell();
      if (cell === undefined) before[at]?.apply(console, said);
      else cell.lines.push(said.map((one) => (typeof one === "string" ? one : inspect(one))).join(" "));
    };
  });
  return () => {
    levels.forEach((level, at) => {
      console[level] = before[at] ?? console[level];
    });
  };
}

function heardOutput(): () => void {
  const { write } = process.stdout;
  process.stdout.write = ((said: string | Uint8Array, ...rest: []) => {
    const cell = typeof said === "string" ? thisCell() : undefined;
    if (cell === undefined) return write.call(process.stdout, said, ...rest);
    cell.lines.push(String(said));
    return true;
  }) as typeof process.stdout.write;
  return () => {
    process.stdout.write = write;
  };
}

/** Other tests give a device less time to take a change. */
function usualPatience(): () => void {
  const { pausesMs } = LATE;
  LATE.pausesMs = PAUSES_MS;
  return () => {
    LATE.pausesMs = pausesMs;
  };
}

/** As the commands take them. */
function credentials(): () => void {
  const { MEDIANT_USERNAME, MEDIANT_PASSWORD } = process.env;
  Object.assign(process.env, { MEDIANT_USERNAME: ADMIN.username, MEDIANT_PASSWORD: ADMIN.password });
  return () => {
    for (const [name, value] of Object.entries({ MEDIANT_USERNAME, MEDIANT_PASSWORD }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
}

/** Whatever begins with this is secret: it is looked for in all that is printed. */
export const CANARY = "canary";

/** The one user of each device. */
export const ADMIN = { username: "Admin", password: `${CANARY}Password1` };
