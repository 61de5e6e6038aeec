import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import type { TestContext } from "node:test";
import type { DeviceSettings } from "../../src/declare/device";
import { DeviceClient } from "../../src/device/client";
import { type DeviceError, type DeviceErrorCode, isDeviceError } from "../../src/device/errors";
import { Transport } from "../../src/device/http/transport";
import { defaultResetPolicy, type ResetPolicy } from "../../src/device/reset/phase";
import { answer, connectionTo, type Handler, startServer, type TestServer } from "./server";

const quick: ResetPolicy = {
  ...defaultResetPolicy,
  ...{ beginMs: 1_000, confirmMs: 100, pauseMs: { first: 10, longest: 30 }, unauthorizedPauseMs: 30 },
  steadyMs: { least: 10, longest: 30 },
};

interface Fixture {
  handler: Handler;
  policy?: Partial<ResetPolicy>;
  settings?: DeviceSettings;
  tls?: { key: string; cert: string };
}

/** A client of a server that the test darkens and brings back. */
export async function serve(t: TestContext, { handler, policy, settings, tls }: Fixture) {
  const server = await startServer(handler, tls);
  t.after(() => server.close());
  const connection = connectionTo(server.origin, settings);
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const transport = new Transport(connection, { log, random: () => 0 });
  const client = new DeviceClient(connection, transport, { ...quick, ...policy });
  return { server, connection, transport, client, lines, wait: { label: "config", seconds: 20, log } };
}

export const later = (ms: number, run: () => void) => setTimeout(run, ms);
const pause = (ms: number) => new Promise<void>((resolve) => later(ms, resolve));

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(2);
}

/** Goes dark until the client has said that it waits for the device to come back, however busy the machine is. */
export function darkUntilMissed(
  server: Pick<TestServer, "goDark" | "comeBack">,
  lines: readonly string[],
  darkMs = 0,
  cut = true,
): void {
  server.goDark({ cut });
  const missed = () => lines.filter((line) => line.includes("to come back")).length;
  const before = missed();
  void until(() => missed() > before).then(() => later(darkMs, () => server.comeBack()));
}

/** A device that resets when it is told to; `course` may answer in its place, and knows how often it started. */
function resetting(
  server: () => Pick<TestServer, "goDark" | "comeBack">,
  options: {
    cut?: boolean;
    /** How long it stays dark after the client has said that it waits for it. Default: 0 */
    darkMs?: number;
    /** What the client has said. */
    lines: () => readonly string[];
    course?: (boots: number, ...asked: Parameters<Handler>) => boolean | undefined;
  },
): Handler {
  let boots = 0;
  const reset = () => {
    boots++;
    if (options.darkMs === Number.POSITIVE_INFINITY) server().goDark();
    else darkUntilMissed(server(), options.lines(), options.darkMs);
  };
  return (request, response, count) => {
    if (options.course?.(boots, request, response, count)) return;
    const { method, path } = request;
    if (method === "GET" && path === "/api/v1/status")
      return answer(response, 200, { versionID: boots === 0 ? "7.00A.018.005" : "7.40A.005.314" });
    const resets =
      method === "POST" ? path.endsWith("/reset") : method === "PUT" && !path.endsWith("/incremental");
    if (method === "GET" && path === "/api/v1") return answer(response, 200, []);
    if (method === "GET") return void response.end("A = 1\n");
    if (!resets) return answer(response, 200, { description: "done" });
    if (options.cut) return reset();
    response.on("finish", reset);
    answer(response, 200, { description: "Device will reset now" });
  };
}

/** Answers in the place of the device. */
export function instead(response: ServerResponse, status: number, body?: unknown): true {
  answer(response, status, body);
  return true;
}

export function cutInstead(response: ServerResponse): true {
  response.socket?.destroy();
  return true;
}

export async function failure(done: Promise<unknown>, code: DeviceErrorCode): Promise<DeviceError> {
  try {
    await done;
  } catch (error) {
    assert.ok(isDeviceError(error), String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail("it succeeded");
}

/** The fixture whose handler needs the server that it belongs to. */
export async function device(
  t: TestContext,
  options: Omit<Parameters<typeof resetting>[1], "lines"> & Omit<Fixture, "handler"> = {},
) {
  const made: Awaited<ReturnType<typeof serve>> = await serve(t, {
    ...options,
    handler: resetting(() => made.server, { ...options, lines: () => made.lines }),
  });
  return made;
}
