import assert from "node:assert/strict";
import { test } from "node:test";
import { bench } from "./bench";

const CANARIES = /canary|\$1\$/i;

test("drift is told by the refresh once, its healing by the update once, and no other cell is", async (t) => {
  const b = await bench(t);
  const program = {
    base: {
      parameters: { EnableSyslog: "1", SyslogServerPort: "99" },
      tables: { ProxySet: { 3: { ProxyName: "PS_T", ProxyKeepAliveTime: "30" } } },
    },
  };
  await b.stack.up(program);
  b.simulator.running.setParameter("EnableSyslog", undefined);
  b.simulator.running.setParameter("MAXDIGITS", "5");
  b.simulator.running.setCell("ProxySet", 3, "ProxyName", "PS_hand");
  b.simulator.running.addRow("ProxySet", 8, { ProxyName: "PS_theirs" });
  b.lines.length = 0;
  await b.stack.up(program, { refresh: true });
  const label = `[${b.device.name}] base:`;
  assert.deepEqual(b.lines, [
    `${label} drift: ProxySet 3 ProxyName: "PS_T" => "PS_hand"`,
    `${label} drift: EnableSyslog: "1" => (none)`,
    `${label} EnableSyslog: (none) => "1"`,
    `${label} ProxySet 3 ProxyName: "PS_hand" => "PS_T"`,
  ]);
});

test("a program that changes what drifted tells the drift and the change", async (t) => {
  const b = await bench(t);
  await b.stack.up({ base: { parameters: { SyslogServerPort: "99" } } });
  b.simulator.running.setParameter("SyslogServerPort", "98");
  b.lines.length = 0;
  await b.stack.up({ base: { parameters: { SyslogServerPort: "97" } } }, { refresh: true });
  const label = `[${b.device.name}] base:`;
  assert.deepEqual(b.lines, [
    `${label} drift: SyslogServerPort: "99" => "98"`,
    `${label} SyslogServerPort: "98" => "97"`,
  ]);
});

test("no secret is in any line, error or plain property of the state", async (t) => {
  const b = await bench(
    t,
    { users: [{ username: "Admin", password: "canary-login", level: "Security Administrator" }] },
    { password: "canary-login" },
  );
  b.simulator.faults.noEffectFor("Account.HostName");
  const declared = (round: string) => ({
    base: {
      parameters: { SharedSecret: `canary-${round}-a`, ProxyName: `canary-${round}-b` },
      tables: {
        Account: { 0: { Password: `canary-${round}-c`, HostName: `canary-${round}-h`, AccountName: "n" } },
        IPGroup: { 4: { Name: "g", Password: `canary-${round}-d`, ProxySetName: `canary-${round}-e` } },
      },
      secretNames: ["ProxyName", "*.HostName", "IPGroup.ProxySetName"],
    },
  });
  const errors: unknown[] = [];
  errors.push(await b.stack.up(declared("one")));
  b.simulator.running.setCell("Account", 0, "Password", "canary-hand");
  await b.stack.refresh();
  errors.push(await b.stack.up(declared("two"), { refresh: true }));
  b.simulator.faults.refuseUploadContaining("canary-three-c");
  errors.push(await b.stack.up(declared("three")));
  b.simulator.faults.clear();
  b.device.password = "canary-wrong";
  errors.push(await b.stack.up(declared("four")));
  const reasons = JSON.stringify(errors);
  assert.ok(reasons.length > 500 && b.lines.length > 5, "there was something to look at");
  assert.doesNotMatch(reasons, CANARIES);
  assert.doesNotMatch(b.lines.join("\n"), CANARIES);

  const { device, parameters, tables, previous, __mediantForms, ...plain } = b.stack.state("base");
  assert.doesNotMatch(JSON.stringify(plain), CANARIES);
  assert.doesNotMatch(JSON.stringify({ ...device, password: "" }), CANARIES);
});

test("a partial state keeps secrets in the properties that are secret, and nowhere else", async (t) => {
  const b = await bench(t);
  await b.stack.up({
    base: { parameters: { SharedSecret: "canary-1", EnableSylog: "1" }, onRelease: "restore" },
  });
  const { parameters, previous, __mediantForms, ...plain } = b.stack.state("base");
  assert.match(JSON.stringify(parameters), /canary-1/, "the secret itself, for it holds");
  assert.doesNotMatch(JSON.stringify(plain), CANARIES);
});
