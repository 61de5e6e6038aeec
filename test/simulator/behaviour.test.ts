import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import type { Behaviour, SimulatorOptions } from "../../src/simulator";
import { behaviourOf, CHOICES } from "../../src/simulator/behaviour";
import { ADMIN, type Bench, bench, descriptionOf, multipartUpload, rawUpload, upload } from "./harness";

const OLD = "7.00A.018.005";
const INCREMENTAL = "PUT /api/v1/files/ini/incremental";
const FULL = "PUT /api/v1/files/ini";

const policies = (...rows: string[]): string =>
  `[ MessagePolicy ]\nFORMAT Index = Name, MaxMessageLength;\n${rows.map((row) => `MessagePolicy ${row};\n`).join("")}[ \\MessagePolicy ]\n`;

const length = ({ simulator }: Bench, index: number) =>
  simulator.running.cell("MessagePolicy", index, "MaxMessageLength");

test("the first choice is the default, but for what the firmware decides", () => {
  const settled: Record<string, unknown> = behaviourOf({});
  for (const [name, [first]] of Object.entries(CHOICES))
    assert.equal(settled[name], name === "upload" || name === "cliAnswer" ? undefined : first, name);
});

test("an option counts more than the profile, and a profile with an unknown value is refused", () => {
  const profile = { answers: { tableMode: "merge", rowOrder: "sent", somethingNewer: "yes" } };
  const { tableMode, rowOrder } = behaviourOf({ tableMode: "replace" }, profile);
  assert.deepEqual([tableMode, rowOrder], ["replace", "sent"]);
  assert.throws(() => behaviourOf({}, { answers: { tableMode: "maybe" } }), /tableMode: "maybe"/);
});

test("a profile brings firmware and behaviour", async (t) => {
  const profile = { firmware: OLD, answers: { tableMode: "merge", cliAnswer: "refused" } };
  const device = await bench(t, { profile, upload: "raw" });
  assert.equal(device.simulator.firmware, OLD);
  await device.put(policies('0 = "a", 1'));
  await device.put(policies('1 = "b", 1'));
  assert.deepEqual(device.simulator.running.indexes("MessagePolicy"), ["0", "1"]);
  assert.equal((await device.cli("nonsense")).status, 400);
});

test("a device takes its own dump back, status columns with any value", async (t) => {
  for (const firmware of [OLD, "7.40A.250.440"]) {
    const device = await bench(t, { firmware });
    const before = device.simulator.running.snapshot();
    const dump = (await device.dump()).replace('"Active"', '"Up and away"');
    await device.put(dump);
    assert.deepEqual(device.simulator.running.snapshot(), before, firmware);
    const reply = await device.ask(FULL, upload(device.simulator, { firmware }, dump));
    assert.equal(reply.status, 200, reply.text);
    assert.deepEqual(device.simulator.running.snapshot(), before, firmware);
  }
});

test("columns that FORMAT leaves out are at their default, or stay", async (t) => {
  for (const [partialColumns, expected] of [
    [undefined, "-1"],
    ["keep", "9"],
  ] as const) {
    const device = await bench(t, { partialColumns });
    await device.put(policies('0 = "a", 9'));
    await device.put(
      '[ MessagePolicy ]\nFORMAT Index = Name;\nMessagePolicy 0 = "a";\n[ \\MessagePolicy ]\n',
    );
    assert.equal(length(device, 0), expected);
  }
});

test("`$$` is the default, the text, or nothing", async (t) => {
  for (const [defaultMark, expected] of [
    ["default", ""],
    ["text", "$$"],
    ["ignored", "POST"],
  ] as const) {
    const device = await bench(t, { defaultMark });
    const put = (value: string) =>
      device.put(
        `[ MessagePolicy ]\nFORMAT Index = Name, MethodList;\nMessagePolicy 0 = "a", ${value};\n[ \\MessagePolicy ]\n`,
      );
    await put('"POST"');
    await put("$$");
    assert.equal(device.simulator.running.cell("MessagePolicy", 0, "MethodList"), expected, defaultMark);
  }
});

