import assert from "node:assert/strict";
import { describe, it, type TestContext, test } from "node:test";
import type {
  IncrementalIniInputs,
  IncrementalIniState,
} from "../../src/reconcile/ini/incremental-ini-config";
import { MetDevices } from "../../src/reconcile/life/met-devices";
import { newRun } from "../shared/life";
import { startFresh } from "../shared/simulated";

/** One device that is reached by its address and by a name, and a run that declares things through both. */
async function twoWays(t: TestContext, options: Parameters<typeof startFresh>[0] = {}) {
  t.mock.method(console, "log", () => {});
  const simulator = await startFresh(options);
  t.after(() => simulator.close());
  const life = newRun().incrementalIniConfig;
  const urls = [simulator.url, simulator.url.replace("127.0.0.1", "localhost")];
  const inputs = (way: number, name: string, parameters: Record<string, string>) => ({
    device: { name: `way${way}`, url: urls[way] ?? "", username: "Admin", password: "Admin" },
    __mediantName: name,
    parameters,
  });
  const check = async (declared: IncrementalIniInputs) =>
    assert.deepEqual((await life.check({}, declared)).failures, []);
  return { simulator, life, urls, inputs, check };
}

const failure = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "",
    (error: Error & { reasons?: string[] }) => error.reasons?.join("\n") ?? error.message,
  );

test("what contradicts another declaration through another name of the device is refused, not written", async (t) => {
  const { simulator, life, urls, inputs, check } = await twoWays(t);
  const a = inputs(0, "a", { EnableSyslog: "1" });
  const b = inputs(1, "b", { EnableSyslog: "0" });
  await check(a);
  await check(b);
  await life.create(a);
  const writes = simulator.writes.length;
  const [one, other] = [...urls].sort();
  assert.equal(
    await failure(life.create(b)),
    `EnableSyslog is declared with another value by IncrementalIniConfig a; ${one} and ${other} are one device (S/N ${simulator.serialNumber})`,
  );
  assert.equal(simulator.writes.length, writes, "nothing was sent for it");
  assert.equal(simulator.running.parameter("EnableSyslog"), "1");
});

test("devices that the states know are told to be one by the diff, so in a preview", async (t) => {
  const { simulator, inputs } = await twoWays(t);
  const states: IncrementalIniState[] = [];
  const declared = [inputs(0, "a", { EnableSyslog: "1" }), inputs(1, "b", { NTPServerIP: "10.1.1.1" })];
  for (const each of declared) states.push((await newRun().incrementalIniConfig.create(each)).outs);
  const sent = simulator.requests.length;
  const preview = newRun().incrementalIniConfig;
  const changed = [inputs(0, "a", { EnableSyslog: "1" }), inputs(1, "b", { EnableSyslog: "0" })];
  const diff = async (id: string, at: 0 | 1) =>
    preview.diff(id, states[at] ?? assert.fail(), changed[at] ?? assert.fail());
  for (const each of changed) assert.deepEqual((await preview.check({}, each)).failures, []);
  assert.equal(await failure(diff("a", 0)), "");
  assert.match(
    await failure(diff("b", 1)),
    /^EnableSyslog is declared with another value by IncrementalIniConfig a; .* are one device \(S\/N \d+\)$/,
  );
  assert.equal(simulator.requests.length, sent, "nothing was asked");
});

test("two connections to one device write one at a time", async (t) => {
  const { simulator, life, inputs, check } = await twoWays(t, { latencyMs: 30, restrictOverlap: false });
  const all = Array.from({ length: 6 }, (_, n) => inputs(n % 2, `r${n}`, { [`Unused${n}`]: "1" }));
  const names = [
    "SyslogServerIP",
    "NTPServerIP",
    "DNSPriServerIP",
    "DNSSecServerIP",
    "EnableSyslog",
    "SIPT1Rtx",
  ];
  const declared = all.map((each, n) => ({
    ...each,
    parameters: { [names[n] ?? ""]: n < 4 ? "10.1.1.1" : "1" },
  }));
  for (const each of declared) await check(each);
  await Promise.all(declared.map((each) => failure(life.create(each))));
  assert.ok(simulator.writes.length >= 2);
  assert.equal(simulator.maxConcurrentWrites, 1);
});

