import { parse as parseWithIni } from "ini";
import { readConfiguration } from "../../src/ini/configuration";
import { observe } from "../../src/ini/observe";
import { parseIni } from "../../src/ini/parse";
import { secretTest } from "../../src/ini/secrets";
import type { Fragment } from "../../src/reconcile/ini/fragment";
import { planIni } from "../../src/reconcile/ini/plan/plan";
import { fragment } from "../shared/fragment";
import { bestInTurns, megabytesKept, ownTime } from "./measure";
import type { Figure, Section } from "./report";
import { scriptGrowth, scriptSection } from "./scripts";

const TABLES = ["IPGroup", "IP2IPRouting", "Account", "ProxyIp"];
const RULES = { incrementalTables: "whole", username: "Admin", encoding: "utf-8" } as const;

/** What it costs to read configurations and to plan changes of them, beside other readers of such texts. */
export async function parse(): Promise<readonly Section[]> {
  return [await planOfRows(20_000), await besideIni(10_000_000), await scriptGrowth(), await scriptSection()];
}

async function planOfRows(rows: number): Promise<Section> {
  const live = iniText(rows, "now");
  const fragment = fragmentOf(iniText(rows, "wanted"));
  const observed = observe(live);
  if (planIni(observed, [fragment], RULES).written.size !== rows)
    throw new Error("not each row is planned once");

  const [looking = 0, planning = 0] = await bestInTurns([
    own(() => observe(live)),
    own(() => planIni(observed, [fragment], RULES)),
  ]);
  return {
    title: `A dump of ${rows} rows of 12 columns`,
    figures: [
      { what: "kB of ini text", measured: { ours: Math.round(live.length / 1000) } },
      {
        what: "MB that the dump keeps when it is read",
        measured: { ours: megabytesKept(() => observe(live)) },
      },
      {
        what: "plan of a change in each row, ms, beside parse and observe",
        measured: { ours: planning, other: looking },
        ratio: planning / looking,
        target: { atMost: 2 },
      },
    ],
  };
}

async function besideIni(bytes: number): Promise<Section> {
  const rows = Math.round((20_000 * bytes) / iniText(20_000, "now").length / TABLES.length) * TABLES.length;
  const live = iniText(rows, "now");
  const changed = live.replace('"now 7"', '"wanted"');
  const fragment = fragmentOf(changed);

  const [ours = 0, other = 0] = await bestInTurns(
    [own(() => planIni(observe(live), [fragment], RULES)), own(() => parseWithIni(live))],
    2,
  );
  const figure: Figure = {
    what: "parse and plan, ms, beside reading the same bytes with the package ini",
    measured: { ours, other },
    ratio: ours / other,
    target: { atMost: 4 },
  };
  return {
    title: `An ini file of ${(live.length / 1e6).toFixed(1)} MB, all of it declared`,
    figures: [figure],
  };
}

/** Tables as wide as the wider ones of a device. */
function iniText(rows: number, note: string): string {
  const columns = Array.from({ length: 12 }, (_, at) => `Column${at}`);
  return TABLES.map((table) => {
    const body = Array.from({ length: rows / TABLES.length }, (_, index) => {
      const cells = columns.slice(1).map((_, at) => (at % 3 === 0 ? `"name ${index}"` : String(index + at)));
      return `${table} ${index} = "${note} ${index}", ${cells.join(", ")};`;
    });
    return [`[ ${table} ]`, `FORMAT Index = ${columns.join(", ")};`, ...body, `[ \\${table} ]`, ""].join(
      "\n",
    );
  }).join("\n");
}

function fragmentOf(text: string): Fragment {
  return fragment({
    declared: readConfiguration({ document: parseIni(text), parameters: {}, tables: {} }).configuration,
    isSecret: secretTest(),
  });
}

function own(run: () => unknown): () => Promise<number> {
  return async () => (await ownTime(run)).ms;
}
