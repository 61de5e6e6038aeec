import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bench, bench, type Reply } from "./harness";

interface ScriptAnswer {
  status: string;
  description: string;
  output: string;
}

const answerOf = (reply: Reply): ScriptAnswer => {
  assert.equal(reply.status, 200);
  return JSON.parse(reply.text);
};

const run = async ({ cli }: Bench, ...lines: string[]): Promise<string> => {
  const answer = answerOf(await cli(...lines));
  assert.equal(answer.status, "success", answer.output);
  return answer.output;
};

const refused = async ({ cli }: Bench, ...lines: string[]): Promise<string> => {
  const answer = answerOf(await cli(...lines));
  assert.equal(answer.status, "failure", answer.output);
  return answer.output;
};

test("a row is the ini's row: its commands set the columns of the same store", async (t) => {
  const device = await bench(t);
  const { running } = device.simulator;
  const output = await run(
    device,
    "configure voip",
    "  proxy-set 3",
    '    proxy-name "PS_A"',
    "    proxy-keep-alive-time 090",
    "    proxy-enable-keep-alive using-options",
    "    PROXY-REDUNDANCY-MODE 1",
    "    activate",
    "  exit",
    "exit",
  );
  assert.equal(output, "Done");
  assert.equal(running.cell("ProxySet", 3, "ProxyName"), "PS_A");
  assert.equal(running.cell("ProxySet", 3, "ProxyKeepAliveTime"), "90");
  assert.equal(running.cell("ProxySet", 3, "EnableProxyKeepAlive"), "1");
  assert.equal(running.cell("ProxySet", 3, "ProxyRedundancyMode"), "1");
  assert.match(await device.dump(), /^ProxySet 3 = "PS_A", 1, 90, /m);
  await run(device, "configure voip", "proxy-set 3", "no proxy-name", "proxy-keep-alive-time 61", "exit");
  assert.equal(running.cell("ProxySet", 3, "ProxyName"), "");
  assert.equal(running.cell("ProxySet", 3, "ProxyKeepAliveTime"), "61");
  assert.equal(running.cell("ProxySet", 3, "EnableProxyKeepAlive"), "1", "what was not named stays");
});

test("activate and exit apply a row, every other way out of it loses the edit", async (t) => {
  const device = await bench(t);
  const { running } = device.simulator;
  await run(device, "configure voip", "srd 5", "exit");
  assert.equal(running.row("SRD", 5)?.["Name"], "", "exit makes the row");
  await run(device, "configure voip", "srd 6", "name A", "activate");
  assert.equal(running.cell("SRD", 6, "Name"), "A");
  const ways = [
    [],
    ["configure network"],
    ["srd 8", "exit"],
    ["media security"],
    ["no srd 99", "configure system"],
  ];
  for (const way of ways) {
    await run(device, "configure voip", "srd 6", "name LOST", ...way);
    await run(device, "configure voip", "srd 7", ...way);
    assert.equal(running.cell("SRD", 6, "Name"), "A", way.join());
    assert.equal(running.row("SRD", 7), undefined, way.join());
  }
  await run(device, "configure voip", "srd 6", "name B", "activate", "name LOST");
  assert.equal(running.cell("SRD", 6, "Name"), "B", "what was activated stays");
});

test("parameters stand in sub-modes, and take effect at once", async (t) => {
  const device = await bench(t);
  const { running } = device.simulator;
  // As the REST API of version 7.4 shows it ("Incremental CLI Script"): no exit at all, empty lines between.
  await run(
    device,
    "configure system",
    "",
    "  automatic-update",
    "",
    "    firmware http://example.com/a.cmp",
  );
  assert.equal(running.parameter("CmpFileURL"), "http://example.com/a.cmp");
  await run(
    device,
    "configure troubleshoot",
    "syslog",
    "syslog on",
    "syslog-ip 192.0.2.7",
    "exit",
    "activity-log",
    "activity-list-to-log pvc 'dr'",
    "configure system",
    'hostname "sbc one"',
  );
  assert.equal(running.parameter("EnableSyslog"), "1");
  assert.equal(running.parameter("SyslogServerIP"), "192.0.2.7");
  assert.deepEqual(running.parameterList("ActivityListToLog"), ["pvc", "dr"]);
  assert.equal(running.parameter("HostName"), "sbc one");
  await run(device, "configure troubleshoot", "syslog", "syslog disable", "no syslog-ip");
  assert.equal(running.parameter("EnableSyslog"), undefined);
  assert.equal(running.parameter("SyslogServerIP"), undefined);
});

