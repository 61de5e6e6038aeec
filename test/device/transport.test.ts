import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import net from "node:net";
import { Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import type { DeviceSettings } from "../../src/declare/device";
import { type DeviceError, type DeviceErrorCode, isDeviceError } from "../../src/device/errors";
import { type DeviceRequest, type RequestEvent, Transport } from "../../src/device/http/transport";
import { JumpingClock } from "./clock";
import { answer, connectionTo, type Handler, startServer } from "./server";

const get: DeviceRequest = { method: "GET", path: "/api/v1/files/ini" };
const put: DeviceRequest = {
  method: "PUT",
  path: "/api/v1/files/ini/incremental",
  body: Buffer.from("A = 1\n"),
};

async function serve(t: TestContext, handler: Handler, settings: DeviceSettings = {}) {
  const server = await startServer(handler);
  t.after(() => server.close());
  const lines: string[] = [];
  const clock = new JumpingClock();
  const options = { log: (line: string) => lines.push(line), clock, random: () => 0.5 };
  const transport = new Transport(connectionTo(server.origin, settings), options);
  return { server, transport, lines, clock };
}

async function failure(done: Promise<unknown>): Promise<DeviceError> {
  try {
    await done;
  } catch (error) {
    assert.ok(isDeviceError(error), String(error));
    assert.doesNotMatch(error.message, /pass-word-1|canary/);
    return error;
  }
  return assert.fail("it succeeded");
}

test("a request carries Basic auth, an Accept that permits files, its length, and no Expect", async (t) => {
  const { server, transport } = await serve(t, (_, response) => answer(response, 204));
  const done = await transport.request(put);
  assert.equal(done.status, 204);
  const seen = server.requests[0];
  assert.equal(seen?.headers.authorization, `Basic ${Buffer.from("Admin:pass-word-1").toString("base64")}`);
  assert.equal(seen?.headers.accept, "application/json, application/octet-stream, */*");
  assert.equal(seen?.headers["content-length"], "6");
  assert.equal(seen?.headers.expect, undefined);
  assert.equal(seen?.body.toString(), "A = 1\n");
});

const statuses: [number, DeviceErrorCode, RegExp][] = [
  [301, "MEDIANT_REDIRECT", /301 Moved Permanently: redirects are not followed/],
  [
    400,
    "MEDIANT_REFUSED",
    /^\[sbc1\] PUT \/api\/v1\/files\/ini\/incremental: 400 Bad Request: line 3 is \[secret\]$/,
  ],
  [401, "MEDIANT_UNAUTHORIZED", /401 Unauthorized: check username and password/],
  [403, "MEDIANT_FORBIDDEN", /403 Forbidden: the user needs the privilege level Administrator: line 3/],
  [404, "MEDIANT_NOT_FOUND", /404 Not Found/],
  [405, "MEDIANT_NOT_ALLOWED", /405/],
  [406, "MEDIANT_NOT_ACCEPTABLE", /406/],
  [415, "MEDIANT_REFUSED", /415/],
  [501, "MEDIANT_DEVICE_FAILURE", /501/],
];

test("an answer that only repeats the words of its status is not said twice", async (t) => {
  const { transport } = await serve(t, (_, response) =>
    answer(response, 401, { description: "Unauthorized" }),
  );
  const error = await failure(transport.request(get));
  assert.match(error.message, /GET [^ ]+: 401 Unauthorized: check username and password \([^:]*\)$/);
});

for (const [status, code, message] of statuses) {
  test(`${status} is final: ${code}`, async (t) => {
    const { server, transport } = await serve(t, (_, response) =>
      answer(response, status, { description: "line 3 is canary" }),
    );
    const error = await failure(transport.request({ ...put, secrets: ["canary"] }));
    assert.equal(error.code, code);
    assert.equal(error.status, status);
    assert.equal(error.description, "line 3 is [secret]");
    assert.match(error.message, message);
    assert.equal(server.requests.length, 1);
  });
}

test("409 is waited for, with one line each 30 s", async (t) => {
  const { server, transport, lines } = await serve(t, (_, response, count) =>
    answer(response, count <= 10 ? 409 : 200),
  );
  await transport.request(put);
  assert.equal(server.requests.length, 11);
  assert.deepEqual(lines, [
    "[sbc1] waiting for the device: busy (409), 0 s of 300 s",
    "[sbc1] waiting for the device: busy (409), 34 s of 300 s",
    "[sbc1] waiting for the device: busy (409), 68 s of 300 s",
  ]);
});

test("409 past its deadline is an error with the device's words", async (t) => {
  const { transport, clock } = await serve(
    t,
    (_, response) => answer(response, 409, { description: "HA synchronization" }),
    {
      timeouts: { conflictSeconds: 20 },
    },
  );
  const error = await failure(transport.request(put));
  assert.equal(error.code, "MEDIANT_CONFLICT");
  assert.match(error.message, /409 Conflict: HA synchronization \(after 20 s\)$/);
  assert.equal(Math.round(clock.now()), 20_000);
});

test("a request may wait otherwise, and elsewhere", async (t) => {
  const { server, transport, lines } = await serve(t, (_, response) => answer(response, 409));
  const own: string[] = [];
  const policy = { conflictMs: 1 };
  await failure(transport.request({ ...put, policy, waitLog: (line) => own.push(line) }));
  assert.equal(server.requests.length, 2);
  assert.equal(own.length, 1);
  assert.deepEqual(lines, []);
});

test("a GET is asked again at 500 and 503; a write is to be looked up", async (t) => {
  const handler: Handler = ({ method }, response, count) =>
    answer(response, method === "PUT" || count < 3 ? (count % 2 === 0 ? 500 : 503) : 200, {
      description: "canary busy",
    });
  const { server, transport } = await serve(t, handler);
  await transport.request(get);
  assert.equal(server.requests.length, 3);
  const error = await failure(transport.request({ ...put, secrets: ["canary"] }));
  assert.equal(error.code, "MEDIANT_OUTCOME_UNKNOWN");
  assert.equal(error.status, 500);
  assert.match(
    error.message,
    /it is not known if the device did it: 500 Internal Server Error: \[secret\] busy$/,
  );
  assert.equal(server.requests.length, 4);
});

test("a GET that fails again and again gives up", async (t) => {
  const { server, transport } = await serve(t, (_, response) => answer(response, 503));
  const error = await failure(transport.request(get));
  assert.equal(error.code, "MEDIANT_DEVICE_FAILURE");
  assert.equal(server.requests.length, 4);
});

test("an answer lost: a GET is asked again, a write is not sent again, an idempotent one is", async (t) => {
  const { server, transport } = await serve(t, (_, response, count) => {
    if ([1, 3, 4].includes(count)) response.socket?.destroy();
    else answer(response, 200);
  });
  await transport.request(get);
  assert.equal(server.requests.length, 2);
  const error = await failure(transport.request(put));
  assert.equal(error.code, "MEDIANT_OUTCOME_UNKNOWN");
  assert.match(error.message, /the connection broke before the answer was whole/);
  assert.equal(server.requests.length, 3);
  await transport.request({ method: "POST", path: "/api/v1/actions/saveConfiguration", idempotent: true });
  assert.equal(server.requests.length, 5);
});

for (const headers of [
  { "content-length": 10 },
  { connection: "close" },
  { connection: "close", "content-length": 10 },
]) {
  test(`an answer cut short is a lost one: ${Object.keys(headers).join(", ")}`, async (t) => {
    const { server, transport } = await serve(t, (_, response, count) => {
      response.writeHead(200, { ...headers });
      response.write("12345");
      setTimeout(() => (count === 1 ? response.socket?.end() : response.end("67890")), 10);
    });
    assert.equal((await transport.request(get)).body.toString(), "1234567890");
    assert.equal(server.requests.length, 2);
  });
}

test("no answer in time", async (t) => {
  const { server, transport } = await serve(t, () => {}, { timeouts: { requestSeconds: 1 } });
  const error = await failure(transport.request({ ...get, policy: { troubleAttempts: 1 } }));
  assert.equal(error.code, "MEDIANT_TIMEOUT");
  assert.match(error.message, /no answer for 1 s/);
  const write = await failure(transport.request(put));
  assert.equal(write.code, "MEDIANT_OUTCOME_UNKNOWN");
  assert.equal(server.requests.length, 2);
});

test("no connection: nothing was sent, so a write is tried again too, and then named unreachable", async (t) => {
  const { server, transport, lines } = await serve(t, (_, response) => answer(response, 200));
  await server.close();
  for (const request of [get, put]) {
    const error = await failure(transport.request(request));
    assert.equal(error.code, "MEDIANT_UNREACHABLE");
    assert.match(error.message, /no connection \(ECONNREFUSED\) \(after \d+ s\)$/);
  }
  assert.deepEqual(lines, ["[sbc1] waiting for the device: not reachable (ECONNREFUSED), 0 s of 60 s"]);
});

test("what is no HTTP is a bad answer", async (t) => {
  const listening = net.createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end("SSH-2.0-OpenSSH\r\n"));
  });
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  t.after(() => listening.close());
  const { port } = listening.address() as net.AddressInfo;
  const transport = new Transport(connectionTo(`http://127.0.0.1:${port}`), {
    log: () => {},
    clock: new JumpingClock(),
  });
  assert.equal((await failure(transport.request(get))).code, "MEDIANT_BAD_ANSWER");
  assert.equal((await failure(transport.request(put))).code, "MEDIANT_OUTCOME_UNKNOWN");
});