test("a row that stands twice is refused, or one of the two counts", async (t) => {
  for (const [duplicateRows, expected] of [
    ["first", "1"],
    ["last", "2"],
  ] as const) {
    const device = await bench(t, { duplicateRows });
    await device.put(policies('0 = "a", 1', '0 = "a", 2'));
    assert.equal(length(device, 0), expected);
  }
  const device = await bench(t);
  await device.put(policies('0 = "a", 1', '0 = "a", 2'), 400);
});

test("a name that another row has is taken, or drops the row", async (t) => {
  for (const [duplicateNames, expected] of [
    ["taken", ["0", "1"]],
    ["dropped", ["0"]],
  ] as const) {
    const { put, simulator } = await bench(t, { duplicateNames });
    await put(policies('0 = "a", 1', '1 = "a", 2'));
    assert.deepEqual(simulator.running.indexes("MessagePolicy"), expected);
  }
});

test("rows are dumped by index, or as they came", async (t) => {
  for (const [rowOrder, expected] of [
    ["index", ["2", "5"]],
    ["sent", ["5", "2"]],
  ] as const) {
    const { put, dump, simulator } = await bench(t, { rowOrder });
    await put(policies('5 = "a", 1', '2 = "b", 2'));
    const shown = [...(await dump()).matchAll(/^MessagePolicy (\d+) /gm)].map(([, index]) => index);
    assert.deepEqual([shown, simulator.running.clone().indexes("MessagePolicy")], [expected, expected]);
  }
});

test("a dump drops parameters at their default, or shows them", async (t) => {
  assert.doesNotMatch(await (await bench(t)).dump(), /^SyslogServerPort/m);
  const shown = await (await bench(t, { defaults: "shown" })).dump();
  assert.match(shown, /^SyslogServerPort = 514\r$/m);
  assert.doesNotMatch(shown, /SSHAdminKey/, "what is hidden stays hidden");
});

test("an unsaved change shows in the status, or does not", async (t) => {
  for (const [unsavedChange, expected] of [
    ["told", true],
    ["silent", false],
  ] as const) {
    const { put, ask } = await bench(t, { unsavedChange });
    await put("EnableSyslog = 1\n");
    assert.equal(JSON.parse((await ask("GET /api/v1/status")).text).saveNeeded, expected);
  }
});

test("a last line without an end counts, is lost, or spoils the file", async (t) => {
  for (const [lastLineEnd, status, expected] of [
    ["taken", 200, "1"],
    ["lost", 200, undefined],
    ["refused", 400, undefined],
  ] as const) {
    const { put, simulator } = await bench(t, { lastLineEnd });
    await put("SyslogServerPort = 515\nEnableSyslog = 1", status);
    assert.equal(simulator.running.parameter("EnableSyslog"), expected, lastLineEnd);
  }
});

test("a faulty line spoils the file, or is ignored", async (t) => {
  const ini = "what is this\nEnableSyslog = 1\n";
  await (await bench(t)).put(ini, 400);
  const { put, simulator } = await bench(t, { faultyLines: "ignored" });
  await put(ini);
  assert.equal(simulator.running.parameter("EnableSyslog"), "1");
});

/** A part as clients make it that encode every file. */
function encodedPart(ini: string): { headers: Record<string, string>; body: string } {
  const { headers, body } = multipartUpload(Buffer.from(ini).toString("base64").replace(/.{20}/g, "$&\r\n"));
  const marked = String(body).replace("Content-Type:", "Content-Transfer-Encoding: base64\r\nContent-Type:");
  return { headers: headers ?? {}, body: marked };
}

test("a part in base64 is decoded, or taken by its letters", async (t) => {
  const ini = `; ${"x".repeat(100)}\nEnableSyslog = 1\n`;
  const decoding = await bench(t);
  assert.equal((await decoding.ask(INCREMENTAL, encodedPart(ini))).status, 200);
  assert.equal(decoding.simulator.running.parameter("EnableSyslog"), "1");
  const keeping = await bench(t, { base64Parts: "kept", faultyLines: "ignored" });
  assert.equal((await keeping.ask(INCREMENTAL, encodedPart(ini))).status, 200, "200, and nothing changed");
  assert.equal(keeping.simulator.running.parameter("EnableSyslog"), undefined);
});

