import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { htmlReport } from "../../src/report/html";
import { COMMENT_LIMIT, markdownReport } from "../../src/report/markdown";
import { capture, previewOf, reportOn, rowsOf } from "./runs";

const count = (text: string, part: string) => text.split(part).length - 1;

/** 40 resources, one of them with a table of 4,000 rows in which one cell is another. */
function oneCell(): string {
  const small = Array.from({ length: 39 }, (_, at) => ({
    name: `r${at}`,
    before: rowsOf(3),
    now: rowsOf(3),
  }));
  const changed = rowsOf(4_000, { 7: { Prefix: "497", Tag: "berlin" } });
  return previewOf([...small, { name: "dial-plan", before: rowsOf(4_000), now: changed }]);
}

describe("a comment", () => {
  it("of one cell among 40 resources and 4,000 rows names that one, in less than 2 kB", () => {
    const comment = markdownReport(reportOn(oneCell()), { title: "What this changes" });
    assert.equal(
      comment,
      [
        "<!-- pulumi-mediant report -->",
        "### What this changes",
        "**1 change on 1 device** (40 resources)",
        "**sbc1** 1 change",
        '```diff\n# IncrementalIniConfig dial-plan\n! T 7 Tag: "site7" => "berlin"\n```',
        "",
      ]
        .join("\n\n")
        .replace(/\n\n$/, "\n"),
    );
    assert.ok(comment.length < 2_000);
  });

  it("says that nothing changes", () => {
    const comment = markdownReport(reportOn(previewOf([{ name: "a", before: rowsOf(3), now: rowsOf(3) }])));
    assert.match(comment, /\*\*No changes\*\* \(1 resource\)/);
  });

  it("of 5,000 changes is cut and counts the rest, while the page has all", () => {
    const resources = Array.from({ length: 5 }, (_, at) => ({
      name: `plan${at}`,
      device: { name: `sbc${at}`, url: `https://sbc${at}` },
      before: rowsOf(1_000, {}),
      now: Object.fromEntries(
        Object.entries(rowsOf(1_000)).map(([index, row]) => [index, { ...row, Tag: `new${at}-${index}` }]),
      ),
    }));
    const report = reportOn(previewOf(resources));
    assert.equal(report.totals.intended, 5_000);
    const comment = markdownReport(report, { link: "https://ci.example.com/report.html" });
    assert.ok(Buffer.byteLength(comment) <= COMMENT_LIMIT, `${comment.length}`);
    assert.ok(comment.length > 50_000, "as much as fits is shown");
    const shown = count(comment, "\n! T ");
    const [, left] = /\*\*Not shown here: (\d+) changes/.exec(comment) ?? [];
    assert.equal(shown + Number(left), 5_000);
    assert.ok(comment.endsWith("[The whole report](https://ci.example.com/report.html)\n"));
    assert.equal(count(comment, "<details>"), count(comment, "</details>"));
    assert.equal(count(comment, "```") % 2, 0);
    const page = htmlReport(report);
    assert.equal(count(page, "<tr class="), 5_000);
    assert.ok(page.includes("new4-999"));
  });

  it("of many devices and resets stays within the limit, and each counts", () => {
    const steps = Array.from({ length: 3_000 }, (_, at) => ({
      op: "create",
      urn: `urn:pulumi:dev::fleet::pulumi-nodejs:dynamic/mediant:DeviceReset::reset${at}`,
      newState: {
        type: "pulumi-nodejs:dynamic/mediant:DeviceReset",
        inputs: { device: { name: `sbc${at}` }, triggers: [`${at}`.repeat(40)] },
      },
    }));
    const comment = markdownReport(reportOn(JSON.stringify({ steps })));
    assert.ok(Buffer.byteLength(comment) <= COMMENT_LIMIT);
    const flags = count(comment, "\n> - **Reset: ");
    const [, changes, left] = /Not shown here: (\d+) changes, (\d+) flags/.exec(comment) ?? [];
    assert.equal(flags + Number(left), 3_000);
    assert.equal(count(comment, "\n+ triggers: ") + Number(changes), 3_000);
  });

  it("follows a link only if it is one", () => {
    const report = reportOn(capture("preview.json"));
    for (const link of ["javascript:alert(1)", "https://x/) [evil](https://y", "https://x/\n# y"])
      assert.ok(!markdownReport(report, { link }).includes("The whole report"), link);
  });
});
