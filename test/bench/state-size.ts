import type { Table } from "../../src/ini/configuration";
import {
  type IncrementalIniInputs,
  incrementalIniConfig,
} from "../../src/reconcile/ini/incremental-ini-config";
import { newLife } from "../shared/life";
import { startDevice } from "./device";
import { DIAL_PLAN, dialPlan, dialPlanIni } from "./dial-plan";
import { silently } from "./measure";
import type { Section } from "./report";

/** What the state of a large table is made of, beside the ini text that it declares. */
export async function stateSection(rows: number): Promise<Section> {
  const table = dialPlan(rows);
  const ini = dialPlanIni(table);
  const before: Record<string, Table> = {
    "the device had it already": table,
    "each row had another tag": Object.fromEntries(
      Object.entries(table).map(([index, row]) => [index, { ...row, Tag: "before" }]),
    ),
    "the device had one row": dialPlan(1),
  };
  const figures = [];
  for (const [what, held] of Object.entries(before)) {
    const parts = await partsOfState(table, dialPlanIni(held));
    const kilobytes = Object.values(parts).reduce((sum, part) => sum + part, 0);
    figures.push({
      what,
      measured: { "ini, kB": ini.length / 1000, "state, kB": kilobytes, ...parts },
      ratio: (kilobytes * 1000) / ini.length,
      target: { atMost: 4 },
    });
  }
  return { title: `State of a table of ${rows} rows of 4 columns, onRelease: restore, kB`, figures };
}

/** Kilobytes as JSON without blanks, inputs and each property of the outputs; the small ones are left out. */
async function partsOfState(table: Table, ini: string): Promise<Record<string, number>> {
  const device = await startDevice({ ini });
  try {
    const life = newLife(incrementalIniConfig);
    const declared: IncrementalIniInputs = {
      device: device.settings,
      tables: { [DIAL_PLAN]: table },
      onRelease: "restore",
      __mediantName: "dial-plan",
    };
    const { inputs, failures } = life.check(declared, true);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    const { outs } = await silently(() => life.create(inputs));
    const sizeOf = (value: unknown) => (JSON.stringify(value)?.length ?? 0) / 1000;
    const parts = Object.entries(outs).map(([name, value]): [string, number] => [name, sizeOf(value)]);
    const large = parts.filter(([, kilobytes]) => kilobytes >= 1);
    return { inputs: sizeOf(inputs), ...Object.fromEntries(large) };
  } finally {
    device.close();
  }
}
