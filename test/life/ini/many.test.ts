import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { requestLog, startFresh } from "../../shared/simulated";
import { bench, countOf, type Declared, GET_INI, PUT_INI } from "./bench";
import { newProcess, Stack } from "./stack";

const COUNT = 40;

/** So many resources for one device: a row of its own each, and a parameter for some. */
function many(more: (at: number) => Declared = () => ({})): Record<string, Declared> {
  return Object.fromEntries(
    Array.from({ length: COUNT }, (_, at) => [
      `r${at}`,
      { tables: { ProxySet: { [at + 1]: { ProxyName: `PS_${at}` } } }, ...more(at) },
    ]),
  );
}

const withSecrets = many((at) => ({
  tables: { Account: { [at]: { AccountName: `A${at}`, Password: `secret-${at}` } } },
}));

for (const [what, program] of Object.entries({ "a row each": many(), "a secret each": withSecrets })) {
  for (const firmware of ["7.40A.250.440", "7.00A.018.005"]) {
    test(`40 resources: few requests, one write at a time, none the second time (${what}, ${firmware})`, async (t) => {
      const b = await bench(t, { latencyMs: 20, firmware });
      const requests = requestLog(b);
      const outcomes = await b.stack.up(program);
      assert.deepEqual(
        Object.values(outcomes).flatMap(({ reasons }) => reasons),
        [],
      );
      const first = requests();
      t.diagnostic(
        `first up: ${first.length} requests (${countOf(first, GET_INI)} GET, ${countOf(first, PUT_INI)} PUT)`,
      );
      assert.ok(first.length <= 25, `${first.length} requests`);
      assert.equal(b.simulator.maxConcurrentWrites, 1);
      assert.ok(b.simulator.flash.equals(b.simulator.running));

      assert.ok(Object.values(await b.stack.up(program)).every(({ op }) => op === "same"));
      assert.deepEqual(requests(), []);

      assert.ok(
        Object.values(await b.stack.preview(program, { refresh: true })).every((changes) => !changes),
      );
      assert.deepEqual(requests(), [GET_INI], "40 reads are one");
    });
  }
}

test("40 resources that are as declared already are adopted without a write", async (t) => {
  const b = await bench(t);
  await b.stack.up(many());
  for (const name of b.stack.resources.keys()) b.stack.forget(name);
  const writes = b.simulator.writes.length;
  await b.stack.up(many());
  assert.equal(b.stack.resources.size, COUNT);
  assert.equal(b.simulator.writes.length, writes);
});

test("of 40 resources a refused one fails alone", async (t) => {
  const b = await bench(t);
  b.simulator.faults.refuseUploadContaining("PS_13");
  const requests = requestLog(b);
  const outcomes = await b.stack.up(many());
  const failed = Object.entries(outcomes).filter(([, { reasons }]) => reasons.length > 0);
  assert.deepEqual(
    failed.map(([name]) => name),
    ["r13"],
  );
  const sent = requests();
  t.diagnostic(`with a refused one: ${sent.length} requests`);
  // A refused upload costs two: the device is read again before the next one.
  assert.ok(sent.length <= 32, `${sent.length} requests`);
  assert.equal(b.simulator.maxConcurrentWrites, 1);
  assert.deepEqual(
    b.simulator.running.indexes("ProxySet"),
    Array.from({ length: COUNT }, (_, at) => String(at + 1)).filter((index) => index !== "14"),
  );
  assert.ok(!b.stack.resources.has("r13"));
  b.simulator.faults.clear();
  assert.deepEqual((await b.stack.up(many()))["r13"], { op: "create", reasons: [] });
});

test("of 40 resources two that the device or the plan turns away fail alone", async (t) => {
  const b = await bench(t, { firmware: "7.00A.018.005" });
  const program = many((at) => {
    if (at === 2) return { tables: { DspTemplates: { 0: { DspTemplateNumber: "1" } } } };
    if (at === 3) return { parameters: { EnableSylog: "1" } };
    return {};
  });
  const outcomes = await b.stack.up(program);
  const failed = Object.entries(outcomes).filter(([, { reasons }]) => reasons.length > 0);
  assert.deepEqual(failed.map(([name]) => name).sort(), ["r2", "r3"]);
});

test("a wrong password with 40 resources is one 401", async (t) => {
  const b = await bench(t, {}, { password: "wrong-password" });
  const outcomes = await b.stack.up(many());
  const messages = new Set(Object.values(outcomes).flatMap(({ reasons }) => reasons));
  assert.equal(messages.size, 1);
  assert.match([...messages].join(), /401 Unauthorized/);
  assert.deepEqual(
    b.simulator.requests.map(({ status }) => status),
    [401],
  );
  assert.doesNotMatch(JSON.stringify([...messages, b.lines]), /wrong-password/);
});

