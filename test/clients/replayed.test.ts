import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { form, wire } from "./client";

const OLD = "7.00A.018.005";
const SCRIPT = "PUT /api/v1/files/cliScript/incremental";
const INCREMENTAL = "PUT /api/v1/files/ini/incremental";
const SAVE = "POST /api/v1/actions/saveConfiguration";

/** A NAT rule as a script writes it: one blank before each line, no `exit` at the end. */
const nat = (address: string): string =>
  [
    "configure network",
    " nat-translation 0",
    ' src-interface-name "O+M+C"',
    ` target-ip-address "${address}"`,
    ' src-start-port "5061"',
    ' src-end-port "5061"',
    " activate",
    " exit",
  ].join("\r\n");

describe("a backup command line", () => {
  it("greets the API with slashes at the end, and takes ini and script as plain text", async (t) => {
    const { send, simulator } = await wire(t);
    const plain = { headers: { accept: "text/plain" } };
    assert.equal(JSON.parse((await send("GET /api/")).text).versions[0].id, "v1");
    assert.ok(JSON.parse((await send("GET /api/v1/")).text).items.length > 5);
    assert.equal(JSON.parse((await send("GET /api/v1/status")).text).versionID, simulator.firmware);
    const ini = await send("GET /api/v1/files/ini", plain);
    assert.deepEqual([ini.status, withoutClock(ini.text)], [200, withoutClock(simulator.running.dump())]);
    const script = await send("GET /api/v1/files/cliScript", plain);
    assert.match(script.text, /^# Running Configuration/);
    assert.deepEqual(simulator.writes, []);
  });

  it("pages through alarms by an empty parameter and a limit, and takes 204 for none", async (t) => {
    const { send, simulator } = await wire(t);
    const list = () => send("GET /api/v1/alarms/active/?&limit=20");
    const none = await list();
    assert.deepEqual([none.status, none.text, none.headers["content-length"]], [204, "", undefined]);
    simulator.alarms.raise({ description: "Trunk is down", severity: "Major" });
    const { alarms, cursor } = JSON.parse((await list()).text);
    assert.deepEqual([alarms[0].description, cursor.after], ["Trunk is down", "-1"]);
    const one = JSON.parse((await send(`GET ${alarms[0].url}`)).text);
    assert.equal(one.severity, "Major");
  });

  it("restores the dump that it took", async (t) => {
    for (const firmware of [OLD, "7.40A.250.440"]) {
      const { send, simulator, put } = await wire(t, { firmware });
      const { text } = await send("GET /api/v1/files/ini");
      const before = simulator.running.snapshot();
      await put("EnableSyslog = 1\n");
      const raw = { headers: { "content-type": "application/octet-stream" }, body: text };
      const reply = await send("PUT /api/v1/files/ini", firmware === OLD ? raw : form(text));
      assert.equal(reply.status, 200, reply.text);
      assert.deepEqual(simulator.running.snapshot(), before, firmware);
    }
  });

  it("saves with an empty body, and reads the licence", async (t) => {
    const { send, simulator, put } = await wire(t);
    await put("EnableSyslog = 1\n");
    assert.equal((await send(SAVE, { headers: { "content-length": "0" } })).status, 200);
    assert.equal(simulator.flash.parameter("EnableSyslog"), "1");
    assert.equal(typeof JSON.parse((await send("GET /api/v1/license")).text).key, "string");
  });
});

describe("a metrics exporter", () => {
  it("reads status and indicators, and takes 204 for a group without values", async (t) => {
    const { send } = await wire(t);
    const status = JSON.parse((await send("GET /api/v1/status")).text);
    assert.equal(typeof status.systemUpTime, "number");
    assert.equal(typeof status.saveNeeded, "boolean");
    assert.equal((await send("GET /api/v1/kpi/current/sbc/callStats/global?interval=last")).status, 204);
  });

  it("walks the monitors by their lists, and finds the fields of later editions", async (t) => {
    const { send, simulator } = await wire(t);
    simulator.performanceMonitors.set("NetUtilKBytes", 1, 0, { value: 7, min: 1, max: 9, average: 5 });
    const { items } = JSON.parse((await send("GET /api/v1/performanceMonitoring")).text);
    const values: Record<string, number> = {};
    for (const name of items) {
      const { indexes } = JSON.parse((await send(`GET /api/v1/performanceMonitoring/${name}`)).text);
      for (const index of indexes) {
        const answer = await send(`GET /api/v1/performanceMonitoring/${name}?index=${index}&interval=0`);
        const one = JSON.parse(answer.text);
        for (const field of ["volume", "total", "time_above_high", "time_between_high_low", "time_below_low"])
          assert.equal(typeof one[field], "number", field);
        if (one.value >= 0) values[`${name}.${index}`] = one.value;
      }
    }
    assert.deepEqual(values, { "NetUtilKBytes.1": 7 });
    const wrong = await send("GET /api/v1/performanceMonitoring/NetUtilKBytes?index=100");
    assert.equal(wrong.status, 400);
  });
});

describe("a script that follows a NAT address", () => {
  it("sends the CLI as a form with an unnamed part, reads `status`, and saves", async (t) => {
    const { send, simulator } = await wire(t);
    const address = () => simulator.running.cell("NATTranslation", 0, "TargetIPAddress");
    for (const next of ["203.0.113.7", "203.0.113.8"]) {
      const reply = await send(SCRIPT, form(nat(next), "", "cli.txt"));
      assert.deepEqual([reply.status, JSON.parse(reply.text).status], [200, "success"]);
      assert.equal(address(), next);
    }
    assert.equal((await send(SAVE)).status, 200);
    assert.equal(simulator.flash.cell("NATTranslation", 0, "TargetIPAddress"), "203.0.113.8");
  });

  it("learns from `status` that a line was refused", async (t) => {
    const { send } = await wire(t);
    const reply = await send(SCRIPT, form("configure network\r\n nat-translatoin 0\r\n", "", "cli.txt"));
    assert.equal(reply.status, 200);
    const { status, output } = JSON.parse(reply.text);
    assert.notEqual(status, "success");
    assert.match(output, /Invalid command/);
  });
});

describe("a PowerShell module", () => {
  it("sends `Expect: 100-continue` with every body, and is served", async (t) => {
    const { send, simulator } = await wire(t);
    const { headers, body } = form("EnableSyslog = 1\n", "file", "ini.ini");
    const reply = await send(INCREMENTAL, { headers: { ...headers, expect: "100-continue" }, body });
    assert.deepEqual([reply.continued, reply.status], [true, 200]);
    assert.equal(simulator.running.parameter("EnableSyslog"), "1");
  });

  it("restarts the device with a JSON body, and without one", async (t) => {
    const { send, simulator } = await wire(t);
    const json = { "content-type": "application/json" };
    const body = JSON.stringify({ saveConfiguration: false, gracefulTimeout: 0 });
    simulator.faults.atReset({ goesDown: false }, 2);
    assert.equal((await send("POST /api/v1/actions/reset", { headers: json, body })).status, 200);
    assert.equal((await send("POST /api/v1/actions/reset")).status, 200);
  });

  it("uploads a raw file to 7.0, whatever the letters of its header", async (t) => {
    const { send, simulator } = await wire(t, { firmware: OLD });
    const sent = { headers: { "Content-Type": "Application/Octet-Stream" }, body: "EnableSyslog = 1\r\n" };
    assert.equal((await send(INCREMENTAL, sent)).status, 200);
    assert.equal(simulator.running.parameter("EnableSyslog"), "1");
  });
});

describe("Ansible's uri module", () => {
  /** A part that is named by a file alone is sent in base64, in lines of 76 letters. */
  function encoded(file: string) {
    const boundary = "===============8735443816041265472==";
    const letters = Buffer.from(file)
      .toString("base64")
      .replace(/.{76}(?=.)/g, "$&\r\n");
    const body = [
      `--${boundary}`,
      "Content-Transfer-Encoding: base64",
      "Content-Type: application/octet-stream",
      'Content-Disposition: form-data; name="file"; filename="ini.ini"',
      "",
      letters,
      "",
      `--${boundary}--`,
      "",
    ].join("\r\n");
    return { headers: { "content-type": `multipart/form-data; boundary="${boundary}"` }, body };
  }
  const ini = `; ${"-".repeat(120)}\nEnableSyslog = 1\n`;

  it("asks without a password first, and is told which kind to send", async (t) => {
    const { send } = await wire(t);
    for (let time = 0; time < 5; time++) {
      const reply = await send("GET /api/v1/status", { authorised: false });
      assert.deepEqual([reply.status, reply.headers["www-authenticate"]], [401, 'Basic realm="Mediant"']);
    }
    assert.equal(
      (await send("GET /api/v1/status")).status,
      200,
      "no request without a password locks the user",
    );
  });

  it("has its file applied where the device decodes base64", async (t) => {
    const { send, simulator } = await wire(t);
    assert.equal((await send(INCREMENTAL, encoded(ini))).status, 200);
    assert.equal(simulator.running.parameter("EnableSyslog"), "1");
  });

  it("is told 200, and nothing changes, where the device takes the letters", async (t) => {
    const { send, simulator } = await wire(t, { base64Parts: "kept", faultyLines: "ignored" });
    const before = simulator.running.snapshot();
    assert.equal((await send(INCREMENTAL, encoded(ini))).status, 200);
    assert.deepEqual(simulator.running.snapshot(), before);
  });
});

const withoutClock = (dump: string): string => dump.replace(/^;Time & Date.*$/m, "");
