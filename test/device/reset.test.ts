import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { cutInstead, darkUntilMissed, device, failure, instead, later, serve } from "./resetting";
import { answer, certificate } from "./server";

test("a reset: what is sent, what is told, and the device afterwards", async (t) => {
  const { server, client, lines, wait } = await device(t);
  const outcome = await client.reset({ saveConfiguration: false, gracefulTimeout: 0 }, wait);
  assert.deepEqual(
    { ...outcome, seconds: 0 },
    {
      ...{ answered: true, failure: undefined, wentDown: true, seconds: 0 },
      status: { version: "7.40A.005.314", other: {} },
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
  const { server, client, wait } = await device(t);
  const cache = client.device.cache;
  await cache.get("ini", async () => Buffer.from("old"));
  const file = Buffer.from("A = 1\n");
  assert.equal((await client.putIni(file, [], wait)).wentDown, true);
  assert.equal((await cache.get("ini", async () => Buffer.from("new"))).toString(), "new");
  assert.equal((await client.putCliScript(file, [], wait)).wentDown, true);
  const uploads = server.requests.filter(({ method }) => method === "PUT");
  assert.equal(server.requests[1], uploads[0], "one status before it, no more");
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

test("a device that is away for many looks", async (t) => {
  const { client, wait } = await device(t, { darkMs: 1_000 });
  assert.equal((await client.reset({}, wait)).wentDown, true);
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
  assert.equal(lines.at(-1), "[sbc1] config: the device did not go down within 1 s");
});

for (const [gracefulTimeout, endsMs] of [
  [3, 600],
  // 1 is no second, but "until all calls have ended".
  [1, 1_800],
] as [number, number][]) {
  test(`calls may end first: gracefulTimeout ${gracefulTimeout}`, async (t) => {
    const made: Awaited<ReturnType<typeof serve>> = await serve(t, {
      handler: ({ method }, response) => {
        answer(response, 200, { versionID: "7.40A" });
        if (method !== "POST") return;
        later(endsMs, () => darkUntilMissed(made.server, made.lines));
      },
    });
    const { client, lines, wait } = made;
    assert.equal((await client.reset({ gracefulTimeout }, wait)).wentDown, true);
    assert.equal(lines[0], "[sbc1] config: waiting for the device to end its calls and go down, 0 s");
  });
}

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
    /actions\/reset: accepted, went down, refused the login 3 times: 401 Unauthorized: check username/,
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
    assert.equal(outcome.status.version, "7.40A.005.314");
    const word = status === 200 ? "no status" : String(status);
    assert.ok(
      lines.includes(`[sbc1] config: waiting for the device to be ready (${word}), 0 s`),
      lines.join("\n"),
    );
  });
}