test("no removes a row and what is inside it, and a row that is not there is none", async (t) => {
  const device = await bench(t);
  const { running } = device.simulator;
  await run(
    device,
    "configure voip",
    "proxy-set 1",
    "proxy-ip 0",
    'proxy-address "192.0.2.1"',
    "exit",
    "proxy-ip 4",
    "proxy-address pbx.example.com",
    "transport-type tls",
    "exit",
    "exit",
    "proxy-set 2",
    "proxy-ip 0",
    "exit",
  );
  assert.deepEqual(running.row("ProxyIp", 1), {
    ProxySetId: "1",
    ProxyIpIndex: "4",
    IpAddress: "pbx.example.com",
    TransportType: "2",
    Priority: "0",
    Weight: "0",
  });
  await run(device, "configure voip", "proxy-set 1", "no proxy-ip 0");
  assert.deepEqual(running.indexes("ProxyIp"), ["1", "2"]);
  await run(device, "configure voip", "no proxy-set 1", "no proxy-set 1", "no proxy-set 77");
  assert.deepEqual(running.indexes("ProxySet"), ["2"]);
  assert.deepEqual(running.indexes("ProxyIp"), ["2"]);
});

test("users are rows by name", async (t) => {
  const device = await bench(t);
  const { running } = device.simulator;
  await run(device, "configure system", 'user "ops"', "password secret-1", "privilege admin", "exit");
  assert.equal(running.cell("WebUsers", 1, "Username"), "ops");
  assert.equal(running.cell("WebUsers", 1, "UserLevel"), "100");
  const authorization = `Basic ${Buffer.from("ops:secret-1").toString("base64")}`;
  assert.equal((await device.ask("GET /api/v1/files", { authorization })).status, 200);
  await run(device, "configure system", "no user ops");
  assert.deepEqual(running.indexes("WebUsers"), ["0"]);
});

test("a refused line ends the script with HTTP 200, and what came before it stays", async (t) => {
  const device = await bench(t);
  const { running } = device.simulator;
  const output = await refused(
    device,
    "configure voip",
    "srd 6",
    "name A",
    "activate",
    "name B",
    "nmae C",
    "exit",
    "no srd 0",
  );
  assert.equal(output, "Done\r\nInvalid command: nmae C");
  assert.equal(running.cell("SRD", 6, "Name"), "A", "no rollback, and no edit that was not applied");
  assert.ok(running.row("SRD", 0), "nothing after it ran");
});

test("commands stand where they belong", async (t) => {
  const device = await bench(t);
  const wrong = [
    ["proxy-set 3"],
    ["configure nothing"],
    ["configure network", "proxy-set 3"],
    ["configure voip", "proxy-set"],
    ["configure voip", "proxy-set x"],
    ["configure voip", "proxy-ip 0"],
    ["configure voip", "proxy-name x"],
    ["configure voip", "activate"],
    ["configure voip", "no proxy-set"],
    ["configure voip", "srd 0", "no nmae"],
    ["configure voip", 'srd "0'],
    ["configure system", "ntp", "hostname x"],
    ["configure data", "proxy-set 1"],
    ["configure data", "mtu auto"],
    ["configure data", "interface vlan 1", "srd 1"],
    ["show nothing"],
    ["show running-config nothing"],
  ];
  for (const lines of wrong)
    assert.equal(await refused(device, ...lines), `Invalid command: ${lines.at(-1)}`, lines.join());
});

test("a value that the device does not take is refused", async (t) => {
  const device = await bench(t);
  const before = device.simulator.running.snapshot();
  const wrong = [
    ["configure voip", "sip-interface 0", "udp-port 65536"],
    ["configure voip", "sip-interface 0", "udp-port"],
    ["configure voip", "sip-interface 0", "interface-name two words"],
    ["configure voip", "sip-interface 0", "srd-name no-such-srd"],
    ["configure voip", "sip-interface 0", "interface-name 'a\"b'"],
    ["configure troubleshoot", "syslog", "syslog maybe"],
    ["configure troubleshoot", "syslog", "syslog-ip here"],
  ];
  for (const lines of wrong)
    assert.equal(await refused(device, ...lines), `Invalid value: ${lines.at(-1)}`, lines.join());
  assert.deepEqual(device.simulator.running.snapshot(), before);
});