/** What refers to one another: a realm, an interface, a proxy set and a group of it, a route between groups. */
const CHAIN: Record<string, Declared> = {
  route: { tables: { IP2IPRouting: { 0: { RouteName: "r", SrcIPGroupName: "G1", DestIPGroupName: "G2" } } } },
  group1: { tables: { IPGroup: { 1: { Name: "G1", ProxySetName: "PS1", MediaRealm: "MR" } } } },
  group2: { tables: { IPGroup: { 2: { Name: "G2", ProxySetName: "PS2", ProfileName: "P" } } } },
  proxySet1: { tables: { ProxySet: { 1: { ProxyName: "PS1", SBCIPv4SIPInterfaceName: "SI" } } } },
  proxySet2: { tables: { ProxySet: { 2: { ProxyName: "PS2", SBCIPv4SIPInterfaceName: "SI" } } } },
  interface: { tables: { SIPInterface: { 1: { InterfaceName: "SI", MediaRealm: "MR" } } } },
  realm: { tables: { CpMediaRealm: { 1: { MediaRealmName: "MR", IPv4IF: "O+M+C" } } } },
  profile: { tables: { IpProfile: { 1: { ProfileName: "P" } } } },
};

test("references across resources converge in any order, without dependsOn", async (t) => {
  const { lines } = await bench(t);
  const orders = fc.sample(fc.shuffledSubarray(Object.keys(CHAIN), { minLength: 8 }), 20);
  for (const order of orders) {
    const simulator = await startFresh({});
    t.after(() => simulator.close());
    const device = { url: simulator.url, name: `chain of ${order[0]}`, username: "Admin", password: "Admin" };
    const stack = new Stack((name, declared) => ({ device, ...declared, __mediantName: name }));
    const program = Object.fromEntries(order.map((name) => [name, CHAIN[name] ?? {}]));
    const outcomes = await stack.up(program);
    assert.deepEqual(
      Object.values(outcomes).flatMap(({ reasons }) => reasons),
      [],
      order.join(" "),
    );
    assert.equal(simulator.running.cell("IP2IPRouting", 0, "DestIPGroupName"), "G2");
    assert.ok(Object.values(await stack.preview(program, { refresh: true })).every((changes) => !changes));
  }
  assert.equal(lines.filter((line) => /dropped/.test(line)).length, 0);
});

test("a reference that nobody brings is an error that names it and dependsOn, after one more try", async (t) => {
  const b = await bench(t);
  const requests = requestLog(b);
  const { group } = await b.stack.up({
    group: { tables: { IPGroup: { 1: { Name: "G1", ProxySetName: "PS_nowhere" } } } },
  });
  assert.deepEqual(group?.reasons, [
    'IPGroup 1 was dropped by the device: nothing on it is called "PS_nowhere" (ProxySetName); ' +
      "if another resource declares it, name that resource in dependsOn",
  ]);
  assert.equal(countOf(requests(), PUT_INI), 2);
});

test("resources that keep out the one that they wait for are told which it is", async (t) => {
  const b = await bench(t);
  const groups = Object.fromEntries(
    Array.from({ length: 9 }, (_, at): [string, Declared] => [
      `group${at}`,
      { tables: { IPGroup: { [at + 1]: { Name: `G${at}`, ProxySetName: "PS_last" } } } },
    ]),
  );
  const program = { ...groups, last: { tables: { ProxySet: { 3: { ProxyName: "PS_last" } } } } };
  const outcomes = await b.stack.up(program, { parallel: 8 });
  assert.deepEqual(outcomes["group0"]?.reasons, [
    'IPGroup 1 was dropped by the device: nothing on it is called "PS_last" (ProxySetName); ' +
      "IncrementalIniConfig last declares it (ProxySet 3): name that resource in dependsOn",
    "8 resources waited for rows of other resources, and Pulumi works on a limited number at once (four for each processor): " +
      "put them after the others with dependsOn, or raise the number with --parallel",
  ]);
  assert.deepEqual([outcomes["group8"]?.reasons, outcomes["last"]?.reasons], [[], []]);
  const again = await b.stack.up(program);
  assert.deepEqual(
    Object.values(again).flatMap(({ reasons }) => reasons),
    [],
  );
});

test("resources that reach one device as different users write one at a time all the same", async (t) => {
  const users = ["Admin", "robot"].map((username) => ({
    username,
    password: username,
    level: "Security Administrator" as const,
  }));
  const b = await bench(t, { users, latencyMs: 20 });
  const life = newProcess();
  const made = Array.from({ length: 8 }, (_, at) => {
    const username = at % 2 === 0 ? "Admin" : "robot";
    const device = { ...b.device, username, password: username };
    return life.create({
      device,
      tables: { ProxySet: { [at]: { ProxyName: `PS_${at}` } } },
      __mediantName: `r${at}`,
    });
  });
  assert.equal((await Promise.all(made)).length, 8);
  assert.equal(b.simulator.maxConcurrentWrites, 1);
  assert.equal(b.simulator.running.indexes("ProxySet").length, 8);
});
