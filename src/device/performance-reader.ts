import { listed } from "../text/listed";
import { suggest } from "../text/suggest";
import {
  PERFORMANCE_INTERVALS,
  type PerformanceInterval,
  type PerformanceMonitor,
  type PerformanceValue,
  parsePerformanceMonitor,
  parsePerformanceMonitors,
  parsePerformanceValue,
} from "./answers/performance";
import type { DeviceClient, RawAnswer } from "./client";
import { DeviceError, type DeviceErrorCode, isDeviceError } from "./errors";
import { badAnswer } from "./http/bad-answer";

type Reader = Pick<DeviceClient, "get" | "connection">;

const ROOT = "/api/v1/performanceMonitoring";
const NAMES_SHOWN = 20;

/** The names of the monitors. LTRT-41760 section 9. */
export async function readPerformanceMonitors(client: Reader): Promise<string[]> {
  const answer = await unless(client.get(ROOT), ["MEDIANT_NOT_FOUND"]);
  if (answer === undefined) {
    throw problem(client, ROOT, "MEDIANT_NOT_FOUND", "this firmware has no performance monitors");
  }
  const names = parsePerformanceMonitors(answer.body);
  if (names === undefined) throw badAnswer(client, ROOT, answer.status, "no list of performance monitors");
  return names;
}

/** What a monitor can tell, under its name or one that differs in case alone. LTRT-41760 section 9.1. */
export async function readPerformanceMonitor(client: Reader, name: string): Promise<PerformanceMonitor> {
  return (await lookUp(client, name)).monitor;
}

/** A measurement. A device that refuses it is asked what it has instead, so that the error can say. Section 9.1. */
export async function readPerformanceValue(
  client: Reader,
  name: string,
  asked: { index: number; interval: PerformanceInterval },
): Promise<PerformanceValue> {
  const value = await measurement(client, name, asked);
  if (value !== undefined) return value;
  const listed = await lookUp(client, name);
  const { indexes, intervals } = listed.monitor;
  const path = pathOf(listed.name);
  if (!indexes.includes(asked.index)) {
    const sentence = `${listed.name} has no index ${asked.index} (it has: ${someOf(indexes)})`;
    throw problem(client, path, "MEDIANT_REFUSED", sentence);
  }
  if (!intervals.includes(asked.interval)) {
    const sentence = `${listed.name} has no interval ${asked.interval} (it has: ${someOf(intervals)})`;
    throw problem(client, path, "MEDIANT_REFUSED", sentence);
  }
  const again = listed.name === name ? undefined : await measurement(client, listed.name, asked);
  if (again !== undefined) return again;
  throw problem(client, path, "MEDIANT_REFUSED", `the device gives no value of index ${asked.index}`);
}

/** Undefined if the device refuses: the manual has 404 for it in its list of codes, and 400 in its example. */
async function measurement(
  client: Reader,
  name: string,
  asked: { index: number; interval: PerformanceInterval },
): Promise<PerformanceValue | undefined> {
  const interval = PERFORMANCE_INTERVALS.indexOf(asked.interval);
  const path = `${pathOf(name)}?index=${asked.index}&interval=${interval}` as const;
  const answer = await unless(client.get(path), ["MEDIANT_NOT_FOUND", "MEDIANT_REFUSED"]);
  if (answer === undefined) return undefined;
  const value = parsePerformanceValue(answer.body, asked);
  if (value === undefined) throw badAnswer(client, path, answer.status, "no performance measurement");
  return value;
}

interface Listed {
  name: string;
  monitor: PerformanceMonitor;
}

/** The manual itself writes names in two ways: `NetUtilPackets` in the list, `netUtilPackets` in a request. */
async function lookUp(client: Reader, name: string): Promise<Listed> {
  const monitor = await description(client, name);
  if (monitor !== undefined) return { name, monitor };
  const names = await readPerformanceMonitors(client);
  const written = names.find((each) => each.toLowerCase() === name.toLowerCase());
  const found = written === undefined || written === name ? undefined : await description(client, written);
  if (written !== undefined && found !== undefined) return { name: written, monitor: found };
  const meant = suggest(name, names);
  const hint = meant === undefined ? `it has: ${someOf(names)}` : `is ${meant} meant?`;
  const sentence = `there is no performance monitor ${JSON.stringify(name)} (${hint})`;
  throw problem(client, ROOT, "MEDIANT_NOT_FOUND", sentence);
}

async function description(client: Reader, name: string): Promise<PerformanceMonitor | undefined> {
  const path = pathOf(name);
  const answer = await unless(client.get(path), ["MEDIANT_NOT_FOUND"]);
  if (answer === undefined) return undefined;
  const monitor = parsePerformanceMonitor(answer.body);
  if (monitor === undefined) throw badAnswer(client, path, answer.status, "no performance monitor");
  return monitor;
}

function pathOf(name: string): `/api${string}` {
  return `${ROOT}/${encodeURIComponent(name)}`;
}

async function unless(
  answer: Promise<RawAnswer>,
  codes: readonly DeviceErrorCode[],
): Promise<RawAnswer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isDeviceError(error) && codes.includes(error.code)) return undefined;
    throw error;
  }
}

function problem(client: Reader, path: string, code: DeviceErrorCode, sentence: string): DeviceError {
  return new DeviceError(code, sentence, { device: client.connection.name, method: "GET", path });
}

function someOf(names: readonly (string | number)[]): string {
  return names.length === 0 ? "none" : listed(names, NAMES_SHOWN);
}
