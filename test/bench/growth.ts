import { steadyIni } from "../../src/backup/ini";
import { getIniDiff } from "../../src/functions/get-ini-diff";
import { generateProgram } from "../../src/generate/generate";
import type { Table } from "../../src/ini/configuration";
import {
  type IncrementalIniInputs,
  type IncrementalIniState,
  incrementalIniConfig,
} from "../../src/reconcile/ini/incremental-ini-config";
import { newLife } from "../shared/life";
import { onTheWire } from "../shared/on-the-wire";
import { startDevice } from "./device";
import { DIAL_PLAN, dialPlan, dialPlanIni } from "./dial-plan";
import { collectGarbage, ownTime, silently } from "./measure";

/** Milliseconds of our own work, by what was done. */
export type Times = Record<string, number>;

export interface IniGrowth {
  times: Times;
  /** The state as the engine keeps it, and the dump of the device, at the last size. */
  state: IncrementalIniState;
  dump: string;
}

/** The life of one resource that declares a table of so many rows, and what else reads them. */
export async function iniLife(rows: number): Promise<IniGrowth> {
  const device = await startDevice({ ini: dialPlanIni(dialPlan(1)) });
  const times: Times = {};
  const timed = async <T>(what: string, run: () => Promise<T> | T): Promise<T> => {
    // Each step begins in a new process, so it does not pay for what the step before left behind.
    collectGarbage({ type: "minor" });
    const { result, ms } = await ownTime(run);
    times[what] = ms;
    return result;
  };
  const inputsFor = (table: Table): IncrementalIniInputs => ({
    device: device.settings,
    tables: { [DIAL_PLAN]: table },
    onRelease: "restore",
    __mediantName: "dial-plan",
  });
  let resource: { id: string; state: IncrementalIniState } | undefined;
  const up = async (table: Table): Promise<void> => {
    const life = newLife(incrementalIniConfig);
    const { inputs, failures } = life.check(inputsFor(table), resource === undefined);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    if (resource === undefined) {
      const { id, outs } = await life.create(inputs);
      resource = { id, state: outs };
      return;
    }
    const { id, state } = resource;
    if (!life.diff(id, state, inputs).changes) throw new Error("nothing to do");
    resource = { id, state: (await life.update(id, state, inputs)).outs };
  };
  const known = () => {
    if (resource === undefined) throw new Error("there is no resource");
    return resource;
  };
  const refresh = async (): Promise<void> => {
    const { id, state } = known();
    resource = { id, state: (await newLife(incrementalIniConfig).read(id, state)).props };
  };
  try {
    return await silently(async () => {
      const table = dialPlan(rows);
      await timed("create", () => up(table));
      const more = { ...table, [rows]: { ...table["0"], Name: "one more" } } as Table;
      await timed("update, one row added", () => up(more));
      const state = onTheWire(known().state);
      known().state = state;
      await timed("refresh", refresh);
      const changed = { ...more, 7: { ...more["7"], Tag: "by hand" } } as Table;
      await device.changeByHand(dialPlanIni(changed));
      await timed("refresh, drift of one cell", refresh);
      await timed("update that heals it", () => up(more));
      const dump = await dumpOf(device.settings.url);
      await timed("getIniDiff", () =>
        getIniDiff({ device: device.settings, tables: { [DIAL_PLAN]: changed } }),
      );
      await timed("generate", () =>
        generateProgram({
          device: { name: "sbc1", url: "https://sbc1" },
          username: "Admin",
          dump,
          version: "0.1.0",
        }),
      );
      await timed("backup", () => steadyIni(dump));
      await timed("release of half, restored", () =>
        up(Object.fromEntries(Object.entries(more).slice(0, rows / 2))),
      );
      await timed("destroy, restored", () =>
        newLife(incrementalIniConfig).remove(known().id, onTheWire(known().state)),
      );
      return { times, state, dump };
    });
  } finally {
    device.close();
  }
}

async function dumpOf(url: string): Promise<string> {
  const authorization = `Basic ${Buffer.from("Admin:Admin").toString("base64")}`;
  const answer = await fetch(`${url}/api/v1/files/ini`, { headers: { authorization } });
  return answer.text();
}