test("a change that is to be confirmed does not go out with another connection's that is not", async (t) => {
  const { simulator, inputs } = await twoWays(t);
  const confirm = { checks: { maxSeverity: "minor" as const }, holdSeconds: 0 };
  const life = newRun().incrementalIniConfig;
  const changed = [
    inputs(0, "plain", { EnableSyslog: "1" }),
    { ...inputs(1, "confirmed", { SyslogServerIP: "10.1.1.2" }), confirm },
  ];
  const states: IncrementalIniState[] = [];
  for (const each of changed) {
    const parameters = { NTPServerIP: "10.1.1.1" };
    states.push((await newRun().incrementalIniConfig.create({ ...each, parameters })).outs);
    assert.deepEqual((await life.check({}, each)).failures, []);
  }
  // From what the states know, both are one device.
  for (const [at, each] of changed.entries()) await life.diff("id", states[at] ?? assert.fail(), each);
  const before = simulator.writes.length;
  await Promise.all(changed.map((each, at) => life.update("id", states[at] ?? assert.fail(), each)));
  const uploads = simulator.writes.slice(before).filter(({ path }) => path.endsWith("/incremental"));
  assert.equal(uploads.length, 2);
  assert.ok(
    !uploads.some(({ body = "" }) => body.includes("EnableSyslog") && body.includes("SyslogServerIP")),
  );
});

test("two devices stay two, at the cost of no request beside the one for the form of uploads", async (t) => {
  t.mock.method(console, "log", () => {});
  const [one, other] = [await startFresh({}), await startFresh({})];
  t.after(() => Promise.all([one.close(), other.close()]));
  assert.notEqual(one.serialNumber, other.serialNumber);
  const life = newRun().incrementalIniConfig;
  const inputs = ({ url }: { url: string }, value: string) => ({
    device: { url, username: "Admin", password: "Admin" },
    __mediantName: "base",
    parameters: { EnableSyslog: value },
  });
  for (const each of [inputs(one, "1"), inputs(other, "0")]) await life.check({}, each);
  assert.equal(await failure(life.create(inputs(one, "1"))), "");
  const asked = one.requests.filter(({ path }) => path.endsWith("/status")).length;
  assert.equal(asked, 1);
});

describe("the keys of one device", () => {
  const A = "https://10.0.0.5";
  const B = "https://sbc1.example.com";

  it("are those with one serial number", () => {
    const met = new MetDevices();
    assert.deepEqual(met.meet(A, { serialNumbers: ["1"] }), []);
    assert.deepEqual(met.meet(B, { serialNumbers: ["2"] }), []);
    assert.deepEqual(met.meet("https://c", { serialNumbers: ["1", "3"] }), [A]);
    assert.deepEqual(met.keysOf("https://c"), [A, "https://c"]);
    assert.deepEqual(met.meet("https://c", { serialNumbers: ["1"] }), [], "it is known");
  });

  it("are, without a serial number, an address and a name of it, whichever answers first", () => {
    for (const [first, second] of [
      [A, B],
      [B, A],
    ] as const) {
      const met = new MetDevices();
      assert.deepEqual(met.meet(first, { address: "10.0.0.5" }), []);
      assert.deepEqual(met.meet(second, { address: "10.0.0.5" }), [first]);
    }
  });

  it("are not two names whose devices have one private address, nor two ports of a router", () => {
    const met = new MetDevices();
    assert.deepEqual(met.meet(B, { address: "192.168.0.2" }), []);
    assert.deepEqual(met.meet("https://sbc2.example.com", { address: "192.168.0.2" }), []);
    assert.deepEqual(met.meet("https://10.0.0.9:8443", { address: "192.168.0.2" }), []);
    assert.deepEqual(met.meet("https://10.0.0.9:8444", { address: "192.168.0.2" }), []);
  });

  it("are not told by a serial number of zeros", () => {
    const met = new MetDevices();
    assert.deepEqual(met.meet(A, { serialNumbers: ["0"] }), []);
    assert.deepEqual(met.meet(B, { serialNumbers: ["0"] }), []);
  });
});
