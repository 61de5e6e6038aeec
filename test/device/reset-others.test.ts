import assert from "node:assert/strict";
import { test } from "node:test";
import { DeviceClient } from "../../src/device/client";
import type { DeviceErrorCode } from "../../src/device/errors";
import { Transport } from "../../src/device/http/transport";
import { darkUntilMissed, device, failure, instead, later, serve, until } from "./resetting";
import { answer } from "./server";

test("reads that come while it resets wait, those on their way are sent again, and a line says so", async (t) => {
  let held = 0;
  const { server, client, connection, lines, wait } = await device(t, {
    darkMs: 150,
    course: (boots, { path }) => boots === 0 && path === "/api/v1/files/ini" && held++ >= 0,
  });
  const other = new DeviceClient(
    connection,
    new Transport(connection, { log: (line) => lines.push(line), random: () => 0, device: client.device }),
  );
  await client.status();
  const onTheirWay = [other.ini(), other.ini()];
  await until(() => held === 2);
  let back = false;
  const reset = client.reset({}, wait).then(() => {
    back = true;
  });
  await until(() => lines.some((line) => line.includes("come back")));
  const seen = server.requests.length;
  const meanwhile = [
    other.status(),
    client.get("/api/v1"),
    other.putIncrementalCliScript(Buffer.from("exit\n"), []),
  ];
  for (const read of [...onTheirWay, ...meanwhile]) void read.then(() => assert.ok(back));
  await reset;
  await Promise.all([...onTheirWay, ...meanwhile]);
  const after = server.requests.slice(seen).filter(({ path }) => path !== "/api/v1/status");
  assert.deepEqual(after.map(({ path }) => path).sort(), [
    ...["/api/v1", "/api/v1/files/cliScript/incremental", "/api/v1/files/ini", "/api/v1/files/ini"],
  ]);
  const waits = lines.filter((line) => line.includes("waiting for the device: reset by config, 0 s of 20 s"));
  assert.ok(waits.length >= 1 && waits.length <= 2, lines.join("\n"));
});

test("once the device was told, nobody asks it before it is back", async (t) => {
  const made: Awaited<ReturnType<typeof serve>> = await serve(t, {
    handler: ({ method, path }, response) => {
      if (path === "/api/v1/files/ini") return void response.end("A = 1\n");
      answer(response, 200, { versionID: "7.40A" });
      if (method !== "POST") return;
      later(200, () => darkUntilMissed(made.server, made.lines));
    },
  });
  const { server, client, lines, wait } = made;
  const reset = client.reset({ gracefulTimeout: 3 }, wait);
  await until(() => lines.length > 0);
  await client.ini();
  await reset;
  assert.equal(server.requests.at(-1)?.path, "/api/v1/files/ini");
  assert.equal(server.requests.filter(({ path }) => path === "/api/v1/files/ini").length, 1);
  assert.ok(lines.some((line) => line.includes("the device is back")));
});

test("reads that fail while the device has not answered yet wait for the end as well", async (t) => {
  let held = 0;
  const made: Awaited<ReturnType<typeof serve>> = await serve(t, {
    handler: ({ method, path }, response) => {
      if (path === "/api/v1/files/ini") return held++ === 0 ? undefined : void response.end("A = 1\n");
      if (method !== "POST") return answer(response, 200, { versionID: "7.40A" });
      // It takes its time to cut the connection that told it to reset.
      made.server.goDark({ cut: false });
      later(10, () => sockets.forEach((socket) => void (socket !== response.socket && socket.destroy())));
      later(200, () => response.socket?.destroy());
      later(300, () => made.server.comeBack());
    },
  });
  const { server, client, wait } = made;
  const sockets = server.sockets;
  await client.status();
  const read = client.ini();
  await until(() => held === 1);
  const outcome = await client.reset({}, wait);
  assert.equal(outcome.answered, false);
  assert.equal((await read).toString(), "A = 1\n");
});

test("reads that wait are let go when the device is given up", async (t) => {
  const { client, lines, wait } = await device(t, { darkMs: Number.POSITIVE_INFINITY });
  const reset = failure(client.reset({}, { ...wait, seconds: 1 }), "MEDIANT_TIMEOUT");
  await until(() => lines.some((line) => line.includes("come back")));
  const read = client.transport.request({ method: "GET", path: "/api/v1", policy: { troubleAttempts: 1 } });
  await Promise.all([reset, failure(read, "MEDIANT_UNREACHABLE")]);
});

