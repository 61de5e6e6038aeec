import assert from "node:assert/strict";
import { truncate } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { answer } from "./server";
import { uploadInProcess } from "./upload-process";
import { fileOf } from "./uploading";

const size = 150_000_000;
/** What a load of any size may take beside. */
const mostMegabytes = 64;

for (const form of ["raw", "multipart"] as const) {
  test(`${form}: ${size / 1e6} MB are looked at and sent in less than ${mostMegabytes} MB of memory`, async (t) => {
    const arrived: number[] = [];
    const server = http.createServer((incoming, response) => {
      let bytes = 0;
      incoming.on("data", (piece: Buffer) => {
        bytes += piece.length;
      });
      incoming.on("end", () => {
        if (incoming.method === "PUT") arrived.push(bytes);
        answer(response, 200, { versionID: "7.40A.250.440" });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const small = await fileOf(t, 1_000_000);
    const { path } = await fileOf(t, 1);
    await truncate(path, size);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { extraMegabytes } = await uploadInProcess(url, form, path, small.path);
    assert.equal(arrived.length, 2);
    assert.ok((arrived[1] ?? 0) >= size);
    assert.ok(extraMegabytes < mostMegabytes, `${extraMegabytes} MB`);
  });
}
