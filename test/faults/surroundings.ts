import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { systemClock } from "../../src/device/clock";
import { LATE, PAUSES_MS } from "../../src/device/late";

/*
 * What a cell has around it, for a whole process: time that goes two hundred times faster, and lines that come to the
 * cell that printed them, although many cells run at once.
 */

interface Cell {
  lines: string[];
  /** Milliseconds of its own time. */
  passed: number;
  /** Requests that wait for an answer, each since when. Its time stands still while there is one. */
  asked: Map<object, number>;
}

const cells = new AsyncLocalStorage<Cell>();

/** How many milliseconds of a device's time pass in one. */
export const SPEED = 200;

/** How long a second of a cell's time is, in milliseconds. */
export const MS_A_SECOND = 1_000 / SPEED;

/** Milliseconds after which a request counts as hanging, so that time goes on without its answer. */
const HANGS = 1_500;

/** Runs something in a time of its own, and adds all that it prints to `lines`. */
export function inItsOwnTime<T>(lines: string[], run: () => T): T {
  return cells.run({ lines, passed: 0, asked: new Map() }, run);
}

/** Replaces clock, chance and console; gives back what puts them back. */
export function surround(): () => void {
  const back = [
    fastClock(),
    hurriedTimers(),
    watchedRequests(),
    steadyChance(),
    heardConsole(),
    heardOutput(),
    credentials(),
    usualPatience(),
  ];
  return () => {
    for (const each of back) each();
  };
}

/** A cell's time goes on by its waits alone, so a busy machine makes none of them longer. */
function fastClock(): () => void {
  const { now, after } = systemClock;
  systemClock.now = () => cells.getStore()?.passed ?? now();
  systemClock.after = (ms, run) => {
    const cell = cells.getStore();
    if (cell === undefined) return after(ms, run);
    const at = cell.passed + ms;
    const end = (): void => {
      if ([...cell.asked.values()].some((since) => performance.now() - since < HANGS)) {
        timer = setTimeout(end, 3);
        return;
      }
      cell.passed = Math.max(cell.passed, at);
      run();
    };
    let timer = setTimeout(end, ms / SPEED);
    return () => clearTimeout(timer);
  };
  return () => Object.assign(systemClock, { now, after });
}

/** How long an answer may take is measured by the network's time, not by the clock: ten seconds of it are half of one. */
function hurriedTimers(): () => void {
  const kept = globalThis.setTimeout;
  const hurried = (run: () => void, ms = 0, ...more: []) =>
    kept(run, ms >= 5_000 && cells.getStore() !== undefined ? ms / 20 : ms, ...more);
  globalThis.setTimeout = Object.assign(hurried, kept);
  return () => {
    globalThis.setTimeout = kept;
  };
}

/** Knows which cell waits for which answer, from the HTTP client itself. */
function watchedRequests(): () => void {
  const cellOf = new WeakMap<object, Cell>();
  const asked = (message: unknown): void => {
    const { request } = message as { request: object };
    const cell = cells.getStore();
    if (cell === undefined) return;
    cellOf.set(request, cell);
    cell.asked.set(request, performance.now());
  };
  const answered = (message: unknown): void => {
    const { request } = message as { request: object };
    cellOf.get(request)?.asked.delete(request);
  };
  const channels = [
    ["undici:request:create", asked],
    ["undici:request:trailers", answered],
    ["undici:request:error", answered],
  ] as const;
  for (const [name, hear] of channels) subscribe(name, hear);
  return () => {
    for (const [name, hear] of channels) unsubscribe(name, hear);
  };
}

/** Pauses between attempts are as long as they can be, but for the last bit. */
function steadyChance(): () => void {
  const { random } = Math;
  Math.random = () => 0.5;
  return () => {
    Math.random = random;
  };
}

function heardConsole(): () => void {
  const levels = ["log", "info", "warn", "error", "debug"] as const;
  const before = levels.map((level) => console[level]);
  levels.forEach((level, at) => {
    console[level] = (...said: unknown[]) => {
      const cell = cells.getStore();
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
    const cell = typeof said === "string" ? cells.getStore() : undefined;
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