test("other writes wait for the whole of it", async (t) => {
  const { server, client, wait } = await device(t, { settings: { upload: "raw" } });
  const queue = client.device.queue;
  const writes = [
    queue.exclusive("one", () => client.putIncrementalIni(Buffer.from("A = 1\n"), [])),
    queue.exclusive("reset", () => client.reset({}, wait)),
    queue.exclusive("two", () => client.saveConfiguration()),
    queue.exclusive("whole", () => client.putIni(Buffer.from("A = 1\n"), [], wait), { first: true }),
  ];
  await Promise.all(writes);
  const sent = server.requests.filter(({ method }) => method !== "GET");
  assert.deepEqual(
    sent.map(({ path }) => path.replace("/api/v1/", "")),
    ["files/ini/incremental", "files/ini", "actions/reset", "actions/saveConfiguration"],
  );
  assert.equal(server.mostAtOnce, 1);
});

test("no connection from before the reset is used after it, by nobody", async (t) => {
  const ports = new Set<number | undefined>();
  const old = new Set<number | undefined>();
  const made: Awaited<ReturnType<typeof serve>> = await serve(t, {
    policy: { pollMs: 100 },
    handler: (request, response) => {
      // A device that lost its power closes nothing: what was open stays silent.
      if (old.has(response.socket?.remotePort)) return;
      answer(response, 200, { versionID: "7.40A" });
      if (request.method !== "POST") return;
      for (const port of ports) old.add(port);
      darkUntilMissed(made.server, made.lines, 0, false);
    },
  });
  const { server, client, connection, wait } = made;
  // One that takes no part in the reset keeps its connections through it.
  const other = new DeviceClient(
    { ...connection, password: "pass-word-1" },
    new Transport(connection, { device: client.device }),
  );
  server.onSocket = (port) => ports.add(port);
  await Promise.all([1, 2, 3].map(() => other.get("/api")));
  await client.reset({}, wait);
  assert.ok(old.size > 0);
  ports.clear();
  const script = Buffer.from("exit\n");
  await Promise.all([client, other].map((each) => each.putIncrementalCliScript(script, [])));
  assert.ok(ports.size > 0);
  assert.deepEqual(
    [...ports].filter((port) => old.has(port)),
    [],
  );
});

test("a device that is away when we come is waited for, once for all", async (t) => {
  const { server, client, lines, wait } = await device(t);
  darkUntilMissed(server, lines);
  const statuses = await Promise.all([
    client.awaken(wait),
    client.awaken({ ...wait, label: "other" }),
    client.status(),
  ]);
  assert.deepEqual(
    statuses.map(({ version }) => version),
    Array(3).fill("7.00A.018.005"),
  );
  assert.equal(lines.filter((line) => line.includes("the device is back")).length, 1);
});

test("an act waits for a device that starts before it begins", async (t) => {
  const { server, client, wait } = await device(t);
  server.goDark();
  later(100, () => server.comeBack());
  assert.equal((await client.reset({}, wait)).answered, true);
  assert.equal(server.requests.filter(({ method }) => method === "POST").length, 1);
});

test("a device that does not come is given up once, by however many", async (t) => {
  const { server, client, lines, wait } = await device(t);
  server.goDark();
  const short = { ...wait, seconds: 1 };
  const errors = await Promise.all([1, 2, 3].map(() => failure(client.awaken(short), "MEDIANT_TIMEOUT")));
  assert.equal(new Set(errors).size, 1);
  assert.match(
    errors[0]?.message ?? "",
    /^\[sbc1\] GET \/api\/v1\/status: the device was away, did not come back within 1 s/,
  );
  assert.equal(lines.filter((line) => line.endsWith("waiting for the device to come back, 0 s")).length, 1);
  server.comeBack();
  await client.awaken(short);
  server.goDark();
  later(100, () => server.comeBack());
  await client.awaken(wait);
});

for (const [status, code] of [
  [401, "MEDIANT_UNAUTHORIZED"],
  [404, "MEDIANT_NOT_FOUND"],
] as [number, DeviceErrorCode][]) {
  test(`${status} from a device that nobody saw away is final`, async (t) => {
    const { server, client, lines, wait } = await device(t, {
      course: (_, __, response) => instead(response, status),
    });
    await failure(client.awaken(wait), code);
    assert.equal(server.requests.length, 1);
    assert.deepEqual(lines, []);
  });
}
