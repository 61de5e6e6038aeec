import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FormatError, readSource } from "../../src/report/run";
import { capture, lines, reportBetween, reportOn } from "./runs";

describe("what Pulumi wrote", () => {
  it("of a preview is told by device, resource and value", () => {
    const report = reportOn(capture("preview.json"));
    assert.deepEqual(lines(report), [
      'sbc1 reset intended triggers: - > ["1"]',
      'sbc1 base intended SyslogServerIP: "192.0.2.1" > "192.0.2.2"',
      'sbc1 base intended TelnetServerEnable: - > "5"',
      'sbc1 base intended ProxySet 1 ProxyName: - > "ps1"',
      'sbc1 base intended DisableSNMP: "1" > stays',
      'sbc1 base intended ProxySet 0 IsProxyHotSwap: "1" > stays',
      "sbc1 base intended AdminPassword: [secret] > [secret]",
      'sbc1 dial-plan intended DialPlanRule 7 Tag: "site7" > "berlin"',
      'sbc2 cli intended configure voip / proxy-set 3 / proxy-name: "PS" > "PX"',
      "sbc2 new intended AdminPassword: - > [secret]",
      'sbc2 new intended SyslogServerIP: - > "192.0.2.6"',
    ]);
    assert.deepEqual(
      report.devices.flatMap(({ flags }) => flags),
      [
        {
          kinds: ["reset"],
          device: "sbc1",
          resource: "reset",
          text: "applying this resets the device: calls end, and it is away for some minutes",
        },
      ],
    );
    assert.equal(report.errors.length, 2);
    assert.match(
      report.errors[0] ?? "",
      /^pulumi-nodejs:dynamic\/mediant:FullIniConfig resource 'whole' has a problem/,
    );
  });

  it("of a preview with a refresh tells drift apart from what is intended", () => {
    const report = reportOn(capture("preview-refresh.events"));
    assert.equal(report.kind, "preview");
    assert.equal(report.result, "failed");
    assert.deepEqual(lines(report), [
      'sbc1 base drift EnableSyslog: "1" > - > "1"',
      'sbc1 base intended SyslogServerIP: "192.0.2.1" > "192.0.2.2"',
      'sbc1 base intended TelnetServerEnable: - > "5"',
      'sbc1 base intended ProxySet 1 ProxyName: - > "ps1"',
      'sbc1 base intended DisableSNMP: "1" > stays',
      'sbc1 base intended ProxySet 0 IsProxyHotSwap: "1" > stays',
      "sbc1 base drift AdminPassword: [secret] > [secret] > [secret]",
      'sbc1 dial-plan drift DialPlanRule 9 Tag: "site9" > "by hand" > -',
      'sbc1 reset intended triggers: - > ["1"]',
      'sbc2 cli drift configure voip / proxy-set 3: "present" > "no" > "present"',
      'sbc2 cli both configure voip / proxy-set 3 / proxy-name: "PS" > - > "PX"',
      'sbc2 gone drift SyslogServerIP: "192.0.2.5" > - > -',
    ]);
  });

  it("of a refresh after which the run failed tells the drift from the log", () => {
    assert.deepEqual(lines(reportOn(capture("preview-refresh-failed.json"))), [
      "sbc1 base drift AdminPassword: [secret] > [secret] > -",
      'sbc1 base drift EnableSyslog: "1" > - > -',
      'sbc1 dial-plan drift DialPlanRule 9 Tag: "site9" > "by hand" > -',
      'sbc2 cli drift configure voip / proxy-set 3: "present" > "no" > "present"',
      'sbc2 cli both configure voip / proxy-set 3 / proxy-name: "PS" > - > "PX"',
      'sbc2 gone drift SyslogServerIP: "192.0.2.5" > - > -',
    ]);
  });

  it("of an update that failed says so", () => {
    const report = reportOn(capture("up-failed.events"));
    assert.equal(report.kind, "update");
    assert.equal(report.result, "failed");
    assert.deepEqual(
      lines(report).filter((line) => !line.includes(" drift ")),
      ['sbc2 cli both configure voip / proxy-set 3 / proxy-name: "PS" > - > "PX"'],
    );
  });

  it("of two states is what lies between them; of secrets, which are encrypted anew each time, nothing", () => {
    const [before, after] = [capture("state-before.json"), capture("state-after.json")];
    assert.deepEqual(lines(reportBetween(before, after)), [
      'sbc1 base intended EnableSyslog: "1" > stays',
      'sbc1 dial-plan intended DialPlanRule 9 Tag: "site9" > "by hand"',
      'sbc2 cli intended configure voip / proxy-set 3 / proxy-name: "PS" > "PX"',
      'sbc2 gone intended SyslogServerIP: "192.0.2.5" > stays',
    ]);
    assert.deepEqual(lines(reportBetween(after, after)), []);
  });

  it("may stand between lines of other tools", () => {
    const events = capture("preview-refresh.events");
    assert.deepEqual(lines(reportOn(`Previewing update\n${events}done\n`)), lines(reportOn(events)));
    const preview = capture("preview.json");
    assert.deepEqual(lines(reportOn(`warning: a new version\n${preview}`)), lines(reportOn(preview)));
  });

  for (const [text, message] of [
    ["", /is empty/],
    ["error: no stack selected", /is not JSON/],
    [capture("preview.json").slice(0, 5_000), /ends too early/],
    ['{"some": "thing"}', /neither a preview/],
  ] as const) {
    it(`that is none is refused: ${message.source}`, () => {
      assert.throws(
        () => readSource(text),
        (error) => error instanceof FormatError && message.test(error.message),
      );
    });
  }
});
