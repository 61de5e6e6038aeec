import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { type TestContext, test } from "node:test";
import { connectProblem, placeOf, shakeHands } from "../../src/device/http/certificate";
import { bench } from "../simulator/harness";

const CHECKED = { insecureSkipVerify: false };

async function portOf(t: TestContext, server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

test("a handshake shows the certificate, and no request goes out", async (t) => {
  const { simulator } = await bench(t, { tls: true });
  const place = placeOf(simulator.url);
  const untrusted = await shakeHands(place, CHECKED);
  assert.ok(untrusted.kind === "certificate");
  assert.equal(untrusted.certificate.fingerprint256, simulator.fingerprint256);
  assert.deepEqual(untrusted.certificate.names, ["localhost", "127.0.0.1"]);
  assert.equal(untrusted.certificate.selfSigned, true);
  assert.deepEqual([untrusted.accepted, untrusted.problem], [false, "DEPTH_ZERO_SELF_SIGNED_CERT"]);
  const trusted = await shakeHands(place, { ...CHECKED, ca: simulator.certificate });
  assert.ok(trusted.kind === "certificate");
  assert.deepEqual([trusted.accepted, trusted.problem], [true, undefined]);
  assert.equal(simulator.requests.length, 0);
});

test("what speaks no TLS is told from what does not answer", async (t) => {
  const { simulator } = await bench(t);
  assert.deepEqual(await shakeHands(placeOf(simulator.url), CHECKED), { kind: "plain" });
  const silent = await portOf(
    t,
    createServer((socket) => t.after(() => socket.destroy())),
  );
  const place = { host: "127.0.0.1", port: silent };
  assert.deepEqual(await shakeHands(place, CHECKED, 50), {
    kind: "failed",
    sentence: "no answer to the TLS handshake (timeout)",
  });
  assert.equal(await connectProblem(place), undefined);
  const rude = await portOf(
    t,
    createServer((socket) => socket.end()),
  );
  const cut = await shakeHands({ host: "127.0.0.1", port: rude }, CHECKED);
  assert.equal(cut.kind, "failed");
});

test("the place of a url has its scheme's port, and an address without brackets", () => {
  assert.deepEqual(placeOf("https://sbc1.example.com"), { host: "sbc1.example.com", port: 443 });
  assert.deepEqual(placeOf("http://[2001:db8::1]"), { host: "2001:db8::1", port: 80 });
  assert.deepEqual(placeOf("https://192.0.2.1:8443"), { host: "192.0.2.1", port: 8443 });
});
