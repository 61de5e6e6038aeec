import assert from "node:assert/strict";
import { test } from "node:test";
import { newRun } from "../shared/life";
import { bench } from "./ini/bench";

const without = (lines: readonly string[]) => lines.map((line) => line.replace(/^\[sbc\d+\] /, ""));

test("what leaves a declaration and stays on the device does not read as a deletion", async (t) => {
  const { stack, lines, simulator } = await bench(t);
  const rows = { 3: { ProxyName: "PS_3" }, 4: { ProxyName: "PS_4" } };
  await stack.up({
    base: { parameters: { EnableSyslog: "1", NTPServerIP: "10.1.1.1" }, tables: { ProxySet: rows } },
  });
  lines.length = 0;
  const less = {
    base: { parameters: { EnableSyslog: "1" }, tables: { ProxySet: { 3: { ProxyName: "PS_3" } } } },
  };
  assert.equal((await stack.preview(less))["base"], true);
  assert.deepEqual(without(lines), [
    "base: NTPServerIP: no longer managed, stays on the device",
    "base: ProxySet 4 ProxyName: no longer managed, stays on the device",
  ]);
  await stack.up(less);
  assert.equal(simulator.running.parameter("NTPServerIP"), "10.1.1.1", "as it was said");
});

test("what is restored says which value comes back, and what goes says so", async (t) => {
  const { stack, lines, simulator } = await bench(t);
  simulator.running.setParameter("SyslogServerIP", "192.0.2.1");
  const restoring = (parameters: Record<string, string>, tables = {}) => ({
    base: { onRelease: "restore" as const, parameters, tables },
  });
  await stack.up(
    restoring(
      { EnableSyslog: "1", SyslogServerIP: "10.1.1.1", NTPServerIP: "10.1.1.2" },
      { ProxySet: { 4: { ProxyName: "PS_4" } } },
    ),
  );
  lines.length = 0;
  await stack.preview(restoring({ EnableSyslog: "1" }));
  assert.deepEqual(without(lines), [
    'base: SyslogServerIP: "10.1.1.1" => "192.0.2.1"',
    'base: ProxySet 4 ProxyName: "PS_4" => (none)',
    "base: NTPServerIP: no longer managed, stays on the device",
    "base: what is no longer declared will be restored",
  ]);
});

test("a newly declared name shows what the refresh has read", async (t) => {
  const { stack, lines, simulator } = await bench(t);
  simulator.running.setParameter("SyslogServerIP", "192.0.2.1");
  simulator.running.setParameter("NTPServerIP", "192.0.2.2");
  await stack.up({ base: { parameters: { EnableSyslog: "1" } } });
  lines.length = 0;
  const more = {
    base: {
      parameters: {
        EnableSyslog: "1",
        SyslogServerIP: "10.1.1.1",
        NTPServerIP: "192.0.2.2",
        DNSPriServerIP: "10.1.1.3",
      },
    },
  };
  await stack.preview(more, { refresh: true });
  assert.deepEqual(without(lines), [
    'base: DNSPriServerIP: (none) => "10.1.1.3"',
    'base: SyslogServerIP: "192.0.2.1" => "10.1.1.1"',
    "base: NTPServerIP: managed from now on, the device holds the declared value already",
  ]);
});

test("a line that leaves an incremental script is said to stay", async (t) => {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  const inputs = (script: string) => ({
    device: { name: "sbc1", url: "https://sbc1.example.com", username: "u", password: "p" },
    __mediantName: "base",
    script,
  });
  const state = {
    ...inputs("configure voip\nproxy-set 3\nproxy-name X\nproxy-priority 1\n"),
    output: "",
    __mediantSchema: 1,
  };
  await newRun().cliScriptConfig.diff("id", state, inputs("configure voip\nproxy-set 3\nproxy-name X\n"));
  assert.deepEqual(lines, [
    "[sbc1] base: configure voip / proxy-set 3 / proxy-priority: no longer managed, stays on the device: a script takes nothing back by leaving it out",
  ]);
});

test("a fault of this machine is found by the check: no password, no such profile, an unreadable file", async (t) => {
  const keys = ["MEDIANT_USERNAME", "MEDIANT_PASSWORD", "MEDIANT_CREDENTIALS"] as const;
  const kept = keys.map((key) => [key, process.env[key]] as const);
  t.after(() => {
    for (const [key, value] of kept) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
  });
  for (const key of keys) delete process.env[key];
  process.env["MEDIANT_CREDENTIALS"] = "/nowhere/credentials";
  const url = "https://local.example.com";
  const { deviceReset, incrementalIniConfig, savedConfiguration, cliScriptConfig } = newRun();
  const reasons = async (device: object) => {
    const all = await Promise.all([
      incrementalIniConfig.check({}, { device, __mediantName: "a", parameters: { A: "1" } }),
      cliScriptConfig.check({}, { device, __mediantName: "a", script: "configure voip\n" }),
      deviceReset.check({ triggers: [] }, { device, __mediantName: "a", triggers: [] }),
      savedConfiguration.check({}, { device, __mediantName: "a", triggers: [] }),
    ]);
    const [first, ...others] = all.map(({ failures = [] }) => failures.map(({ reason }) => reason));
    for (const other of others) assert.deepEqual(other, first, "each resource finds it");
    return first;
  };
  assert.deepEqual(await reasons({ url, username: "u" }), [
    "no password: set device.password, $MEDIANT_PASSWORD, or password in a profile of the credentials file",
  ]);
  assert.deepEqual(await reasons({ name: "sbc1", url }), [
    "no username: set $MEDIANT_USERNAME, or username in a profile of the credentials file, or run " +
      "pulumi config set --path 'mediant:devices.sbc1.username' Admin",
    "no password: set $MEDIANT_PASSWORD, or password in a profile of the credentials file, or run " +
      "pulumi config set --secret --path 'mediant:devices.sbc1.password'",
  ]);
  assert.deepEqual(await reasons({ profile: "sbc1" }), [
    "credentials file /nowhere/credentials: there is no such file",
  ]);
  process.env["MEDIANT_PASSWORD"] = "p";
  assert.deepEqual(await reasons({ url, username: "u" }), []);
});

test("the first preview of many resources says once that what the device holds is adopted without a write", async (t) => {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line));
  const { cliScriptConfig, incrementalIniConfig } = newRun();
  for (const url of ["https://a.example.com", "https://b.example.com"]) {
    const device = { name: new URL(url).host, url, username: "u", password: "p" };
    for (let at = 0; at < 10; at++)
      await incrementalIniConfig.check(
        {},
        { device, __mediantName: `r${at}`, parameters: { [`P${at}`]: "1" } },
      );
    await cliScriptConfig.check({}, { device, __mediantName: "script", script: "configure voip\n" });
    const known = { device, __mediantName: "known", parameters: { Q: "1" } };
    await incrementalIniConfig.check(known, known);
  }
  const words =
    "new resources: what the device holds already is adopted without a write, the rest is written";
  assert.deepEqual(lines, [`[a.example.com] ${words}`, `[b.example.com] ${words}`]);
});
