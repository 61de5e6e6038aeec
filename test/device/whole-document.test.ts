import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { DeviceClient } from "../../src/device/client";
import { isDeviceError } from "../../src/device/errors";
import { Transport } from "../../src/device/http/transport";
import { JumpingClock } from "./clock";
import { connectionTo, startServer } from "./server";

const table = (name: string, rows: number) =>
  [
    `[ ${name} ]`,
    "FORMAT Index = Name, Mode;",
    ...Array.from({ length: rows }, (_, index) => `${name} ${index} = "n${index}", 61;`),
    `[ \\${name} ]`,
    "",
  ].join("\r\n");
const DUMP = `;Board: 69\r\n[SYSTEM Params]\r\nEnableSyslog = 1\r\n${table("IPGroup", 3)}${table("ProxySet", 8)}`;
/** Cut between its tables: nothing in it says so. */
const SHORTER = DUMP.slice(0, DUMP.indexOf("[ ProxySet ]"));
const HALF = DUMP.slice(0, DUMP.indexOf("ProxySet 4"));
const SCRIPT =
  "configure system\r\n  hostname x\r\nexit\r\nconfigure voip\r\n  proxy-set 1\r\n    activate\r\n  exit\r\nexit\r\n";

type Answer = (response: ServerResponse) => void;

