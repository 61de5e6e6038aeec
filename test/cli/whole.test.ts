import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { judgeScript } from "../../src/cli/whole";
import { type SimulatorOptions, startSimulator } from "../../src/simulator";

const FULL = readFileSync(join(__dirname, "..", "fixtures", "ini", "full-7.40.ini"), "latin1");
const faultOf = (text: string) => judgeScript(text).fault;

async function exportOf(options: SimulatorOptions): Promise<string> {
  const simulator = await startSimulator(options);
  const authorization = `Basic ${Buffer.from("Admin:Admin").toString("base64")}`;
  const answer = await fetch(`${simulator.url}/api/v1/files/cliScript`, { headers: { authorization } });
  const text = await answer.text();
  await simulator.close();
  return text;
}

describe("a whole script of a device", () => {
  it("is what the simulator prints, in every dialect", async () => {
    for (const ini of [undefined, FULL]) {
      for (const options of [{}, { noise: true, eol: "\n" }, { firmware: "7.00A.018.005" }] as const) {
        const text = await exportOf({ ...options, ...(ini === undefined ? {} : { ini }) });
        assert.equal(faultOf(text), undefined);
      }
    }
  });

  it("may be flat, or have its keys in lines of their own", () => {
    assert.equal(
      faultOf("configure voip\ninterface network-if 0\nvlan 1\nactivate\nexit\nexit\n"),
      undefined,
    );
    assert.equal(
      faultOf("configure data\n  crypto map X 1\n    set peer 192.0.2.1\n  exit\nexit\r\n"),
      undefined,
    );
  });
});

describe("what a whole script shows", () => {
  it("is named by rows and settings, each line of a list by its number", () => {
    const text = [
      "configure voip",
      " proxy-set 1",
      "  proxy-name x",
      " exit",
      " proxy-set 1",
      "  mode y",
      " exit",
      "exit",
      "configure data",
      " access-list 1 permit",
      " access-list 2 deny",
      " no mtu",
      " show version",
      "exit",
      "GET /topAreaStatus.json",
      "",
    ].join("\r\n");
    const { inventory = new Set() } = judgeScript(text) as { inventory?: ReadonlySet<string> };
    assert.deepEqual(
      [...inventory],
      [
        "configure voip",
        "configure voip / proxy-set 1",
        "configure voip / proxy-set 1 / proxy-name",
        "configure voip / proxy-set 1 / mode",
        "configure data",
        "configure data / access-list",
        "configure data / access-list (2)",
        "configure data / mtu",
      ],
    );
  });
});

describe("what is not a whole script", () => {
  it("is an export that is cut in any line, or behind any but the end of a mode", async () => {
    const text = await exportOf({ ini: FULL });
    const lines = text.split("\r\n");
    let whole = 0;
    // Each line that ends a mode or begins one, with its neighbours, and some of the others.
    const edges = lines.flatMap((line, at) => (/^(?:exit|configure)/.test(line) ? [at - 1, at, at + 1] : []));
    const counts = lines.map((_, at) => at).filter((at) => at % 29 === 0 || edges.includes(at));
    for (const count of counts.filter((at) => at < lines.length - 1)) {
      const upTo = lines
        .slice(0, count)
        .map((line) => `${line}\r\n`)
        .join("");
      const last = lines.slice(0, count).findLast((line) => line !== "" && !line.startsWith("#"));
      if (last === "exit") {
        whole += 1;
        assert.equal(faultOf(upTo), undefined, "between two modes only another read can tell");
      } else assert.notEqual(faultOf(upTo), undefined, `cut behind ${last}`);
      const inside = lines[count] ?? "";
      if (inside.trim() !== "") assert.notEqual(faultOf(upTo + inside.slice(0, -1)), undefined);
    }
    assert.ok(whole > 3);
  });

  const MODE = "configure voip\n  proxy-set 1\n    proxy-name x\n  exit\nexit\n";
  const cases: Record<string, [string, RegExp]> = {
    "an error message": ["% Error: try again later\r\n", /line 1: an error message stands in the place/],
    "an error message in the middle": [MODE.replace("    proxy-name x", "% Error"), /line 3: an error/],
    "one line of prose": ["Internal error, try again later\n", /line 1: text that is no part of a script/],
    "prose behind a mode": [`${MODE}Internal error\n`, /line 6: text that is no part of a script/],
    "prose that begins like a mode": ["configured by hand\n", /line 1: text that is no part/],
    "prose behind a later mode": [`${MODE}${MODE}Internal error\n`, /line 11: text that is no part/],
    // The row is empty, so its `exit` could be that of the mode.
    "an export cut behind the `exit` of a row": [
      `configure system\nexit\n${MODE}configure data\n  tomorrow 1\n  exit\n`,
      /line 8: the mode that opens here has no `exit`/,
    ],
    "only the header": ["# Running Configuration Mediant SW\r\n\r\n", /no line `configure/],
    "only a mode's first line": ["configure voip\n", /line 1: the mode that opens here has no `exit`/],
    "a mode that begins in another one": [
      `configure system\n  hostname x\n${MODE}`,
      /line 1: the mode that opens/,
    ],
    "modes without anything in them": ["configure\nexit\n", /shows no configuration/],
    "a mode without a line end": [MODE.slice(0, -1), /line 5: the last line has no line end/],
    "a flat script without its last exit": [
      "configure voip\nproxy-set 1\nproxy-name x\nexit\n",
      /line 1: the mode/,
    ],
  };
  for (const [what, [text, fault]] of Object.entries(cases)) {
    it(`is ${what}`, () => assert.match(faultOf(text) ?? "whole", fault));
  }
});