test("actions are not for scripts", async (t) => {
  const device = await bench(t);
  for (const line of ["copy firmware from http://example.com/a.cmp", "reload now", "write", "ping 192.0.2.1"])
    for (const lines of [[line], ["configure voip", line], ["configure voip", "srd 0", line]])
      assert.equal(
        await refused(device, ...lines),
        `Command "${line.split(" ")[0]}" is not supported in CLI script: ${line}`,
      );
});

test("queries are answered, among configuration too", async (t) => {
  let now = Date.UTC(2026, 0, 1);
  const device = await bench(t, { now: () => now });
  assert.equal(await run(device, "show system uptime"), "Uptime: 1 days, 0 hours, 36 minutes, 40 seconds");
  now += 3_723_000;
  assert.equal(
    await run(device, "configure system", "do show system uptime", "hostname x", "SHOW System Uptime"),
    "Uptime: 1 days, 1 hours, 38 minutes, 43 seconds\r\nUptime: 1 days, 1 hours, 38 minutes, 43 seconds",
  );
  assert.match(await run(device, "show system version"), /^;Software Version: 7\.40A\.250\.440\r$/m);
  device.simulator.activeCalls = 3;
  assert.equal(await run(device, "show voip calls active"), "Total Active Calls: 3");
  assert.match(await run(device, "show ini-file"), /^HostName = 'x'\r$/m);
  assert.match(await run(device, "show running-config"), /^configure network\r$/m);
  const system = await run(device, "show running-config system");
  assert.match(system, /^ {2}hostname "x"\r$/m);
  assert.doesNotMatch(system, /^configure network\r$|ssh-port/m);
  assert.match(await run(device, "show running-config full system"), /^ {4}ssh-port 22\r$/m);
  assert.equal(
    await run(device, "configure network", "network-dev display"),
    ["network-dev 0", '  underlying-if "GROUP_1"', '  name "vlan 1"', "  activate", "exit"].join("\r\n"),
  );
});

test("comments, blanks, capitals and doubled line ends change nothing", async (t) => {
  const device = await bench(t);
  await run(
    device,
    "# a",
    "\r",
    "  CONFIGURE  VoIP\r",
    "! b",
    "\tSRD 6\r\r",
    ";c",
    "Name   'Two  W'",
    "EXIT",
  );
  assert.equal(device.simulator.running.cell("SRD", 6, "Name"), "Two  W");
});

test("the answer has the form that was asked for, or that of the firmware", async (t) => {
  const uptime = "Uptime: 1 days, 0 hours, 36 minutes, 40 seconds";
  const now = () => 0;
  const text = async (options: Parameters<typeof bench>[1], ...lines: string[]): Promise<string> => {
    const reply = await (await bench(t, { now, ...options })).cli(...lines);
    assert.equal(reply.status, 200);
    return reply.text;
  };
  const manual = `{\n"Incremental CLI script file was loaded",\n"${uptime}"\n}`;
  assert.equal(await text({ firmware: "7.00A.018.005" }, "show system uptime"), manual);
  assert.equal(await text({ cliAnswer: "manual" }, "show system uptime"), manual);
  assert.equal(await text({ cliAnswer: "text" }, "show system uptime"), uptime);
  const described = JSON.parse(await text({ cliAnswer: "description-output" }, "show system version", "x"));
  assert.deepEqual(Object.keys(described), ["description", "output"]);
  assert.equal(described.description, "Incremental CLI Script file was loaded.");
  assert.match(
    described.output,
    /^\. Version info:\. -{14}\. ;Board: Mediant SW\. \. ;Board Type: 73\. \. ;/,
  );
  assert.match(described.output, /\. Invalid command: x$/);
  const flat = JSON.parse(await text({ flattenOutput: true }, "show system uptime", "show system uptime"));
  assert.deepEqual(flat, {
    status: "success",
    description: "Incremental CLI Script file was loaded.",
    output: `${uptime}. ${uptime}`,
  });
});