const whole =
  (body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(200, { "content-length": Buffer.byteLength(body), ...headers }).end(body);

/** Without a length or chunks: the connection closes, and that is all. */
const closed =
  (body: string): Answer =>
  (response) => {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
    response.writeHead(200).end(body);
  };

/** A device that gives these answers in turn, the last one again and again. */
async function device(t: TestContext, ...answers: Answer[]) {
  const server = await startServer((_, response, count) =>
    (answers[count - 1] ?? answers.at(-1))?.(response),
  );
  t.after(() => server.close());
  const connection = connectionTo(server.origin);
  const transport = new Transport(connection, { log: () => {}, clock: new JumpingClock(), random: () => 0 });
  return { server, client: new DeviceClient(connection, transport) };
}

async function refusal(read: Promise<Buffer>): Promise<string> {
  const error: unknown = await read.then(
    () => assert.fail("it was given out"),
    (thrown: unknown) => thrown,
  );
  assert.ok(isDeviceError(error));
  assert.equal(error.code, "MEDIANT_BAD_ANSWER");
  return error.message;
}

const BAD: Record<string, [Answer, RegExp]> = {
  "half a table": [whole(HALF), /no whole ini file: table ProxySet \(line \d+\) has no end tag/],
  "half a table on a connection that closes": [closed(HALF), /table ProxySet .* no end tag/],
  "a cell cut in the middle": [
    whole(DUMP.slice(0, DUMP.lastIndexOf("61") + 1)),
    /row ProxySet 7 does not end|no end tag/,
  ],
  "only the header": [whole(";Board: 69\r\n"), /shows no parameter and no table/],
  prose: [
    whole("Internal error, try again later\n"),
    /line 1: it ends in text that is no part of an ini file/,
  ],
  nothing: [whole(""), /the answer is no ini file \(it is empty\)/],
  "a web page": [whole("<html>Login</html>"), /no ini file \(it is a web page\)/],
  JSON: [whole('{"description": "x"}'), /no ini file \(it is JSON\)/],
  "compressed bytes": [whole(gzipSync(DUMP)), /it is compressed, and its headers do not say so/],
  "half of a compressed file": [
    whole(gzipSync(DUMP).subarray(0, 60), { "content-encoding": "gzip" }),
    /its gzip encoding is cut or damaged/,
  ],
  "an unknown encoding": [whole(DUMP, { "content-encoding": "zstd" }), /a content encoding zstd that/],
  "a short row": [whole(DUMP.replace('"n3", 61;', '"n3";')), /has 1 values for 2 columns/],
};

for (const [what, [bad, words]] of Object.entries(BAD)) {
  test(`${what}: refused with what is wrong, and read again until it is good`, async (t) => {
    const { client: never, server } = await device(t, bad);
    assert.match(await refusal(never.ini()), words);
    assert.equal(server.requests.length, 4);
    const { client } = await device(t, bad, whole(DUMP));
    assert.equal((await client.ini()).toString(), DUMP);
  });
}

test("content encodings are taken off, one or several", async (t) => {
  const forms: [string, Buffer][] = [
    ["gzip", gzipSync(DUMP)],
    ["X-GZIP", gzipSync(DUMP)],
    ["deflate", deflateSync(DUMP)],
    ["br", brotliCompressSync(DUMP)],
    ["deflate, gzip", gzipSync(deflateSync(DUMP))],
    ["identity", Buffer.from(DUMP)],
  ];
  for (const [encoding, body] of forms) {
    const { client, server } = await device(t, whole(body, { "content-encoding": encoding }));
    assert.equal((await client.ini()).toString(), DUMP);
    assert.equal(server.requests.length, 1);
  }
});

test("a length that is not reached is no answer", async (t) => {
  const short: Answer = (response) => {
    response.writeHead(200, { "content-length": DUMP.length }).write(SHORTER, () => response.destroy());
  };
  const { client, server } = await device(t, short, whole(DUMP));
  assert.equal((await client.ini()).toString(), DUMP);
  assert.equal(server.requests.length, 2);
});

test("a body that merely stops needs a second one that shows the same", async (t) => {
  const { client, server } = await device(t, closed(SHORTER), closed(DUMP), closed(DUMP));
  assert.equal((await client.ini()).toString(), DUMP);
  assert.equal(server.requests.length, 3);
  const { client: good, server: counted } = await device(t, closed(SHORTER), whole(DUMP));
  assert.equal((await good.ini()).toString(), DUMP);
  assert.equal(counted.requests.length, 2, "a body with a length is proof by itself");
});

test("a read that shows less than the one before needs a second one that shows the same", async (t) => {
  const { client, server } = await device(t, whole(DUMP), whole(SHORTER), whole(DUMP));
  await client.ini();
  assert.equal((await client.ini()).toString(), DUMP);
  assert.equal(server.requests.length, 3);
  const { client: fewer, server: counted } = await device(t, whole(DUMP), whole(SHORTER));
  await fewer.ini();
  assert.equal((await fewer.ini()).toString(), SHORTER);
  assert.equal(counted.requests.length, 3);
  await fewer.ini();
  assert.equal(counted.requests.length, 4, "that it shows less is known now");
});

test("a row that is gone counts as less, another value or order does not", async (t) => {
  const row = 'ProxySet 3 = "n3", 61;\r\n';
  const other = DUMP.replace(row, "").replace("ProxySet 7", `${row}ProxySet 7`).replace("n5", "m5");
  const { client, server } = await device(t, whole(DUMP), whole(other), whole(DUMP.replace(row, "")));
  await client.ini();
  await client.ini();
  assert.equal(server.requests.length, 2);
  await client.ini();
  assert.equal(server.requests.length, 4);
});

test("reads that never agree are an error that says what is missing", async (t) => {
  let rows = 8;
  const { client } = await device(t, whole(DUMP), (response) =>
    whole(`${SHORTER}${table("ProxySet", --rows)}`)(response),
  );
  await client.ini();
  assert.match(
    await refusal(client.ini()),
    /4 reads in a row do not agree .* it shows no more: proxyset 4, proxyset 5, proxyset 6 and 1 more/,
  );
});

test("a caller's own doubt asks for a second read, once", async (t) => {
  const { client, server } = await device(t, whole(SHORTER), whole(DUMP));
  const doubt = (dump: Buffer) => (dump.includes("ProxySet") ? undefined : "it does not show table ProxySet");
  assert.equal((await client.ini(doubt)).toString(), DUMP);
  assert.equal(server.requests.length, 2);
});

test("the same for a script", async (t) => {
  const oneMode = SCRIPT.slice(0, SCRIPT.indexOf("configure voip"));
  const cut = SCRIPT.slice(0, -"exit\r\n".length);
  const { client, server } = await device(t, whole(cut), whole(SCRIPT), whole(oneMode), whole(SCRIPT));
  for (let read = 0; read < 2; read++) assert.equal((await client.cliScript()).toString(), SCRIPT);
  assert.equal(server.requests.length, 4);
  const { client: never } = await device(t, whole("% Error: no memory\r\n"));
  assert.match(await refusal(never.cliScript()), /no whole CLI script: line 1: an error message stands/);
});
