import { readConfiguration } from "../../src/ini/configuration";
import { NameMap } from "../../src/ini/names";
import { observe } from "../../src/ini/observe";
import { parseIni } from "../../src/ini/parse";
import { secretTest } from "../../src/ini/secrets";
import type { Fragment } from "../../src/reconcile/ini/fragment";
import { planIni } from "../../src/reconcile/ini/plan";
import { measured } from "./measure";

const TABLES = ["IPGroup", "IP2IPRouting", "Account", "ProxyIp"];

/** What it costs to read a configuration of so many rows, and to plan a change of every row of it. */
export interface ConfigurationCosts {
  rows: number;
  kilobytes: number;
  steps: { name: string; ms: number; megabytes: number }[];
}

export function configurationCosts(rows: number): ConfigurationCosts {
  const live = iniText(rows, "now");
  const fragment = fragmentOf(iniText(rows, "wanted"));
  const parse = measured(() => parseIni(live));
  const look = measured(() => observe(live));
  const plan = measured(() =>
    planIni(look.result, [fragment], { incrementalTables: "whole", username: "Admin", encoding: "utf-8" }),
  );
  if (plan.result.refused.size > 0 || plan.result.written.size !== rows)
    throw new Error("the plan does not change each row once");
  return {
    rows,
    kilobytes: Math.round(live.length / 1000),
    steps: Object.entries({ parse, "parse and observe": look, plan }).map(([name, { ms, megabytes }]) => ({
      name,
      ms,
      megabytes,
    })),
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
  return {
    label: "bench",
    declared: readConfiguration({ document: parseIni(text), parameters: {}, tables: {} }).configuration,
    restored: new NameMap(),
    removedRows: new NameMap(),
    unsetParameters: [],
    ownTables: [],
    mayBeAtDefault: () => false,
    forms: new NameMap(),
    order: [],
    isSecret: secretTest(),
    allowLossOfAccess: false,
  };
}
