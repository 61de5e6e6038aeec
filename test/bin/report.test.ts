import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { htmlReport } from "../../src/report/html";
import { capture, previewOf, reportOn, rowsOf } from "../report/runs";
import { command, scratch } from "./command";

describe("pulumi-mediant report", () => {
  it("writes comment, page and changes of what pulumi wrote", async (t) => {
    const folder = scratch(t);
    const at = (name: string) => join(folder, name);
    writeFileSync(at("preview.json"), capture("preview.json"));
    const outputs = [
      "--markdown",
      at("comment.md"),
      "--html",
      at("pages/report.html"),
      "--json",
      at("report.json"),
    ];
    const ended = await command(["report", at("preview.json"), ...outputs, "--title", "Preview"]);
    assert.deepEqual(ended, { code: 0, stdout: "", stderr: "" });
    assert.match(readFileSync(at("comment.md"), "utf8"), /^<!-- pulumi-mediant report -->\n\n### Preview\n/);
    assert.match(readFileSync(at("pages/report.html"), "utf8"), /<title>Preview<\/title>/);
    assert.deepEqual(
      JSON.parse(readFileSync(at("report.json"), "utf8")),
      JSON.parse(JSON.stringify(reportOn(capture("preview.json")))),
    );
  });

  it("says what is wrong with what it is given", async (t) => {
    const folder = scratch(t);
    const state = join(folder, "state.json");
    writeFileSync(state, capture("state-before.json"));
    const one = await command(["report", state]);
    assert.equal(one.code, 2);
    assert.match(
      one.stderr,
      /one state of a stack cannot be compared alone: name two files, the older one first/,
    );
  });
});

/** As Debian, Ubuntu and Google call it. */
const BROWSER = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);

/** The page as a browser has it once its script has run. */
function opened(file: string, hash: string): string {
  const options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000", "--dump-dom"];
  const { stdout, stderr, status } = spawnSync(BROWSER ?? "", [...options, `${pathToFileURL(file)}${hash}`], {
    encoding: "utf8",
    maxBuffer: 100_000_000,
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

describe("the page, in a browser", { skip: BROWSER === undefined && "no Chromium is installed" }, () => {
  it("shows 5,000 changes, searches them, and runs nothing but its own script", (t) => {
    const now = Object.fromEntries(
      Object.entries(rowsOf(5_000)).map(([index, row]) => [index, { ...row, Tag: `new${index}` }]),
    );
    const evil = "<script>document.title='evil'</script><img src=x onerror=\"document.title='evil'\">";
    const report = reportOn(
      previewOf([
        { name: "plan", before: rowsOf(5_000), now },
        { name: evil, device: { name: evil, url: "https://sbc2" }, now: { 0: { Tag: evil } } },
      ]),
    );
    const file = join(scratch(t), "report.html");
    writeFileSync(file, htmlReport(report, { title: "Preview" }));
    const page = opened(file, "#new4711");
    assert.match(page, /<title>Preview<\/title>/);
    assert.match(page, /aria-live="polite">1 of 5001 lines</);
    const rows = page.match(/<tr class="[^"]*" data-tags="[^"]*">/g) ?? [];
    assert.equal(rows.length, 1, "one row is not hidden");
    assert.doesNotMatch(page, /<img/);
  });
});
