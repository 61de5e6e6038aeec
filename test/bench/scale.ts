import { decodeIni, encodeIni } from "../../src/ini/encoding";
import { observe } from "../../src/ini/observe";
import { type IniGrowth, iniLife, type Times } from "./growth";
import { bestOwnTime } from "./measure";
import type { Figure, Section } from "./report";
import { stateSection } from "./state-size";

const ROWS = [5_000, 10_000, 20_000];

/** Of so many lives of each size, taken in turns, the fastest of each step counts. */
const LIVES = 4;

/** How the cost grows with the size of one resource. */
export async function scale(): Promise<readonly Section[]> {
  // What is compiled the first time is no matter of size.
  await iniLife(1_000);
  const lives = new Map<number, IniGrowth>();
  for (let life = 0; life < LIVES; life++)
    for (const rows of ROWS) lives.set(rows, faster(await iniLife(rows), lives.get(rows)));
  const last = lives.get(ROWS.at(-1) ?? 0);
  return [
    {
      title:
        "One table of 4 columns, milliseconds of the provider's own work; the target is that of each doubling",
      figures: growth(
        ROWS.map((rows) => `${rows} rows`),
        [...lives.values()].map(({ times }) => times),
      ),
    },
    ...(last === undefined ? [] : [await againstItsParts(last)]),
    await stateSection(4_000),
  ];
}

function faster(life: IniGrowth, other: IniGrowth | undefined): IniGrowth {
  const times = Object.entries(life.times).map(([what, ms]): [string, number] => [
    what,
    Math.min(ms, other?.times[what] ?? ms),
  ]);
  return { ...life, times: Object.fromEntries(times) };
}

/** The larger ratio of the two doublings. */
function growth(sizes: readonly string[], times: readonly Times[]): Figure[] {
  return Object.keys(times[0] ?? {}).map((what) => {
    const each = times.map((one) => one[what] ?? 0);
    const doublings = each.slice(1).map((ms, at) => ms / (each[at] ?? 1));
    return {
      what,
      measured: Object.fromEntries(sizes.map((size, at) => [size, each[at] ?? 0])),
      ratio: Math.max(...doublings),
      target: { atMost: 2.2 },
    };
  });
}

/** An update of a large table beside what cannot be saved: reading its state and the dump once, writing the state. */
async function againstItsParts({ times, state, dump }: IniGrowth): Promise<Section> {
  const text = JSON.stringify(state);
  const bytes = encodeIni(dump, "utf-8") ?? Buffer.alloc(0);
  const parts = await bestOwnTime(() => {
    JSON.stringify(JSON.parse(text));
    observe(decodeIni(bytes).text);
  });
  const update = times["update, one row added"] ?? 0;
  return {
    title:
      "20,000 rows and one more, beside JSON.parse and JSON.stringify of its state and one parse of the dump",
    figures: [
      {
        what: "own time, ms",
        measured: { ours: update, parts },
        ratio: update / parts,
        target: { atMost: 3 },
      },
    ],
  };
}
