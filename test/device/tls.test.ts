import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { type TestContext, test } from "node:test";
import type { TlsSettings } from "../../src/declare/device";
import { type DeviceError, isDeviceError } from "../../src/device/errors";
import { Transport } from "../../src/device/http/transport";
import { JumpingClock } from "./clock";
import { answer, certificate, connectionTo, startServer } from "./server";

const forDevice = certificate({ type: 7, ip: "127.0.0.1" });
const forOther = certificate({ type: 2, value: "other.example.com" });

async function ask(t: TestContext, made: { key: string; cert: string }, tls: TlsSettings) {
  const server = await startServer((_, response) => answer(response, 200), made);
  t.after(() => server.close());
  const lines: string[] = [];
  const transport = new Transport(connectionTo(server.origin, { tls }), {
    log: (line) => lines.push(line),
    clock: new JumpingClock(),
  });
  const send = () =>
    transport.request({ method: "GET", path: "/api/v1/status" }).then(
      ({ status }) => status,
      (error: unknown): DeviceError => (isDeviceError(error) ? error : assert.fail(String(error))),
    );
  return { result: await send(), again: await send(), server, transport, lines };
}

function refused(result: number | DeviceError, message: RegExp): void {
  assert.ok(typeof result !== "number", "it was accepted");
  assert.equal(result.code, "MEDIANT_TLS");
  assert.match(result.message, message);
}

test("a certificate of an unknown authority is refused before anything is sent, each time", async (t) => {
  const made = await forDevice;
  const { result, again, server } = await ask(t, made, {});
  const { fingerprint256 } = new X509Certificate(made.cert);
  refused(result, /not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\).*set tls\.ca /);
  refused(result, new RegExp(`own, run pulumi config .* ${fingerprint256}$`));
  refused(again, /not trusted/);
  assert.equal(server.requests.length, 0);
});

test("the error ends in what trusts the certificate, with a name and without", async (t) => {
  const made = await forDevice;
  const { fingerprint256 } = new X509Certificate(made.cert);
  for (const [settings, ending] of [
    [{ name: undefined }, "own, set tls.fingerprint256 to "],
    [{ name: "sbc1" }, "run pulumi config set --path 'mediant:devices.sbc1.tls.fingerprint256' "],
    [{ name: "it's" }, `run pulumi config set --path 'mediant:devices["it'\\''s"].tls.fingerprint256' `],
  ] as const) {
    const server = await startServer((_, response) => answer(response, 200), made);
    t.after(() => server.close());
    const transport = new Transport(connectionTo(server.origin, settings), { clock: new JumpingClock() });
    await assert.rejects(transport.request({ method: "GET", path: "/api" }), ({ message }: Error) =>
      message.endsWith(ending + fingerprint256),
    );
  }
});

test("its authority as ca makes it trusted", async (t) => {
  const made = await forDevice;
  const { result, again } = await ask(t, made, { ca: made.cert });
  assert.deepEqual([result, again], [200, 200]);
});

test("another name is refused, each time, unless servername says it", async (t) => {
  const made = await forOther;
  const { result, again, server } = await ask(t, made, { ca: made.cert });
  refused(result, /for another name \(ERR_TLS_CERT_ALTNAME_INVALID\).*set tls\.servername/);
  refused(again, /for another name/);
  assert.equal(server.requests.length, 0);
  const named = await ask(t, made, { ca: made.cert, servername: "other.example.com" });
  assert.equal(named.result, 200);
});

test("a matching pin replaces chain and name, in any way of writing", async (t) => {
  const made = await forOther;
  const { fingerprint256 } = new X509Certificate(made.cert);
  for (const pin of [fingerprint256, fingerprint256.toLowerCase(), fingerprint256.replaceAll(":", "")]) {
    const { result, lines } = await ask(t, made, { fingerprint256: pin });
    assert.equal(result, 200);
    assert.deepEqual(lines, []);
  }
});

test("another pin is refused, also where the chain is trusted or not checked", async (t) => {
  const made = await forDevice;
  const fingerprint256 = "00".repeat(32);
  for (const tls of [{ ca: made.cert }, { insecureSkipVerify: true }]) {
    const { result, server } = await ask(t, made, { ...tls, fingerprint256 });
    refused(result, /not the pinned one, its SHA-256 fingerprint is [0-9A-F:]{95}; find out why it changed/);
    assert.equal(server.requests.length, 0);
  }
});

test("insecureSkipVerify accepts any, with one warning a device", async (t) => {
  const made = await forOther;
  const { result, server, transport, lines } = await ask(t, made, { insecureSkipVerify: true });
  assert.equal(result, 200);
  assert.deepEqual(lines, [
    `[sbc1] warning: the certificate of ${server.origin} is not checked (tls.insecureSkipVerify)`,
  ]);
  const more: string[] = [];
  new Transport(connectionTo(server.origin, { tls: { insecureSkipVerify: true } }), {
    device: transport.device,
    log: (line) => more.push(line),
  });
  assert.deepEqual(more, []);
});

test("a port that speaks plain http", async (t) => {
  const server = await startServer((_, response) => answer(response, 200));
  t.after(() => server.close());
  const connection = connectionTo(server.origin.replace("http:", "https:"));
  const transport = new Transport(connection, { log: () => {}, clock: new JumpingClock() });
  await assert.rejects(transport.request({ method: "PUT", path: "/api/v1/files/ini" }), (error) => {
    assert.ok(isDeviceError(error));
    assert.equal(error.code, "MEDIANT_TLS");
    assert.match(error.message, /the TLS handshake failed .*plain http\?/);
    return true;
  });
});

test("a device that knows TLS 1.1 at most", async (t) => {
  const made = await forDevice;
  const server = await startServer((_, response) => answer(response, 200), {
    ...made,
    ...{ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
  });
  t.after(() => server.close());
  const connection = connectionTo(server.origin, { tls: { insecureSkipVerify: true } });
  const transport = new Transport(connection, { log: () => {}, clock: new JumpingClock() });
  await assert.rejects(
    transport.request({ method: "GET", path: "/api/v1/status" }),
    /TLS 1\.2 or later is needed/,
  );
});
