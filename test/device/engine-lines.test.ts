import assert from "node:assert/strict";
import { createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import type { ShownLine } from "../../src/device/log";
import { EngineLines } from "../../src/device/shared/engine-lines";
import { engineOf } from "../../src/device/shared/engine-watch";
import { showPresence } from "../engine/presence";

const line = (text: string, severity: ShownLine["severity"] = "info"): ShownLine => ({
  text,
  severity,
  marked: `marked ${text}`,
});

function linesTo(address: string): EngineLines {
  const found = engineOf(["node", "/x/cmd/dynamic-provider", address]);
  assert.ok(found);
  return new EngineLines(found);
}

const printed = (t: TestContext): string[] => {
  const all: string[] = [];
  t.mock.method(console, "log", (text: string) => all.push(text));
  return all;
};

test("the engine gets each line in its order, a warning as one, and nothing is printed", async (t) => {
  const out = printed(t);
  const taken: string[] = [];
  const presence = await showPresence((severity, message) => taken.push(`${severity} ${message}`));
  t.after(() => presence.close());
  const lines = linesTo(presence.address);
  const long = "ä".repeat(40_000);
  lines.show(line("one"));
  lines.show(line("two", "warning"));
  lines.show(line(long));
  await lines.settled();
  assert.deepEqual(taken, ["info one", "warning two", `info ${long}`]);
  assert.deepEqual(out, []);
});

test("what an engine does not take is printed, and later lines are as well", async (t) => {
  const out = printed(t);
  let asked = 0;
  const sessions: ServerHttp2Session[] = [];
  const server = createServer().on("session", (session) => sessions.push(session));
  server.on("stream", (stream) => {
    asked += 1;
    stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-status": "12" });
    stream.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const lines = linesTo(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  lines.show(line("one"));
  lines.show(line("two", "warning"));
  await lines.settled();
  assert.deepEqual(out, ["marked one", "marked two"]);
  assert.equal(asked, 1);
  server.close();
  for (const session of sessions) session.destroy();
  const nobody = linesTo("127.0.0.1:1");
  nobody.show(line("three"));
  await nobody.settled();
  assert.deepEqual(out, ["marked one", "marked two", "marked three"]);
});
