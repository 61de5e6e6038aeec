import { startDevice } from "./device";
import { type BenchStack, hasPulumi, NO_PULUMI, openBenchStack, type Run } from "./engine-run";
import type { Figure, Section } from "./report";

/** Declares so many resources of one row each: of ours, or of a provider that does nothing. */
export const MANY_PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const mediant = require("pulumi-mediant");
const noOp = require("no-op/thunk.js");
const { url, count, devices, ours } = JSON.parse(process.env.BENCH);
class NoOp extends pulumi.dynamic.Resource {
  constructor(name, args) { super(noOp, name, args, undefined, "no-op", "NoOp"); }
}
const Resource = ours ? mediant.IncrementalIniConfig : NoOp;
for (let at = 0; at < count; at++) {
  const device = { name: "sbc" + (at % devices), url, username: "Admin", password: pulumi.secret("Admin") };
  new Resource("row-" + at, { device, tables: { ProxySet: { [at + 1]: { ProxyName: "PS_" + at } } } });
}
`;

const STEPS = [
  { what: "preview", which: "preview", refresh: false, atMost: 1.2 },
  { what: "first up", which: "up", refresh: false, atMost: 1.35 },
  { what: "up again", which: "up", refresh: false, atMost: 1.2 },
  { what: "drift check", which: "preview", refresh: true, atMost: 1.2 },
] as const;

/** Many resources on the real engine, beside as many that do nothing. */
export async function many(count = 1_000): Promise<readonly Section[]> {
  const title = `${count} resources on one device on the real engine, beside as many that do nothing, s`;
  if (!hasPulumi()) return [{ title, figures: [{ what: "all", measured: {}, skipped: NO_PULUMI }] }];
  const device = await startDevice({});
  const [ours, noOp] = [await openBenchStack(MANY_PROGRAM), await openBenchStack(MANY_PROGRAM)];
  try {
    const figures: Figure[] = [];
    for (const { what, which, refresh, atMost } of STEPS) {
      const run = (stack: BenchStack) => {
        const declared = { url: device.settings.url, count, devices: 1, ours: stack === ours };
        return stack.run(which, { refresh, env: { BENCH: JSON.stringify(declared) } });
      };
      const before = (await device.requests()).length;
      const [one, other] = await inTurn(
        () => run(ours),
        () => run(noOp),
        which === "up" && what === "first up" ? 1 : 2,
      );
      const requests = (await device.requests()).length - before;
      figures.push({
        what,
        measured: {
          ours: one.seconds,
          "no-op": other.seconds,
          "work, ours": one.work,
          "work, no-op": other.work,
          requests,
        },
        ratio: one.seconds / other.seconds,
        target: { atMost },
      });
    }
    return [{ title, figures }];
  } finally {
    device.close();
    await ours.close();
    await noOp.close();
  }
}

/** The fastest of some runs of each, one after the other, so that a machine that is busy for a while is so for both. */
async function inTurn(
  one: () => Promise<Run>,
  other: () => Promise<Run>,
  times: number,
): Promise<[Run, Run]> {
  const runs: [Run, Run][] = [];
  for (let at = 0; at < times; at++) runs.push([await one(), await other()]);
  const best = (which: 0 | 1) =>
    runs.map((pair) => pair[which]).reduce((a, b) => (a.seconds < b.seconds ? a : b));
  return [best(0), best(1)];
}
