import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { sha256 } from "../shared/files";
import { bench, descriptionOf, multipartUpload } from "./harness";
import { formFile, rawFile, SOFTWARE, softwareLoad, until } from "./uploads";

const PRT = "PUT /api/v1/files/prt";
const OLD = "7.00A.018.005";
const RATE = 1_000_000;
const tones = (size: number): Buffer => Buffer.alloc(size, 7);

test("a streamed file is counted and digested, but not kept", async (t) => {
  for (const firmware of [OLD, "7.40A.250.440"]) {
    const { ask, simulator } = await bench(t, { firmware });
    const file = tones(300_001);
    const upload = firmware === OLD ? rawFile(file) : formFile(file, "ring.dat");
    assert.equal((await ask(PRT, upload)).status, 200);
    const { bytes, body } = simulator.requests[0] ?? {};
    assert.equal(bytes, (upload.body as Buffer).length);
    assert.equal(body, undefined);
    const fileName = firmware === OLD ? "prt.dat" : "ring.dat";
    assert.deepEqual(simulator.auxiliaryFiles.get("prt"), { fileName, size: 300_001, sha256: sha256(file) });
  }
});

test("an upload in the other dialect's form, or without a length, is refused", async (t) => {
  const { ask, simulator } = await bench(t);
  assert.equal((await ask(PRT, rawFile(tones(9)))).status, 400);
  const old = await bench(t, { firmware: OLD });
  assert.equal((await old.ask(PRT, formFile(tones(9)))).status, 400);
  const broken = (formFile(tones(9)).body as Buffer).subarray(0, -8);
  assert.equal((await ask(PRT, { ...formFile(tones(9)), body: broken })).status, 400);
  assert.equal(await chunked(simulator.port), 400);
  assert.equal(simulator.auxiliaryFiles.size, 0);
});

test("what is refused without the file is answered before the file is here", async (t) => {
  const { simulator } = await bench(t, {
    users: [{ username: "Admin", password: "Admin", level: "Monitor" }],
  });
  const call = request({
    port: simulator.port,
    method: "PUT",
    path: "/api/v1/files/prt",
    auth: "Admin:Admin",
    headers: { "content-length": 1_000_000, "content-type": "multipart/form-data; boundary=edge" },
  });
  call.flushHeaders();
  const status = await new Promise((resolve, reject) => {
    call.on("response", (response) => resolve(response.statusCode)).on("error", reject);
  });
  assert.equal(status, 403);
  // What the client sends all the same is read, so that it can end in peace.
  call.on("error", () => {});
  call.write(Buffer.alloc(1000));
  await until(() => simulator.requests[0]?.bytes === 1000);
  call.destroy();
});

test("refusals and faults that look at the head alone leave no file behind", async (t) => {
  const { ask, simulator } = await bench(t);
  const file = formFile(tones(100_000));
  assert.equal((await ask(PRT, { ...file, authorization: "Basic QWRtaW46bm8=" })).status, 401);
  assert.equal((await ask("GET /api/v1/files/prt")).status, 405);
  simulator.faults.conflict();
  assert.equal((await ask(PRT, file)).status, 409);
  simulator.faults.fail(500, PRT);
  assert.equal((await ask(PRT, file)).status, 500);
  assert.equal(simulator.auxiliaryFiles.size, 0);
  assert.equal((await ask(PRT, file)).status, 200);
  assert.ok(simulator.auxiliaryFiles.has("prt"));
});

test("lost requests and answers are those of any other upload", async (t) => {
  const { ask, simulator } = await bench(t);
  simulator.faults.loseAnswer(PRT, { applied: false });
  await assert.rejects(ask(PRT, formFile(tones(100_000))));
  assert.equal(simulator.auxiliaryFiles.size, 0);
  simulator.faults.loseAnswer(PRT, { applied: true });
  await assert.rejects(ask(PRT, formFile(tones(100_000))));
  assert.equal(simulator.auxiliaryFiles.size, 1);
  simulator.faults.refuseUploadContaining("\x07\x07");
  assert.equal((await ask(PRT, formFile(tones(100_000)))).status, 400);
});

