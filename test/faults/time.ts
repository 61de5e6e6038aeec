import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Clock } from "../../src/device/clock";

/*
 * The time of a cell, which goes two hundred times faster than ours, although many cells run at once in one process.
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

/** A process that serves one cell alone: all that happens in it has the time of that cell. */
export function inOneTime(): void {
  only = { lines: [], passed: 0, asked: new Map() };
}

let only: Cell | undefined;

/** The cell that something happens in, undefined outside of all. */
export function thisCell(): Cell | undefined {
  return cells.getStore() ?? only;
}

/** Replaces the clock of the client, all timers and chance; gives back what puts each back. */
export function hurry(clock: Clock): (() => void)[] {
  return [fastClock(clock), hurriedTimers(), watchedRequests(), steadyChance()];
}

/** A cell's time goes on by its waits alone, so a busy machine makes none of them longer. */
function fastClock(clock: Clock): () => void {
  const { now, after } = clock;
  clock.now = () => thisCell()?.passed ?? now();
  clock.after = (ms, run) => {
    const cell = thisCell();
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
  return () => Object.assign(clock, { now, after });
}

/** How long an answer may take is measured by the network's time, not by the clock: ten seconds of it are half of one. */
function hurriedTimers(): () => void {
  const kept = globalThis.setTimeout;
  const hurried = (run: () => void, ms = 0, ...more: []) =>
    kept(run, ms >= 5_000 && thisCell() !== undefined ? ms / 20 : ms, ...more);
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
    const cell = thisCell();
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
