/**
 * `npm run sequences -- --seed N --count K`: plays K random sequences that follow from the seed, one after the other:
 * programs that change, edits by hand, faults, kills, `up`, `preview`, `refresh`, `destroy`. `--path P` plays one alone,
 * as the report of a failure says; `--unshrunk` leaves a failure as it was found; `--verbose` tells what happens.
 *
 * All of it runs in this process: client, reconcile and simulator (`play.ts`) on a virtual clock (`time.ts`) and a
 * network in memory (`network.ts`), under an engine that follows Pulumi's rules (`engine.ts`). `steps.ts` makes the
 * sequences of a few places of a device (`palette.ts`), and `auditor.ts` judges from the device's own store and from
 * what went over the network. It shares no code with what it judges.
 */
import { parseArgs } from "node:util";
import { report, search } from "./search";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    count: { type: "string", default: "500" },
    path: { type: "string" },
    unshrunk: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  // A run that ends without its report is no good one.
  process.exitCode = 1;
  const found = await search({
    seed: Number(values.seed),
    count: Number(values.count),
    path: values.path,
    unshrunk: values.unshrunk,
    verbose: values.verbose,
  });
  console.log(report(found));
  process.exitCode = found.failure === undefined ? 0 : 1;
}

void main();
