import assert from "node:assert/strict";
import { test } from "node:test";
import { byHand, fullBench, GET, PUT_WHOLE, STATUS } from "./bench";

const WHOLE = `configure system
  ntp
    primary-server 192.0.2.9
  exit
exit
configure voip
  proxy-set 3
    proxy-name "PS_Trunk"
    activate
  exit
exit
`;
// It leaves out the users and the interface.
const declared = { script: WHOLE, allowLossOfAccess: true };

test("a whole script is loaded through the reset, judged by meaning, and then left alone", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.6 });
  b.preview(declared);
  assert.ok(b.lines.some((line) => line.includes("applying this resets the device")));
  await b.up(declared);
  assert.equal(b.simulator.flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
  assert.match(b.state().output, /Device will reset now/);
  assert.equal(b.requests().filter((request) => request === PUT_WHOLE).length, 1);
  await b.refresh();
  assert.equal(b.state().script, WHOLE);
  assert.equal(b.preview(declared), false);
  await b.up({ ...declared, script: `# a note\n${WHOLE}` });
  assert.deepEqual(
    b.requests().filter((request) => request !== STATUS),
    [GET],
  );
});

test("a line that leaves a whole script is told, with the reset, and is gone from the device", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.6 });
  await b.up(declared);
  const less = { ...declared, script: WHOLE.slice(WHOLE.indexOf("configure voip")) };
  b.lines.length = 0;
  assert.equal(b.preview(less), true);
  assert.ok(
    b.lines.some((line) => /left out, so back to the default or gone: .*ntp \/ primary-server/.test(line)),
    b.lines.join("\n"),
  );
  assert.ok(b.lines.some((line) => line.includes("resets the device")));
  await b.up(less);
  assert.equal(b.simulator.flash.parameter("NTPServerIP"), undefined);
  await b.refresh();
  assert.equal(b.preview(less), false);
});

test("what somebody added beside a whole script is drift, and goes", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.6 });
  await b.up(declared);
  await byHand(b, "configure voip\nproxy-set 7\nproxy-name Stranger\nactivate\nexit\n");
  await b.refresh();
  assert.ok(
    b.lines.some((line) => line.endsWith('drift: configure voip / proxy-set 7: (none) => "present"')),
    b.lines.join("\n"),
  );
  assert.match(b.state().script, /proxy-set 7\n +proxy-name Stranger/);
  assert.equal(b.preview(declared), true);
  await b.up(declared);
  assert.equal(b.simulator.running.row("ProxySet", "7"), undefined);
  await b.refresh();
  assert.equal(b.preview(declared), false);
});

test("a whole script that the device refuses leaves nothing behind", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.6 });
  const why = await b.failing(b.up({ ...declared, script: WHOLE.replace("proxy-name", "proxy-colour") }));
  assert.match(why, /400/);
  assert.throws(() => b.state());
});

test("a load whose device did not come back in time is finished without another one", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.6 });
  const device = { ...b.inputs(declared).device, timeouts: { resetSeconds: 1 } };
  const inputs = { ...declared, device };
  b.simulator.faults.atReset({ seconds: Number.POSITIVE_INFINITY });
  assert.match(await b.failing(b.up(inputs)), /did not come back within/);
  assert.ok(b.state().__mediantPending);
  b.simulator.powerOn();
  b.restart();
  // What must succeed has all the time it needs.
  await b.up(declared);
  assert.equal(b.requests().filter((request) => request === PUT_WHOLE).length, 1);
  assert.equal(b.state().__mediantPending, undefined);
  assert.equal(b.preview(declared), false);
});

test("a whole script that would lock us out is refused before anything is sent, unless that is allowed", async (t) => {
  const b = await fullBench(t, { resetSeconds: 0.3 });
  const access = `configure system
  user Admin
    password {{pw}}
    privilege sec-admin
    activate
  exit
exit
configure network
  network-dev 0
    underlying-if GROUP_1
    name "vlan 1"
    activate
  exit
  interface network-if 0
    application-type 6
    ip-address 192.168.0.2
    prefix-length 24
    gateway 192.168.0.1
    name "O+M+C"
    underlying-dev "vlan 1"
    activate
  exit
exit
`;
  const given = { variables: { pw: "Admin" }, __mediantSecrets: ["pw"] };
  const why = await b.failing(b.up({ script: WHOLE }));
  assert.match(why, /interface network-if 0 \(192\.168\.0\.2\) is how we reach the device/);
  assert.match(why, /leaves out the users: .* \(allowLossOfAccess permits it\)/);
  const other = access.replace("192.168.0.2", "192.168.0.3").replace("user Admin", "user Bob");
  const changed = await b.failing(b.up({ script: `${other}${WHOLE}`, ...given }));
  assert.match(changed, /changes its ip-address/);
  assert.match(changed, /leaves out the user that this connection logs in with/);
  assert.ok(!b.requests().includes(PUT_WHOLE));
  await b.up({ script: `${access}${WHOLE}`, ...given });
  assert.equal(b.simulator.flash.cell("ProxySet", "3", "ProxyName"), "PS_Trunk");
});
