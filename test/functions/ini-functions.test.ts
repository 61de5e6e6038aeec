import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { getIniDiff, getIniDiffOutput, getStatus, getStatusOutput } from "../../src";
import { settledValue } from "../../src/resources/outputs";
import { bench, settled } from "./bench";

test("getStatus tells what the firmware has: nine fields of the manual, more of a later edition", async (t) => {
  const old = await bench(t, { firmware: "7.00A.018.005" });
  const status = await getStatus({ device: old.device });
  assert.equal(status.version, "7.00A.018.005");
  assert.equal(status.operationalState, "UNLOCKED");
  assert.match(status.localTimeStamp ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.equal(status.saveNeeded, undefined);
  const later = await bench(t, { firmware: "7.40A.250.440" });
  later.simulator.running.setParameter("EnableSyslog", "1");
  const { value, secret } = await settled(getStatusOutput({ device: later.device }));
  assert.equal(value.saveNeeded, true);
  assert.equal(typeof value.serialNumber, "string");
  assert.equal(secret, false, "a status is no secret although a password opened it");
});

const INI = `
  EnableSyslog = 1
  SyslogServerIP = 10.1.1.20
  [ ProxySet ]
  FORMAT Index = ProxyName, ProxyKeepAliveTime;
  ProxySet 3 = "{{name}}", 60;
  [ \\ProxySet ]
  [ Account ]
  FORMAT Index = AccountName, Password;
  Account 0 = "trunk", "canary-password";
  [ \\Account ]
`;

test("getIniDiff names what is declared and differs, and nothing else, without a secret", async (t) => {
  const { simulator, device } = await bench(t);
  simulator.running.setParameter("SyslogServerIP", "192.0.2.1");
  simulator.running.setParameter("EnableSyslog", "1");
  simulator.running.setParameter("NTPServerIP", "192.0.2.9");
  const writes = simulator.writes.length;
  const variables = { name: pulumi.secret("canary-name") };
  const { changes, patch } = await settledValue(getIniDiffOutput({ device, ini: INI, variables }));
  assert.deepEqual(
    changes.map(({ address, kind, secret }) => [address, kind, secret]),
    [
      ["SyslogServerIP", "change", false],
      ["ProxySet 3 ProxyName", "add", true],
      ["ProxySet 3 ProxyKeepAliveTime", "add", false],
      ["Account 0 AccountName", "add", false],
      ["Account 0 Password", "add", true],
    ],
  );
  assert.match(patch, /^-SyslogServerIP = "192\.0\.2\.1"$/m);
  assert.match(patch, /^\+SyslogServerIP = "10\.1\.1\.20"$/m);
  assert.doesNotMatch(patch, /NTPServerIP/);
  assert.doesNotMatch(JSON.stringify({ changes, patch }), /canary/);
  assert.equal(simulator.writes.length, writes, "it only reads");
});

test("getIniDiff of a whole configuration names what returns to its default, and what the device withholds", async (t) => {
  const { simulator, device } = await bench(t, { firmware: "7.00A.018.005" });
  simulator.running.setParameter("NTPServerIP", "192.0.2.9");
  const { changes, hidden, patch } = await getIniDiff({ device, ini: "EnableSyslog = 1\n", mode: "full" });
  const dropped = changes.find(({ address }) => address === "NTPServerIP");
  assert.deepEqual(dropped, { address: "NTPServerIP", kind: "remove", secret: false, before: "192.0.2.9" });
  assert.ok(changes.some(({ address, kind }) => kind === "remove" && address.startsWith("WebUsers 0 ")));
  assert.doesNotMatch(patch, /\$1\$/);
  assert.ok(
    hidden.some((name) => name.startsWith("table ")),
    hidden.join(", "),
  );
});

test("nothing differs: no change and an empty patch; the Output form is no secret", async (t) => {
  const { simulator, device } = await bench(t);
  simulator.running.setParameter("EnableSyslog", "1");
  const { value, secret } = await settled(getIniDiffOutput({ device, parameters: { EnableSyslog: true } }));
  assert.deepEqual(value, { changes: [], patch: "", hidden: value.hidden });
  assert.equal(secret, false);
});

test("a device that refuses is a rejection with its code, and malformed text one with its line", async (t) => {
  const { device } = await bench(t);
  const wrong = { ...device, username: "Nobody", password: "canary-wrong" };
  await assert.rejects(getStatus({ device: wrong }), (error: Error & { code?: string }) => {
    assert.equal(error.code, "MEDIANT_UNAUTHORIZED");
    assert.doesNotMatch(error.message, /canary/);
    return true;
  });
  await assert.rejects(getIniDiff({ device, ini: "EnableSyslog = 1\nnonsense\n" }), /ini line 2, column 1/);
});