test("40 callers with a wrong password make one 401, and later ones none", async (t) => {
  const { server, transport } = await serve(t, (_, response) => setImmediate(() => answer(response, 401)));
  const errors = await Promise.all(
    Array.from({ length: 40 }, (_, n) => failure(transport.request(n % 2 ? get : put))),
  );
  assert.equal(new Set(errors).size, 1);
  assert.equal(errors[0]?.code, "MEDIANT_UNAUTHORIZED");
  await failure(transport.request(get));
  // Other settings, the same user at the same device.
  const other = new Transport(
    connectionTo(server.origin, { name: "again", timeouts: { requestSeconds: 5 } }),
    { device: transport.device },
  );
  await failure(other.request(get));
  assert.equal(server.requests.length, 1);
  const changed = new Transport(connectionTo(server.origin, { password: "pass-word-12" }), {
    device: transport.device,
  });
  await failure(changed.request(get));
  assert.equal(server.requests.length, 2);
});

test("one request at a time until the credential was accepted, then more", async (t) => {
  const held: (() => void)[] = [];
  const { server, transport } = await serve(t, (_, response, count) => {
    const done = () => answer(response, count === 1 ? 503 : 200);
    // Two before the credential is accepted; of the three behind, the first waits for the second.
    if (count <= 2) setTimeout(done, 20);
    else if (count === 3) held.push(done);
    else for (const send of [...held.splice(0), done]) send();
  });
  const all = Promise.all([1, 2, 3, 4].map(() => transport.request(get)));
  while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(server.mostAtOnce, 1);
  await all;
  assert.equal(server.requests.length, 5);
  assert.ok(server.mostAtOnce >= 2);
});

