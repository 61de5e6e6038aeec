/** What people see of a rollout: lines, and on a terminal a table of what is under way below them. */
import { stripVTControlCharacters, styleText } from "node:util";
import { count, type Plan } from "./plan";
import type { View } from "./run";
import { duration, type SiteResult, siteText } from "./summary";

/** Where it is written: a terminal has a width. */
export interface Screen {
  write(text: string): void;
  readonly columns: number;
  /** Whether lines may be drawn anew. */
  live: boolean;
  colours: boolean;
}

const SIGNS: Record<SiteResult["result"], [sign: string, colour: "green" | "red" | "yellow" | "dim"]> = {
  converged: ["✓", "green"],
  previewed: ["✓", "green"],
  held: ["○", "yellow"],
  failed: ["✗", "red"],
  "done before": ["✓", "dim"],
  "not begun": ["·", "dim"],
};

/** How often the times under way move on. */
const TICK_MS = 1000;

export function viewOn(screen: Screen, now: () => Date, width: number): View {
  const painted = (colour: Parameters<typeof styleText>[0], text: string) =>
    screen.colours ? styleText(colour, text) : text;
  const underWay = new Map<string, { text: string; since: number }>();
  const began = now().getTime();
  let drawn = 0;
  let plan: Plan = { waves: [], canary: false, atOnce: 1, maxFailures: 0 };
  let wave = 0;
  let ended = 0;
  let failed = 0;
  let timer: NodeJS.Timeout | undefined;

  const seconds = (since: number) => duration((now().getTime() - since) / 1000);
  const table = (): string[] => {
    const sites = plan.waves.flat().length;
    const rows = [...underWay].map(
      ([site, { text, since }]) =>
        `${painted("cyan", "▸")} ${site.padEnd(width)}  ${text.padEnd(24)}  ${seconds(since).padStart(9)}`,
    );
    const filled = sites === 0 ? 0 : Math.round((ended / sites) * 20);
    const bar = painted("green", "━".repeat(filled)) + painted("dim", "━".repeat(20 - filled));
    const faults = failed > 0 ? `, ${painted("red", `${failed} failed`)}` : "";
    const waves = plan.waves.length > 1 ? `wave ${wave} of ${plan.waves.length}, ` : "";
    return ["", ...rows, `${bar}  ${waves}${ended} of ${count(sites, "site")}${faults}  ${seconds(began)}`];
  };
  const erase = () => {
    if (drawn > 0) screen.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const draw = () => {
    if (!screen.live) return;
    erase();
    const lines = table().map((line) => cut(line, screen.columns - 1));
    screen.write(lines.map((line) => `${line}\n`).join(""));
    drawn = lines.length;
  };
  const say = (line: string) => {
    erase();
    screen.write(`${line}\n`);
    draw();
  };
  if (screen.live) {
    timer = setInterval(draw, TICK_MS);
    timer.unref();
  }
  return {
    planned(given, doneBefore) {
      plan = given;
      if (doneBefore.length > 0) {
        say(painted("dim", `✓ done by an earlier run: ${doneBefore.join(", ")}`));
      }
    },
    waveBegan(now, { waves, canary }) {
      wave = now;
      const sites = waves[wave - 1] ?? [];
      const what = canary && wave === 1 ? "the canary" : count(sites.length, "site");
      if (waves.length > 1) {
        const title = `wave ${wave} of ${waves.length}`;
        say(`${wave === 1 ? "" : "\n"}${painted("bold", title)}, ${what}: ${sites.join(", ")}`);
      }
    },
    step(site, text) {
      underWay.set(site, { text, since: underWay.get(site)?.since ?? now().getTime() });
      if (screen.live) draw();
      else say(`  ${site.padEnd(width)}  ${text} …`);
    },
    ended(result) {
      underWay.delete(result.site);
      ended++;
      if (result.result === "failed") failed++;
      const [sign, colour] = SIGNS[result.result];
      const text = `${siteText(result)} (${duration(result.seconds)})`;
      say(`${painted(colour, sign)} ${result.site.padEnd(width)}  ${safe(text)}`);
    },
    note(line) {
      say(painted("dim", `  ${safe(line)}`));
    },
    stopping() {
      if (underWay.size > 0)
        say(painted("yellow", "Interrupted: what is under way ends, nothing else begins."));
    },
    close() {
      clearInterval(timer);
      erase();
    },
  };
}

/** A device's own words must not steer the terminal. */
export function safe(text: string): string {
  return text.replaceAll("\t", " ").replace(/[^\P{Cc}\n]/gu, "?");
}

/** Cuts a line to so many columns; colours take none. */
function cut(line: string, columns: number): string {
  if (stripVTControlCharacters(line).length <= columns) return line;
  return `${stripVTControlCharacters(line).slice(0, columns - 1)}…`;
}
