import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import type { DeviceSettings } from "../../src/declare/device";
import { DeviceClient } from "../../src/device/client";
import { Devices } from "../../src/device/devices";
import { type DeviceErrorCode, isDeviceError } from "../../src/device/errors";
import { Transport } from "../../src/device/http/transport";
import { formOfFirmware } from "../../src/device/upload/uploads";
import { QUICK_START } from "../shared/quick-node";
import { JumpingClock } from "./clock";
import { answer, connectionTo, type Handler, type SeenRequest, startServer } from "./server";

const ini = Buffer.from("SIPGatewayName = 'gw'\n");

async function serve(t: TestContext, handler: Handler, settings: DeviceSettings = {}) {
  const server = await startServer(handler);
  t.after(() => server.close());
  const connection = connectionTo(server.origin, settings);
  const transport = new Transport(connection, { log: () => {}, clock: new JumpingClock(), random: () => 0 });
  return { server, connection, client: new DeviceClient(connection, transport) };
}

/** A device of that firmware that takes uploads in the forms given. */
function device(versionID: string, takes: ("raw" | "multipart")[], refusal = 400): Handler {
  return (request, response) => {
    if (request.method === "GET") return answer(response, 200, { versionID });
    const form = formOf(request);
    return answer(response, takes.includes(form) ? 200 : refusal, { description: `no ${form} here` });
  };
}

function formOf({ headers }: SeenRequest): "raw" | "multipart" {
  return headers["content-type"]?.startsWith("multipart/form-data") ? "multipart" : "raw";
}

const sent = (requests: SeenRequest[]) =>
  requests.map((request) => (request.method === "PUT" ? formOf(request) : request.path));

