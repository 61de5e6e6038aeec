import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { DeviceSettings } from "../../src/declare/device";
import { DeviceClient } from "../../src/device/client";
import { Transport } from "../../src/device/http/transport";
import { defaultResetPolicy } from "../../src/device/reset/phase";
import type { SourceFile } from "../../src/device/upload/source-file";
import { sha256, temporaryFolder } from "../shared/files";
import { answer, connectionTo } from "./server";

/** More than the buffers of both ends hold: what is cut in its middle has not gone out as a whole. */
export const largeSize = 32_000_000;

/** A file of that size in a folder that is removed after the test. */
export async function fileOf(t: TestContext, size: number, name = "load.cmp"): Promise<SourceFile> {
  const folder = await temporaryFolder(t, "mediant-upload-");
  const content = randomBytes(size);
  const path = join(folder, name);
  await writeFile(path, content);
  return { path, size, sha256: sha256(content) };
}

/** What arrived of one upload. */
export interface Taken {
  path: string;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  /** As many bytes as its Content-Length says. */
  whole: boolean;
}

export interface Device {
  /** The answer to `GET /status`; the number counts them from 1. */
  status?: (count: number) => Record<string, unknown>;
  /** Takes an upload in its own way, at its headers; true where it did. The number counts uploads from 1. */
  take?: (count: number, incoming: IncomingMessage, response: ServerResponse) => boolean;
  settings?: DeviceSettings;
  tls?: { key: string; cert: string };
}

/** A device that takes uploads while they come in. */
export async function uploadTo(t: TestContext, { status, take, settings, tls }: Device = {}) {
  const uploads: Taken[] = [];
  let looks = 0;
  let begun = 0;
  const listener: http.RequestListener = (incoming, response) => {
    incoming.on("error", () => {});
    if (incoming.method === "GET") {
      looks++;
      return answer(response, 200, status?.(looks) ?? { versionID: "7.40A.250.440" });
    }
    if (take?.(++begun, incoming, response)) return;
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("close", () => {
      const body = Buffer.concat(chunks);
      const whole = body.length === Number(incoming.headers["content-length"]);
      uploads.push({ path: incoming.url ?? "", headers: incoming.headers, body, whole });
      if (whole) answer(response, 200, { description: "done" });
    });
  };
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const connection = connectionTo(`${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`, {
    ...{ upload: "raw", tls: { ca: tls?.cert } },
    ...settings,
  });
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const transport = new Transport(connection, { log, random: () => 0 });
  const client = new DeviceClient(connection, transport, {
    ...defaultResetPolicy,
    ...{ beginMs: 100, confirmMs: 50, pauseMs: { first: 5, longest: 20 } },
  });
  const told = { label: "load", log };
  return {
    ...{ client, connection, uploads, lines, told, server },
    looks: () => looks,
    begun: () => begun,
  };
}

/** Takes so many bytes, then cuts the connection. */
export function cutAfter(incoming: IncomingMessage, bytes: number): true {
  let taken = 0;
  incoming.on("data", (chunk: Buffer) => {
    taken += chunk.length;
    if (taken >= bytes) incoming.socket.resetAndDestroy();
  });
  return true;
}
