import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import { DeviceClient } from "../../src/device/client";
import { type DeviceError, type DeviceErrorCode, isDeviceError } from "../../src/device/errors";
import { ReadCache } from "../../src/device/read-cache";
import { defaultResetPolicy, type ResetPolicy } from "../../src/device/reset-phase";
import type { DeviceSettings } from "../../src/device/settings";
import type { DeviceStatus } from "../../src/device/status";
import { Transport } from "../../src/device/transport";
import { WriteQueue } from "../../src/device/write-queue";
import { answer, certificate, connectionTo, type Handler, startServer } from "./server";

const quick: ResetPolicy = {
  ...defaultResetPolicy,
  ...{ beginMs: 300, confirmMs: 100, pauseMs: { first: 10, longest: 30 }, unauthorizedPauseMs: 30 },
};

interface Fixture {
  handler: Handler;
  policy?: Partial<ResetPolicy>;
  settings?: DeviceSettings;
  tls?: { key: string; cert: string };
}

/** A client of a server that the test darkens and brings back. */
async function serve(t: TestContext, { handler, policy, settings, tls }: Fixture) {
  const server = await startServer(handler, tls);
  t.after(() => server.close());
  const connection = connectionTo(server.origin, settings);
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const transport = new Transport(connection, { log, random: () => 0 });
  const client = new DeviceClient(connection, transport, { ...quick, ...policy });
  return { server, connection, transport, client, lines, wait: { label: "config", seconds: 20, log } };
}

const later = (ms: number, run: () => void) => setTimeout(run, ms);
const pause = (ms: number) => new Promise<void>((resolve) => later(ms, resolve));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(2);
}

/** A device that resets when it is told to; `course` may answer in its place, and knows how often it started. */
function resetting(
  server: () => { goDark(options?: { cut: boolean }): void; comeBack(): void },
  options: {
    cut?: boolean;
    darkMs?: number;
    course?: (boots: number, ...asked: Parameters<Handler>) => boolean | undefined;
  } = {},
): Handler {
  let boots = 0;
  const reset = () => {
    server().goDark();
    boots++;
    if (options.darkMs !== Number.POSITIVE_INFINITY) later(options.darkMs ?? 60, () => server().comeBack());
  };
  return (request, response, count) => {
    if (options.course?.(boots, request, response, count)) return;
    const { method, path } = request;
    if (method === "GET" && path === "/api/v1/status")
      return answer(response, 200, { versionID: boots === 0 ? "7.00A.018.005" : "7.40A.005.314" });
    const resets =
      method === "POST" ? path.endsWith("/reset") : method === "PUT" && !path.endsWith("/incremental");
    if (method === "GET") return void response.end("A = 1\n");
    if (!resets) return answer(response, 200, { description: "done" });
    if (options.cut) return reset();
    response.on("finish", reset);
    answer(response, 200, { description: "Device will reset now" });
  };
}

/** Answers in the place of the device. */
function instead(response: ServerResponse, status: number, body?: unknown): true {
  answer(response, status, body);
  return true;
}

function cutInstead(response: ServerResponse): true {
  response.socket?.destroy();
  return true;
}