function failsWith(code: DeviceErrorCode, message: RegExp) {
  return (error: unknown) => {
    assert.ok(isDeviceError(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

test("the status", async (t) => {
  const { server, client } = await serve(t, (_, response) =>
    answer(response, 200, { versionID: "7.40A.005.314" }),
  );
  assert.deepEqual(await client.status(), { version: "7.40A.005.314", other: {} });
  assert.equal(server.requests[0]?.path, "/api/v1/status");
});

test("the ini file, fresh each time and byte for byte", async (t) => {
  const bytes = Buffer.from([0x41, 0x3d, 0xe9, 0x00, 0xff, 0x0d, 0x0a]);
  const { server, client } = await serve(t, (_, response) => response.end(bytes));
  assert.deepEqual(await client.ini(), bytes);
  await client.ini();
  assert.deepEqual(sent(server.requests), ["/api/v1/files/ini", "/api/v1/files/ini"]);
});

test("the CLI script, byte for byte, and what is none is a bad answer", async (t) => {
  const bodies = ["configure voip\r\n  exit\r\n", "", "<html>Login</html>", '{"description": "x"}'];
  const { server, client } = await serve(t, (_, response, count) => response.end(bodies[count - 1]));
  assert.equal((await client.cliScript()).toString(), bodies[0]);
  assert.equal(server.requests[0]?.path, "/api/v1/files/cliScript");
  for (const _ of bodies.slice(1)) {
    await assert.rejects(client.cliScript(), failsWith("MEDIANT_BAD_ANSWER", /the answer is no CLI script/));
  }
});

test("an incremental script: the answer as it came, and never sent twice", async (t) => {
  const words = '{\n"done",\n"Proxy 1. Proxy 2"\n}';
  const { server, client } = await serve(
    t,
    (_, response, count) => {
      if (count === 2) response.socket?.destroy();
      else response.end(count === 1 ? words : "");
    },
    { upload: "multipart" },
  );
  const script = Buffer.from("show voip proxy\n");
  const answered = await client.putIncrementalCliScript(script, []);
  assert.deepEqual({ ...answered, body: answered.body.toString() }, { status: 200, body: words });
  assert.equal(server.requests[0]?.path, "/api/v1/files/cliScript/incremental");
  assert.match(server.requests[0]?.body.toString() ?? "", /filename="cli\.txt"[\s\S]*show voip proxy\n/);
  await assert.rejects(client.putIncrementalCliScript(script, []), failsWith("MEDIANT_OUTCOME_UNKNOWN", /./));
  assert.equal(server.requests.length, 2);
});

test("a listing as it came, and an empty one", async (t) => {
  const { client } = await serve(t, ({ path }, response) => {
    if (path === "/api") answer(response, 200, { versions: [] });
    else answer(response, 204);
  });
  assert.deepEqual(await client.get("/api"), { status: 200, body: Buffer.from('{"versions":[]}') });
  assert.deepEqual(await client.get("/api/v1/alarms"), { status: 204, body: Buffer.alloc(0) });
});

test("what is no status and no ini file is a bad answer", async (t) => {
  for (const body of ["", "<html>Login</html>", '{"description": "x"}']) {
    const { client } = await serve(t, (_, response) => response.end(body));
    await assert.rejects(
      client.status(),
      failsWith("MEDIANT_BAD_ANSWER", /200, but the answer is no status/),
    );
    await assert.rejects(client.ini(), failsWith("MEDIANT_BAD_ANSWER", /200, but the answer is no ini file/));
  }
});

test("7.0 takes the bare file", async (t) => {
  const { server, client } = await serve(t, device("7.00A.018.005", ["raw"]));
  await client.putIncrementalIni(ini, []);
  await client.putIncrementalIni(ini, []);
  assert.deepEqual(sent(server.requests), ["/api/v1/status", "raw", "raw"]);
  const upload = server.requests[1];
  assert.equal(upload?.path, "/api/v1/files/ini/incremental");
  assert.equal(upload?.headers["content-type"], "application/octet-stream");
  assert.deepEqual(upload?.body, ini);
});

test("7.2 and later take one part named file", async (t) => {
  const { server, client } = await serve(t, device("7.20A.256.024", ["multipart"]));
  await client.putIncrementalIni(ini, []);
  const upload = server.requests[1];
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(upload?.headers["content-type"] ?? "")?.[1];
  const head =
    'Content-Disposition: form-data; name="file"; filename="ini.ini"\r\nContent-Type: application/octet-stream\r\n\r\n';
  assert.equal(upload?.body.toString(), `--${boundary}\r\n${head}${ini}\r\n--${boundary}--\r\n`);
  assert.equal(upload?.headers["content-length"], String(upload?.body.length));
});

test("the firmware is asked once, by however many uploads", async (t) => {
  const { server, connection, client } = await serve(t, device("7.40A", ["multipart"]));
  const other = new DeviceClient(connection, new Transport(connection, { device: client.device }));
  await Promise.all([client.putIncrementalIni(ini, []), other.putIncrementalIni(ini, [])]);
  assert.equal(sent(server.requests).filter((what) => what === "/api/v1/status").length, 1);
});

for (const refusal of [400, 415]) {
  test(`at ${refusal} the other form is tried once, and remembered when it helps`, async (t) => {
    const { server, client } = await serve(t, device("7.40A", ["raw"], refusal));
    await client.putIncrementalIni(ini, []);
    await client.putIncrementalIni(ini, []);
    assert.deepEqual(sent(server.requests), ["/api/v1/status", "multipart", "raw", "raw"]);
  });
}

test("a file refused in both forms is refused with the first one's words", async (t) => {
  const { server, client } = await serve(t, device("7.40A", []));
  await assert.rejects(
    client.putIncrementalIni(ini, []),
    failsWith("MEDIANT_REFUSED", /400 Bad Request: no multipart here$/),
  );
  assert.deepEqual(sent(server.requests), ["/api/v1/status", "multipart", "raw"]);
});

test("once a form was taken, a refusal is about the file", async (t) => {
  let broken = false;
  const { server, client } = await serve(t, (request, response) =>
    device("7.40A", broken ? [] : ["multipart"])(request, response, 0),
  );
  await client.putIncrementalIni(ini, []);
  broken = true;
  await assert.rejects(client.putIncrementalIni(ini, []), failsWith("MEDIANT_REFUSED", /no multipart here/));
  assert.deepEqual(sent(server.requests), ["/api/v1/status", "multipart", "multipart"]);
});

test("a lost answer to the second form is not hidden by the first one's refusal", async (t) => {
  const { client } = await serve(t, (request, response) => {
    if (request.method === "PUT" && formOf(request) === "raw") response.socket?.destroy();
    else device("7.40A", [])(request, response, 0);
  });
  await assert.rejects(client.putIncrementalIni(ini, []), failsWith("MEDIANT_OUTCOME_UNKNOWN", /./));
});

test("a form that is said is the only one", async (t) => {
  const { server, client } = await serve(t, device("7.40A", ["multipart"]), { upload: "raw" });
  await assert.rejects(client.putIncrementalIni(ini, []), failsWith("MEDIANT_REFUSED", /no raw here/));
  assert.deepEqual(sent(server.requests), ["raw"]);
});

test("a status that fails is asked again by the next upload", async (t) => {
  let reachable = false;
  const { client } = await serve(t, (request, response) =>
    reachable ? device("7.40A", ["multipart"])(request, response, 0) : answer(response, 404),
  );
  await assert.rejects(client.putIncrementalIni(ini, []), failsWith("MEDIANT_NOT_FOUND", /status: 404/));
  reachable = true;
  await client.putIncrementalIni(ini, []);
});

test("the secrets of a file are not shown when the device repeats them", async (t) => {
  const { client } = await serve(
    t,
    (_, response) => answer(response, 400, { description: "bad: canary-1 pass-word-1" }),
    {
      upload: "raw",
    },
  );
  await assert.rejects(
    client.putIncrementalIni(ini, ["canary-1"]),
    failsWith("MEDIANT_REFUSED", /bad: \[secret\] \[secret\]$/),
  );
});

const SAVE = "/api/v1/actions/saveConfiguration";

test("saving: any 2xx will do, and after a lost answer a device that runs on is asked again", async (t) => {
  const { server, client } = await serve(t, ({ path }, response, count) => {
    if (path !== SAVE) answer(response, 200, { versionID: "7.40A.005.314", systemUpTime: 90 });
    else if (count === 1) response.socket?.destroy();
    else answer(response, 201);
  });
  await client.saveConfiguration();
  assert.deepEqual(sent(server.requests), [SAVE, "/api/v1/status", SAVE]);
  assert.equal(server.requests[0]?.body.length, 0);
});

for (const [what, upTimes, words] of [
  [
    "has started anew",
    [500, 3],
    /it has restarted meanwhile, and a change that was not saved is lost: run it again/,
  ],
  ["does not tell that it runs on", [undefined, undefined], /it does not tell if it has restarted/],
] as const)
  test(`saving: after a lost answer a device that ${what} is not asked again`, async (t) => {
    const left = [...upTimes];
    const { server, client } = await serve(t, ({ method, path }, response) => {
      if (path === SAVE) response.socket?.destroy();
      else if (method === "PUT") answer(response, 200);
      else answer(response, 200, { versionID: "7.40A.005.314", systemUpTime: left.shift() });
    });
    await client.putIncrementalIni(ini, []);
    await assert.rejects(client.saveConfiguration(), failsWith("MEDIANT_OUTCOME_UNKNOWN", words));
    assert.equal(server.requests.filter(({ path }) => path === SAVE).length, 1);
  });

test("a web page that answers a write is no answer to it", async (t) => {
  const { client } = await serve(t, ({ method }, response) => {
    if (method === "GET") answer(response, 200, { versionID: "7.40A.005.314", systemUpTime: 1 });
    else
      response.writeHead(200, { "content-type": "text/html" }).end("\n<!DOCTYPE html><title>Login</title>");
  });
  const said = /not known if the device did it: 200, but the answer is a web page/;
  await assert.rejects(client.putIncrementalIni(ini, []), failsWith("MEDIANT_OUTCOME_UNKNOWN", said));
  await assert.rejects(client.saveConfiguration(), failsWith("MEDIANT_OUTCOME_UNKNOWN", said));
});

test("equal connections have one client, and all of a device what is remembered of it", () => {
  const devices = new Devices();
  const client = devices.client(connectionTo("https://sbc1"));
  assert.equal(devices.client(connectionTo("https://sbc1")), client);
  const raw = devices.client(connectionTo("https://sbc1", { upload: "raw" }));
  assert.notEqual(raw, client);
  assert.equal(raw.transport, client.transport, "the form of uploads is no matter of the transport");
  const other = devices.client(connectionTo("https://sbc1", { password: "x" }));
  assert.notEqual(other.transport, client.transport);
  for (const each of [raw, other]) assert.equal(each.device, client.device);
  assert.notEqual(devices.client(connectionTo("https://sbc2")).device, client.device);
  assert.notEqual(new Devices().client(connectionTo("https://sbc1")), client, "another process");
});

test("the form by firmware", () => {
  const versions = [
    "6.60A.367.005",
    "7.00A.018.005",
    "7.20A.001.001",
    "7.40A",
    "8.00A",
    "unheard of",
    undefined,
  ];
  assert.deepEqual(versions.map(formOfFirmware), [
    ...["raw", "raw", "multipart", "multipart", "multipart", "multipart", "multipart"],
  ]);
});

test("a process that has used a client ends by itself", { timeout: 60_000 }, async (t) => {
  const { server } = await serve(t, (_, response) => answer(response, 200, { versionID: "7.40A" }));
  const script = `
    const { Devices } = require("./devices");
    const { resolveConnection } = require("./connect/connection");
    const connection = resolveConnection({ url: "${server.origin}", username: "u", password: "p" }, {});
    const client = new Devices().client(connection);
    client.device.queue.exclusive("one", async () => {});
    client.device.cache.get("a", async () => Buffer.alloc(1));
    client.status().then(({ version }) => console.log(version));`;
  const folder = join(__dirname, "../../src/device");
  const { stdout } = await promisify(execFile)(process.execPath, [...QUICK_START, "-e", script], {
    cwd: folder,
  });
  assert.equal(stdout, "7.40A\n");
});

test("every write drops what was read before it and during it", async (t) => {
  const { client } = await serve(t, (_, response) => answer(response, 200, { versionID: "7.40A.005.314" }));
  const { cache } = client.device;
  const document = (text: string) => cache.get("ini", () => Promise.resolve(Buffer.from(text)));
  const writes = [
    () => client.putIncrementalIni(Buffer.from("A = 1\n"), []),
    () => client.putIncrementalCliScript(Buffer.from("show x\n"), []),
  ];
  for (const write of writes) {
    await document("before");
    const writing = write();
    assert.equal(String(await document("during")), "during");
    await writing;
    assert.equal(String(await document("after")), "after");
    cache.drop();
  }
});
