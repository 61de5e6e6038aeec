import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { startSimulator } from "../../src/simulator";
import { ADMIN, command, scratch } from "./command";

describe("pulumi-mediant compliance", () => {
  it("ends with 7 if something differs, and writes a page and JSON", async (t) => {
    const simulator = await startSimulator({ ini: "SyslogServerIP = 192.0.2.9\r\n" });
    t.after(() => simulator.close());
    const folder = scratch(t);
    const at = (name: string) => join(folder, name);
    writeFileSync(at("base.ini"), "SyslogServerIP = {{syslog}}\n");
    const fleet = (syslog: string) =>
      `roles: { r: { golden: [base.ini], values: { syslog: ${syslog} } } }\ndevices: { sbc1: { role: r, url: "${simulator.url}" } }\n`;
    writeFileSync(at("fleet.yaml"), fleet("192.0.2.1"));
    const args = ["compliance", "--inventory", at("fleet.yaml"), "--html", at("out/page.html")];
    const differs = await command([...args, "--json", at("out/found.json")], ADMIN);
    assert.deepEqual(differs, {
      code: 7,
      stderr: "",
      stdout: [
        "differs    sbc1: 1 difference",
        '    major    SyslogServerIP: "192.0.2.9", expected "192.0.2.1"',
        "1 of 1 device differs: 1 major",
        "",
      ].join("\n"),
    });
    assert.equal(JSON.parse(readFileSync(at("out/found.json"), "utf8")).totals.major, 1);
    assert.match(readFileSync(at("out/page.html"), "utf8"), /<title>Compliance<\/title>/);
    writeFileSync(at("fleet.yaml"), `${fleet("192.0.2.9")}x: 1\n`);
    const wrong = await command(args, ADMIN);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /fleet\.yaml:3:1: x: is not a key/);
  });
});