async function failure(done: Promise<unknown>, code: DeviceErrorCode): Promise<DeviceError> {
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
async function device(
  t: TestContext,
  options: Parameters<typeof resetting>[1] & Omit<Fixture, "handler"> = {},
) {
  const made: Awaited<ReturnType<typeof serve>> = await serve(t, {
    ...options,
    handler: resetting(() => made.server, options),
  });
  return made;
}

test("a reset: what is sent, what is told, and the device afterwards", async (t) => {
  const { server, client, lines, wait } = await device(t);
  const outcome = await client.reset({ saveConfiguration: false, gracefulTimeout: 0 }, wait);
  assert.deepEqual(
    { ...outcome, seconds: 0 },
    {
      ...{ answered: true, failure: undefined, wentDown: true, seconds: 0 },
      status: { versionID: "7.40A.005.314", other: {} },
    },
  );
  const [before, sent, ...looks] = server.requests;
  assert.equal(before?.path, "/api/v1/status");
  assert.equal(sent?.path, "/api/v1/actions/reset");
  assert.equal(sent?.headers["content-type"], "application/json");
  assert.equal(sent?.body.toString(), '{"saveConfiguration":false,"gracefulTimeout":0}');
  assert.ok(looks.length > 0 && looks.every(({ path }) => path === "/api/v1/status"));
  assert.equal(lines[0], "[sbc1] config: waiting for the device to go down, 0 s");
  assert.ok(lines.includes("[sbc1] config: waiting for the device to come back, 0 s"));
  assert.match(lines.at(-1) ?? "", /^\[sbc1\] config: the device is back after \d+ s$/);
});

test("what the caller leaves out is left to the device", async (t) => {
  const { server, client, wait } = await device(t);
  await client.reset({}, wait);
  assert.equal(server.requests[1]?.body.toString(), "{}");
});

test("full uploads: their form is asked anew after the reset, and what was read is forgotten", async (t) => {
  const { server, client, connection, wait } = await device(t);
  const cache = ReadCache.for(connection.origin);
  await cache.get("ini", async () => Buffer.from("old"));
  const file = Buffer.from("A = 1\n");
  assert.equal((await client.putIni(file, [], wait)).wentDown, true);
  assert.equal((await cache.get("ini", async () => Buffer.from("new"))).toString(), "new");
  assert.equal((await client.putCliScript(file, [], wait)).wentDown, true);
  const uploads = server.requests.filter(({ method }) => method === "PUT");
  assert.deepEqual(
    uploads.map(({ path, headers }) => [path, headers["content-type"]?.split(";")[0]]),
    [
      ["/api/v1/files/ini", "application/octet-stream"],
      ["/api/v1/files/cliScript", "multipart/form-data"],
    ],
  );
  assert.match(uploads[1]?.body.toString() ?? "", /filename="cli\.txt"/);
});

test("a refused upload is an error at once, and nothing waits for it", async (t) => {
  const { server, client, wait, lines } = await device(t, {
    settings: { upload: "raw" },
    course: (_, { method }, response) =>
      method === "PUT" && instead(response, 400, { description: "bad line canary" }),
  });
  const error = await failure(client.putIni(Buffer.from("?"), ["canary"], wait), "MEDIANT_REFUSED");
  assert.match(error.message, /PUT \/api\/v1\/files\/ini: 400 Bad Request: bad line \[secret\]$/);
  await client.status();
  assert.equal(server.requests.length, 3);
  assert.deepEqual(lines, []);
});

test("a connection cut in place of the answer", async (t) => {
  const { client, wait } = await device(t, { cut: true });
  const outcome = await client.putIni(Buffer.from("A = 1\n"), [], wait);
  assert.equal(outcome.answered, false);
  assert.equal(outcome.failure?.code, "MEDIANT_OUTCOME_UNKNOWN");
  assert.equal(outcome.wentDown, true);
});

test("a connection cut by a device that does not reset: whoever asked reads back", async (t) => {
  const { server, client, wait } = await device(t, {
    course: (_, { method }, response) => method === "POST" && cutInstead(response),
  });
  const outcome = await client.reset({}, wait);
  assert.equal(outcome.answered, false);
  assert.equal(outcome.wentDown, false);
  assert.equal(server.requests.filter(({ method }) => method === "POST").length, 1);
});

test("a device that comes back at nine tenths of its time", async (t) => {
  const { client, wait } = await device(t, { darkMs: 1_800 });
  assert.equal((await client.reset({}, { ...wait, seconds: 2 })).wentDown, true);
});

test("a device that never comes back: what was reached, and that its address may have changed", async (t) => {
  const { client, wait } = await device(t, { darkMs: Number.POSITIVE_INFINITY });
  const error = await failure(
    client.putIni(Buffer.from("A = 1\n"), [], { ...wait, seconds: 1 }),
    "MEDIANT_TIMEOUT",
  );
  assert.equal(
    error.message,
    "[sbc1] PUT /api/v1/files/ini: accepted, went down, did not come back within 1 s: " +
      "no connection (ECONNREFUSED); its management address may have changed",
  );
  // Given up, it is not waited for again in this process.
  const again = await failure(client.awaken({ ...wait, seconds: 60 }), "MEDIANT_TIMEOUT");
  assert.equal(again, error);
});

test("a device that comes back with a certificate that is not trusted", async (t) => {
  const tls = await certificate({ type: 7, ip: "127.0.0.1" });
  const renewed = await certificate({ type: 7, ip: "127.0.0.1" });
  const { server, client, wait } = await device(t, {
    ...{ tls, settings: { tls: { ca: tls.cert } } },
    course: (_, { method }) => method === "POST" && void server.setCertificate(renewed),
  });
  const error = await failure(client.reset({}, { ...wait, seconds: 1 }), "MEDIANT_TIMEOUT");
  assert.match(error.message, /accepted, went down, is not ready after 1 s: the certificate is not trusted/);
  assert.doesNotMatch(error.message, /address/);
});

test("a device that never goes down", async (t) => {
  let upTime = 100;
  const { client, lines, wait } = await device(t, {
    course: (_, __, response) => instead(response, 200, { systemUpTime: upTime++ }),
  });
  const outcome = await client.reset({}, wait);
  assert.equal(outcome.answered, true);
  assert.equal(outcome.wentDown, false);
  assert.equal(lines.at(-1), "[sbc1] config: the device did not go down within 0 s");
});

test("calls may end first: a graceful reset is waited for longer", async (t) => {
  const made: Awaited<ReturnType<typeof serve>> = await serve(t, {
    handler: ({ method }, response) => {
      answer(response, 200, { versionID: "7.40A" });
      if (method !== "POST") return;
      later(600, () => made.server.goDark());
      later(650, () => made.server.comeBack());
    },
  });
  const { client, lines, wait } = made;
  assert.equal((await client.reset({ gracefulTimeout: 3 }, wait)).wentDown, true);
  assert.equal(lines[0], "[sbc1] config: waiting for the device to end its calls and go down, 0 s");
  // 1 is no second, but "until all calls have ended".
  assert.equal((await client.reset({ gracefulTimeout: 1 }, wait)).wentDown, true);
});

test("an up time that fell shows a reset that no poll has seen", async (t) => {
  let upTime = 5_000;
  const { client, wait } = await device(t, {
    policy: { beginMs: 60_000 },
    course: (_, { method }, response) => {
      if (method === "POST") upTime = 0;
      return instead(response, 200, { systemUpTime: upTime++ });
    },
  });
  assert.equal((await client.reset({}, wait)).wentDown, true);
});

test("one connection that broke shows it where the device tells no up time", async (t) => {
  let breaks = 0;
  const { client, lines, wait } = await device(t, {
    policy: { beginMs: 60_000 },
    course: (_, { method }, response) => {
      if (method === "POST") breaks = 1;
      else if (breaks-- > 0) return cutInstead(response);
      return instead(response, 200, { versionID: "7.00A.018.005" });
    },
  });
  assert.equal((await client.reset({}, wait)).wentDown, true);
  assert.ok(lines.includes("[sbc1] config: the device seems to go down (closed), 0 s"), lines.join("\n"));
});

/** Answers the first requests after the start otherwise. */
function atFirst(times: number, status: number, body?: unknown) {
  let left = times;
  return (boots: number, _: unknown, response: ServerResponse) =>
    boots > 0 && left-- > 0 && instead(response, status, body);
}

test("401 twice while services start, then fine: the credential stays open", async (t) => {
  const { client, wait } = await device(t, { course: atFirst(2, 401) });
  assert.equal((await client.reset({}, wait)).wentDown, true);
  await client.status();
});

test("401 three times closes the credential", async (t) => {
  const { server, client, wait } = await device(t, { course: atFirst(10, 401) });
  const error = await failure(client.reset({}, wait), "MEDIANT_UNAUTHORIZED");
  assert.match(
    error.message,
    /actions\/reset: accepted, went down, came back and refused the login 3 times: 401 Unauthorized: check username/,
  );
  assert.equal(error.status, 401);
  const sent = server.requests.length;
  assert.equal(await failure(client.status(), "MEDIANT_UNAUTHORIZED"), error);
  assert.equal(server.requests.length, sent);
});

for (const [status, body] of [[503], [500], [404], [200, "Please wait"]] as [number, unknown?][]) {
  test(`${status} while services start`, async (t) => {
    const { client, lines, wait } = await device(t, { course: atFirst(5, status, body) });
    const outcome = await client.reset({}, wait);
    assert.equal(outcome.status.versionID, "7.40A.005.314");
    const word = status === 200 ? "no status" : String(status);
    assert.ok(
      lines.includes(`[sbc1] config: waiting for the device to be ready (${word}), 0 s`),
      lines.join("\n"),
    );
  });
}

test("a pair that switches over answers all the time, and is waited for until it is done", async (t) => {
  const steps = ["None", "In Progress", "Hitless-beforeSwitchBack", "Hitless-WaitRdnReconnect"];
  let told = false;
  const { client, lines, wait } = await device(t, {
    course: (_, { method }, response) => {
      told ||= method === "POST";
      return instead(response, 200, { upgradeStatus: (told ? steps.shift() : undefined) ?? "None" });
    },
  });
  const notReady = ({ upgradeStatus }: DeviceStatus) =>
    upgradeStatus === "None" ? undefined : upgradeStatus;
  const { status } = await client.reset({}, { ...wait, notReady });
  assert.equal(status.upgradeStatus, "None");
  assert.deepEqual(steps, []);
  assert.ok(
    lines.includes("[sbc1] config: the device seems to go down (In Progress), 0 s"),
    lines.join("\n"),
  );
});

test("reads that come while it resets wait, those on their way are sent again, and a line says so", async (t) => {
  let held = 0;
  const { server, client, connection, lines, wait } = await device(t, {
    darkMs: 150,
    course: (boots, { path }) => boots === 0 && path === "/api/v1/files/ini" && held++ >= 0,
  });
  const other = new DeviceClient(
    connection,
    new Transport(connection, { log: (line) => lines.push(line), random: () => 0 }),
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

test("reads that wait are let go when the device is given up", async (t) => {
  const { client, lines, wait } = await device(t, { darkMs: Number.POSITIVE_INFINITY });
  const reset = failure(client.reset({}, { ...wait, seconds: 1 }), "MEDIANT_TIMEOUT");
  await until(() => lines.some((line) => line.includes("come back")));
  const read = client.transport.request({ method: "GET", path: "/api/v1", policy: { troubleAttempts: 1 } });
  await Promise.all([reset, failure(read, "MEDIANT_UNREACHABLE")]);
});

test("other writes wait for the whole of it", async (t) => {
  const { server, client, connection, wait } = await device(t, { settings: { upload: "raw" } });
  const queue = WriteQueue.for(connection.origin);
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

test("no connection from before the reset is used after it", async (t) => {
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
      made.server.goDark({ cut: false });
      later(300, () => made.server.comeBack());
    },
  });
  const { server, client, wait } = made;
  server.onSocket = (port) => ports.add(port);
  await Promise.all([1, 2, 3].map(() => client.get("/api")));
  await client.reset({}, wait);
  ports.clear();
  await Promise.all([1, 2, 3, 4].map(() => client.putIncrementalCliScript(Buffer.from("exit\n"), [])));
  assert.deepEqual(
    [...ports].filter((port) => old.has(port)),
    [],
  );
});

test("a device that is away when we come is waited for, once for all", async (t) => {
  const { server, client, lines, wait } = await device(t);
  server.goDark();
  later(150, () => server.comeBack());
  const statuses = await Promise.all([
    client.awaken(wait),
    client.awaken({ ...wait, label: "other" }),
    client.status(),
  ]);
  assert.deepEqual(
    statuses.map(({ versionID }) => versionID),
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