/** Sends headers with `Expect` alone; what comes first, and the answer once the body was sent. */
function expecting(device: Bench, expectation = "100-continue"): Promise<string> {
  const { headers, body = "" } = multipartUpload("EnableSyslog = 1\n");
  return new Promise((resolve, reject) => {
    let continued = false;
    const call = request({
      port: device.simulator.port,
      path: "/api/v1/files/ini/incremental",
      method: "PUT",
      headers: {
        ...headers,
        authorization: ADMIN,
        expect: expectation,
        "content-length": Buffer.byteLength(body),
      },
    });
    call.on("continue", () => {
      continued = true;
      call.end(body);
    });
    call.on("response", (response) => {
      response.resume();
      resolve(`${continued ? "100, " : ""}${response.statusCode}`);
    });
    call.on("error", reject);
    call.flushHeaders();
    // What a client does that waits in vain.
    const late = setInterval(() => {
      if (device.simulator.requests.length === 0 || continued) return;
      clearInterval(late);
      call.end(body);
    }, 20);
    call.on("close", () => clearInterval(late));
  });
}

test("Expect: 100-continue gets its 100, no word, or 400", async (t) => {
  for (const [expectContinue, expected] of [
    ["continued", "100, 200"],
    ["ignored", "200"],
    ["refused", "400"],
  ] as const)
    assert.equal(await expecting(await bench(t, { expectContinue })), expected, expectContinue);
  assert.equal(await expecting(await bench(t), "a miracle"), "400");
});

test("a slash at the end and empty parameters do no harm, or are refused", async (t) => {
  const lenient = await bench(t);
  for (const path of ["/api/", "/api/v1/", "/api/v1/status/", "/api/v1/files/ini/"])
    assert.equal((await lenient.ask(`GET ${path}`)).status, 200, path);
  for (const query of ["?&limit=20", "?limit=", "?", "?limit=&after="])
    assert.equal((await lenient.ask(`GET /api/v1/alarms/active/${query}`)).status, 204, query);
  lenient.simulator.alarms.raise({ description: "Trunk is down", severity: "Major" });
  assert.equal((await lenient.ask("GET /api/v1/alarms/active/1/")).status, 200);
  const strict = await bench(t, { looseUrls: "refused" });
  assert.equal((await strict.ask("GET /api/v1/")).status, 404);
  assert.equal((await strict.ask("GET /api/v1/alarms/active?&limit=20")).status, 400);
  assert.equal((await strict.ask("GET /api/v1/alarms/active?limit=20")).status, 204);
});

test("a body over the limit is refused", async (t) => {
  const { put } = await bench(t, { largestBodyBytes: 1000 });
  await put("EnableSyslog = 1\n");
  const reply = await put(`${`; ${"x".repeat(70)}\n`.repeat(20)}`, 400);
  assert.match(String(descriptionOf(reply)), /too large/);
});

test("a wrong command shows in the form of the answer that was asked for", async (t) => {
  const said = async (cliAnswer: Behaviour["cliAnswer"]) => (await bench(t, { cliAnswer })).cli("nonsense");
  assert.match((await said("status")).text, /"status": "failure"/);
  assert.doesNotMatch((await said("description-output")).text, /status/);
  assert.equal((await said("refused")).status, 400);
  assert.equal((await said("text")).text, "Invalid command: nonsense");
});

test("what is refused for its form is answered 400 alone", async (t) => {
  const options: SimulatorOptions[] = [{}, { firmware: OLD }];
  for (const each of options) {
    const { ask } = await bench(t, each);
    const wrong = each.firmware === OLD ? multipartUpload("A = 1\n") : rawUpload("A = 1\n");
    assert.equal((await ask(INCREMENTAL, wrong)).status, 400);
    assert.equal((await ask(INCREMENTAL, { body: "A = 1\n" })).status, 400);
  }
});

test("a 204 has no length", async (t) => {
  const { ask } = await bench(t);
  const reply = await ask("GET /api/v1/alarms/active");
  assert.deepEqual([reply.status, reply.headers["content-length"], reply.text], [204, undefined, ""]);
});