test("a script that is empty, or no text, is incorrect", async (t) => {
  const device = await bench(t);
  for (const script of ["", "configure voip\0"]) assert.equal((await device.cli(script)).status, 400);
});

test("faults strike scripts as they do other writes", async (t) => {
  const device = await bench(t);
  const { faults, running } = device.simulator;
  const lines = ["configure system", "hostname x"];
  faults.conflict();
  assert.equal((await device.cli(...lines)).status, 409);
  assert.equal(running.parameter("HostName"), undefined);
  faults.noEffectFor("HostName");
  faults.noEffectFor("SRD.Name");
  await run(device, ...lines, "configure voip", "srd 0", "name x", "sharing-policy 1", "exit");
  assert.equal(running.parameter("HostName"), undefined);
  assert.equal(running.cell("SRD", 0, "Name"), "DefaultSRD");
  assert.equal(running.cell("SRD", 0, "SharingPolicy"), "1");
});

test("what a script changed is unsaved until it is saved", async (t) => {
  const device = await bench(t);
  const saveNeeded = async () => JSON.parse((await device.ask("GET /api/v1/status")).text).saveNeeded;
  await run(device, "show system uptime");
  assert.equal(await saveNeeded(), false);
  await run(device, "configure system", "hostname x");
  assert.equal(await saveNeeded(), true);
  await device.ask("POST /api/v1/actions/saveConfiguration");
  assert.equal(await saveNeeded(), false);
});

test("`show` tells alarms, interfaces and the pair from the device's state", async (t) => {
  const { cli, simulator } = await bench(t, { highAvailability: true, cliAnswer: "text", eol: "\n" });
  assert.equal((await cli("show system alarms")).text, "No active alarms");
  simulator.alarms.raise({ description: "Trunk is down", severity: "Major" });
  assert.match(
    (await cli("show system alarms")).text,
    /^Seq\. .*\n1\. +Board#1 +major +\d{4}-.* Trunk is down$/,
  );
  assert.match((await cli("show system alarms-history")).text, /Trunk is down/);
  assert.match((await cli("show network interface")).text, /\n0 +O\+M\+C +192\.168\.0\.2 +24$/);
  assert.match((await cli("show high-availability status")).text, /\n2 +\d{8} +redundant$/);
  simulator.partnerMissing = true;
  assert.match((await cli("show high-availability status")).text, /\n2 +- +disconnected$/);
  assert.match((await cli("show system clock")).text, /GMT$/);
});

test("7.0 takes `set` before the fields of a row, and network interfaces in `configure voip`", async (t) => {
  const lines = [
    "configure voip",
    "interface network-if 0",
    "set ip-address 192.0.2.7",
    "set prefix-length 24",
    "exit",
    "exit",
  ];
  const old = await bench(t, { firmware: "7.00A.018.005" });
  await old.cli(...lines);
  assert.equal(old.simulator.running.cell("InterfaceTable", 0, "IPAddress"), "192.0.2.7");
  assert.equal(old.simulator.running.cell("InterfaceTable", 0, "PrefixLength"), "24");
  await old.cli("configure network", "interface network-if 0", "ip-address 192.0.2.8", "exit");
  assert.equal(old.simulator.running.cell("InterfaceTable", 0, "IPAddress"), "192.0.2.8");
  const later = await bench(t);
  assert.match((await later.cli(...lines)).text, /Invalid command/);
});

test("7.0 can export the older layout, and takes it back", async (t) => {
  const device = await bench(t, { firmware: "7.00A.018.005", cliLayout: "set", eol: "\n" });
  const script = (await device.ask("GET /api/v1/files/cliScript")).text;
  assert.match(
    script,
    /\nconfigure voip\n(?:[\s\S]*\n)? {2}interface network-if 0\n[\s\S]*\n {4}set ip-address 192\.168\.0\.2\n/,
  );
  assert.doesNotMatch(script, /^ {4}ip-address/m);
  const before = device.simulator.running.snapshot();
  await device.cli(...script.split("\n"));
  assert.deepEqual(device.simulator.running.snapshot(), before);
});
