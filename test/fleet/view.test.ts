import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planOf } from "../../examples/fleet/rollout/plan";
import { EXIT, type SiteResult, summaryLines, summaryOf } from "../../examples/fleet/rollout/summary";
import { viewOn } from "../../examples/fleet/rollout/view";
import { parseInventory } from "../../src/inventory";

const PLAN = planOf(["lab", "oslo", "paris"], {
  ...parseInventory("devices: {}").rollout,
  canary: ["lab"],
  wave: 2,
});

const site = (given: Partial<SiteResult>): SiteResult => ({
  site: "lab",
  wave: 1,
  result: "converged",
  seconds: 8,
  devices: [],
  errors: [],
  ...given,
});
const LAB = site({ devices: [{ device: "sbc-lab-1", result: "changed" }] });
const OSLO = site({
  site: "oslo",
  wave: 2,
  result: "held",
  devices: [
    { device: "sbc-osl-1", result: "held", held: "frozen: until June", differences: ["NTPServerIP"] },
  ],
});
const PARIS = site({
  site: "paris",
  wave: 2,
  result: "failed",
  devices: [
    { device: "sbc-par-1", result: "untouched" },
    { device: "sbc-par-2", result: "failed", error: "not healthy:\n  - critical alarm: \u001b[2Jdown\u0007" },
  ],
});

/** A terminal as far as the view uses one: what it shows in the end. */
class Terminal {
  lines: string[] = [""];
  columns = 60;
  constructor(
    readonly live: boolean,
    readonly colours = false,
  ) {}

  write(text: string): void {
    for (const [part, up, clears] of text.matchAll(/\u001b\[(\d+)A|(\u001b\[J)|\n|[^\n\u001b]+/g)) {
      if (up !== undefined) this.lines = this.lines.slice(0, this.lines.length - Number(up));
      else if (clears !== undefined) this.lines[this.lines.length - 1] = "";
      else if (part === "\n") this.lines.push("");
      else this.lines[this.lines.length - 1] += part;
    }
  }
}

/** Plays half of a rollout. */
function play(terminal: Terminal) {
  const clock = { now: 0 };
  const view = viewOn(terminal, () => new Date(clock.now), 5);
  view.planned(PLAN, ["berlin"]);
  view.waveBegan(1, PLAN);
  view.step("lab", "changing");
  clock.now = 8_000;
  view.ended(LAB);
  view.waveBegan(2, PLAN);
  view.step("oslo", "reading");
  view.step("paris", "checking health");
  clock.now = 9_000;
  view.ended(OSLO);
  return { view, clock };
}

describe("what people see of a rollout", () => {
  it("is plain lines if it is no terminal", () => {
    const terminal = new Terminal(false);
    const { view } = play(terminal);
    view.note("[sbc-par-2] waiting for it\u001b[2J");
    view.ended(PARIS);
    view.close();
    assert.deepEqual(terminal.lines, [
      "✓ done by an earlier run: berlin",
      "wave 1 of 2, the canary: lab",
      "  lab    changing …",
      "✓ lab    1 changed (8 s)",
      "",
      "wave 2 of 2, 2 sites: oslo, paris",
      "  oslo   reading …",
      "  paris  checking health …",
      "○ oslo   sbc-osl-1 frozen: until June; 1 difference (8 s)",
      "  [sbc-par-2] waiting for it?[2J",
      "✗ paris  failed: sbc-par-2: not healthy: critical alarm: ?[2Jdown? (8 s)",
      "",
    ]);
  });

  it("is on a terminal what has ended, and below it a table of what is under way", () => {
    const terminal = new Terminal(true);
    const { view, clock } = play(terminal);
    const ended = [
      "✓ done by an earlier run: berlin",
      "wave 1 of 2, the canary: lab",
      "✓ lab    1 changed (8 s)",
      "",
      "wave 2 of 2, 2 sites: oslo, paris",
      "○ oslo   sbc-osl-1 frozen: until June; 1 difference (8 s)",
    ];
    assert.deepEqual(terminal.lines, [
      ...ended,
      "",
      "▸ paris  checking health                 1 s",
      "━━━━━━━━━━━━━━━━━━━━  wave 2 of 2, 2 of 3 sites  9 s",
      "",
    ]);
    clock.now = 75_000;
    terminal.columns = 40;
    view.step("paris", "changing");
    assert.deepEqual(terminal.lines.slice(ended.length), [
      "",
      "▸ paris  changing                  1 m…",
      "━━━━━━━━━━━━━━━━━━━━  wave 2 of 2, 2 o…",
      "",
    ]);
    view.close();
    assert.deepEqual(terminal.lines, [...ended, ""]);
  });
});

describe("the end of a rollout", () => {
  const ended = (given: Partial<Parameters<typeof summaryOf>[0]>) =>
    summaryOf({ command: "up", sites: [LAB], waiting: 0, seconds: 75, interrupted: false, ...given });
  const notBegun = site({ site: "rome", result: "not begun" });
  const stopped = "1 site failed, and maxFailures is 0";

  it("has an exit code for each kind", () => {
    const code = (given: Parameters<typeof ended>[0]) => ended(given).exitCode;
    assert.equal(code({}), EXIT.done);
    assert.equal(code({ sites: [LAB, OSLO] }), EXIT.done);
    assert.equal(code({ sites: [LAB, OSLO], waiting: 1 }), EXIT.waiting);
    assert.equal(code({ sites: [LAB, PARIS], waiting: 1 }), EXIT.failed);
    assert.equal(code({ sites: [LAB, PARIS, notBegun], stopped }), EXIT.failed);
    assert.equal(code({ sites: [PARIS, notBegun], stopped, interrupted: true }), EXIT.interrupted);
    const previewed = site({ result: "previewed" });
    assert.equal(code({ command: "preview", sites: [previewed] }), EXIT.done);
    assert.equal(code({ command: "preview", sites: [previewed, OSLO] }), EXIT.changes);
    assert.equal(code({ command: "preview", sites: [{ ...LAB, result: "previewed" }] }), EXIT.changes);
    assert.equal(code({ command: "preview", sites: [LAB, PARIS] }), EXIT.failed);
  });

  it("says what failed, what did not begin, and what to do", () => {
    assert.deepEqual(summaryLines(ended({ sites: [LAB, OSLO, PARIS, notBegun], stopped })), [
      "paris failed:",
      "  sbc-par-2: not healthy:",
      "    - critical alarm: \u001b[2Jdown\u0007",
      "",
      "2 of 4 sites converged, 1 device changed, 1 held back, 1 site failed, 1 not begun (1 min 15 s).",
      "Stopped: 1 site failed, and maxFailures is 0.",
      "Mend what failed; the same command goes on where this run ended, without the sites that are done.",
    ]);
  });
});