test("a first request without an answer answers for those behind it", async (t) => {
  const { server, transport } = await serve(t, (_, response) => response.socket?.destroy());
  const once = { troubleAttempts: 1 };
  const errors = await Promise.all(
    [put, put, get].map((request) => failure(transport.request({ ...request, policy: once }))),
  );
  assert.deepEqual(
    errors.map(({ code }) => code),
    ["MEDIANT_OUTCOME_UNKNOWN", "MEDIANT_UNREACHABLE", "MEDIANT_UNREACHABLE"],
  );
  assert.equal(server.requests.length, 1);
});

test("a stream is opened anew for each attempt", async (t) => {
  const { server, transport } = await serve(t, (_, response, count) =>
    answer(response, count === 1 ? 409 : 200),
  );
  await transport.request({
    ...put,
    body: { length: 6, open: () => Readable.from([Buffer.from("B = "), Buffer.from("2\n")]) },
  });
  assert.deepEqual(
    server.requests.map(({ headers, body }) => [headers["content-length"], body.toString()]),
    [
      ["6", "B = 2\n"],
      ["6", "B = 2\n"],
    ],
  );
});

test("connections are kept", async (t) => {
  const { server, transport } = await serve(t, (_, response) => answer(response, 200));
  const ports = new Set<number | undefined>();
  server.onSocket = (port) => ports.add(port);
  for (let n = 0; n < 10; n++) await transport.request(get);
  // The pool may take a second one while the first is being freed.
  assert.ok(ports.size <= 2, `${ports.size} connections`);
});

test("each attempt is published, without bodies", async (t) => {
  const { server, transport } = await serve(t, (_, response, count) =>
    answer(response, count === 1 ? 503 : 200),
  );
  const events: RequestEvent[] = [];
  const listen = (event: unknown) => {
    events.push(event as RequestEvent);
  };
  subscribe("pulumi-mediant:request", listen);
  t.after(() => unsubscribe("pulumi-mediant:request", listen));
  await transport.request(get);
  await server.close();
  await failure(transport.request({ ...get, policy: { troubleAttempts: 1 } }));
  assert.deepEqual(
    events.map(({ ms: _, ...event }) => event),
    [503, 200, undefined].map((status) => ({ device: "sbc1", method: "GET", path: get.path, status })),
  );
});
