import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { htmlReport } from "../../src/report/html";
import { markdownReport } from "../../src/report/markdown";
import { previewOf, reportBetween, reportOn } from "./runs";

const EVIL = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "```\n# heading @team\n```",
  '" onmouseover="alert(1)',
  "\u001b[31mred\u001b[0m",
  "\u202Egnp.exe",
  "</code></td></table><script>alert(2)</script>",
  "![x](https://evil.example/x.png) https://evil.example",
  "````` fence",
];

describe("what a device or a program says", () => {
  it("runs nowhere, ends no line, no fence and no cell, and steers no terminal", () => {
    const rows = (text: string) =>
      Object.fromEntries(EVIL.map((evil, at) => [String(at), { Tag: `${text}${evil}` }]));
    const report = reportOn(
      previewOf(
        EVIL.map((evil, at) => ({
          name: `r${at} ${evil}`,
          device: { name: `d${at} ${evil}`, url: "https://sbc1" },
          before: rows("a"),
          now: rows("b"),
        })),
      ),
    );
    assert.equal(report.totals.intended, EVIL.length * EVIL.length);
    const page = htmlReport(report, { title: EVIL[0], footer: EVIL[6] });
    const own = page
      .replace(/<script>[\s\S]*?<\/script><\/body>/, "")
      .replace(/<style>[\s\S]*?<\/style>/, "");
    assert.doesNotMatch(own, /<script|<img|onerror=alert\(1\)>|" onmouse/i);
    assert.doesNotMatch(page, /\u001b|\u202e/);
    const comment = markdownReport(report, { title: EVIL[2] });
    assert.doesNotMatch(comment, /\u001b|\u202e/);
    // Outside of the fenced blocks nothing is left that means something.
    const outside = comment.replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, "");
    assert.doesNotMatch(outside, /<script|<img|@team|!\[|`|https:/);
  });

  it("asks nothing of another server", () => {
    const page = htmlReport(reportOn(previewOf([{ name: "a", now: { 0: { Tag: "x" } } }])));
    assert.match(page, /default-src 'none'/);
    assert.doesNotMatch(page, /(src|href)\s*=\s*["']?[^"'#]/i);
    assert.doesNotMatch(page, /url\(|@import|fetch\(|XMLHttpRequest|sendBeacon/);
  });
});

const SECRET = "open-sesame-42";
const envelope = (fields: object) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ...fields,
});

describe("a secret", () => {
  /** Everything that a report can be, in one text. */
  function all(before: unknown, after: unknown, more: object = {}, diagnostics: unknown[] = []): string {
    const state = (value: unknown) => ({
      type: "pulumi-nodejs:dynamic/mediant:IncrementalIniConfig",
      inputs: { device: { name: "sbc1", password: value }, parameters: { A: "1", B: value }, ...more },
    });
    const report = reportOn(
      JSON.stringify({
        steps: [
          {
            op: "update",
            urn: "urn:pulumi:dev::fleet::pulumi-nodejs:dynamic/mediant:IncrementalIniConfig::base",
            oldState: { ...state(before), outputs: state(before).inputs },
            newState: state(after),
          },
        ],
        diagnostics,
      }),
    );
    return [JSON.stringify(report), markdownReport(report), htmlReport(report)].join("\n");
  }

  const quoted = JSON.stringify(SECRET);
  for (const [form, value] of Object.entries({
    "masked by Pulumi": "[secret]",
    "in an envelope": envelope({ ciphertext: `v1:${SECRET}` }),
    "in an envelope, shown": envelope({ plaintext: quoted }),
    "in an envelope of an older kind": envelope({ value: SECRET }),
    "obscured by a device": `$1$${Buffer.from(SECRET).toString("base64")}`,
    "in an address": `https://ops:${SECRET}@sbc1`,
  })) {
    it(`${form} is not shown, before and after`, () => {
      for (const text of [
        all("plain", value),
        all(value, "plain"),
        all(value, envelope({ plaintext: '"x"' })),
      ])
        for (const shape of [SECRET, Buffer.from(SECRET).toString("base64"), "v1:"])
          assert.ok(!text.includes(shape), text.slice(0, 400));
    });
  }

  it("is told to change if that can be known", () => {
    const shown = (text: string) => envelope({ plaintext: JSON.stringify(text) });
    assert.match(all(shown("a"), shown("b")), /! B: \[secret\] changed/);
    assert.doesNotMatch(all(shown("a"), shown("a")), /! B: /);
    assert.doesNotMatch(all("[secret]", "[secret]"), /! B: /);
    const said = [{ severity: "info", message: "[sbc1] base: B: (secret) changed\n" }];
    assert.match(all("[secret]", "[secret]", {}, said), /! B: \[secret\] changed/);
  });

  it("is hidden by its name and by what the program says, whatever its value", () => {
    assert.ok(!all("plain", SECRET, { __mediantSecrets: ["B"] }).includes(SECRET));
    assert.ok(!all("plain", SECRET, { secretNames: ["B"] }).includes(SECRET));
    assert.ok(!all("1", "2", { parameters: { A: "1", AdminPassword: SECRET } }).includes(SECRET));
  });

  it("that is shown in one place is hidden in all others", () => {
    const said = [{ severity: "error", message: `the device does not take ${SECRET}` }];
    assert.ok(!all("a", envelope({ plaintext: quoted }), { note: `see ${SECRET}` }, said).includes(SECRET));
  });

  it("of two states is hidden as well", () => {
    const state = (plaintext: string) =>
      JSON.stringify({
        deployment: {
          resources: [
            {
              urn: "urn:pulumi:dev::fleet::pulumi-nodejs:dynamic/mediant:IncrementalIniConfig::base",
              type: "pulumi-nodejs:dynamic/mediant:IncrementalIniConfig",
              inputs: { device: { name: "sbc1" }, parameters: {} },
              outputs: { device: { name: "sbc1" }, parameters: envelope({ plaintext }) },
            },
          ],
        },
      });
    const report = reportBetween(state(`{"A":"x"}`), state(`{"A":"${SECRET}"}`));
    assert.equal(report.totals.intended, 1);
    assert.ok(!JSON.stringify(report).includes(SECRET));
  });
});