test("an upload is cut when a share of it arrived, and has no effect", async (t) => {
  const { ask, simulator } = await bench(t, { uploadBytesPerSecond: 10 * RATE });
  const load = formFile(softwareLoad("7.40A.260.001", 4_000_000));
  const total = (load.body as Buffer).length;
  simulator.faults.cutUpload(0.5, SOFTWARE);
  await assert.rejects(ask(SOFTWARE, load));
  const bytes = simulator.requests[0]?.bytes ?? 0;
  assert.ok(bytes >= total / 2 && bytes < 0.75 * total, `${bytes} of ${total}`);
  simulator.faults.cutUpload(1, SOFTWARE);
  await assert.rejects(ask(SOFTWARE, load));
  assert.equal(simulator.requests[1]?.bytes, total);
  assert.equal(simulator.requests[1]?.status, undefined);
  assert.deepEqual(simulator.softwareUploads, []);
  assert.equal((await ask("GET /api/v1/status")).status, 200, "it did not reset");
  assert.throws(() => simulator.faults.cutUpload(50), /from 0 to 1/);
});

test("an upload of text is cut too", async (t) => {
  const { ask, simulator } = await bench(t);
  const ini = multipartUpload("EnableSyslog = 1\n");
  simulator.faults.cutUpload(1);
  assert.equal((await ask("POST /api/v1/actions/saveConfiguration")).status, 200, "no upload");
  await assert.rejects(ask("PUT /api/v1/files/ini/incremental", ini));
  assert.equal(simulator.running.parameter("EnableSyslog"), undefined);
  assert.equal((await ask("PUT /api/v1/files/ini/incremental", ini)).status, 200);
});

test("a client that goes away in the middle leaves nothing behind", async (t) => {
  const { ask, simulator } = await bench(t, { uploadBytesPerSecond: 200_000 });
  const call = request({
    port: simulator.port,
    method: "PUT",
    path: "/api/v1/files/prt",
    auth: "Admin:Admin",
    headers: { "content-length": 1_000_000, "content-type": "multipart/form-data; boundary=edge" },
  });
  call.on("error", () => {});
  call.write((formFile(tones(200_000)).body as Buffer).subarray(0, 100_000));
  await until(() => (simulator.requests[0]?.bytes ?? 0) > 0);
  assert.equal((await ask(PRT, formFile(tones(9)))).status, 409, "one upload at a time");
  call.destroy();
  await until(() => simulator.requests[0]?.finishedAt !== undefined);
  assert.equal(simulator.requests[0]?.status, undefined);
  assert.equal((await ask(PRT, formFile(tones(9)))).status, 200);
});

test("with a speed limit an upload is on its way for a while, and the device answers meanwhile", async (t) => {
  const { ask, simulator } = await bench(t, { uploadBytesPerSecond: 4 * RATE });
  const upload = ask(PRT, formFile(tones(4 * RATE)));
  for (let read = 0; read < 20; read++) assert.equal((await ask("GET /api/v1/status")).status, 200);
  const early = simulator.writes[0];
  assert.ok(early && early.bytes > 0 && early.bytes < 4 * RATE && early.finishedAt === undefined);
  const reply = await upload;
  assert.equal(descriptionOf(reply), "The prt file was loaded.");
  assert.equal(simulator.auxiliaryFiles.get("prt")?.size, 4 * RATE);
});

function chunked(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "multipart/form-data; boundary=edge",
      "transfer-encoding": "chunked",
    };
    const call = request({ port, method: "PUT", path: "/api/v1/files/prt", auth: "Admin:Admin", headers });
    call.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
    call.end(formFile(tones(9)).body);
  });
}
