/** `npm run sequences -- --seed N --count K [--path P]`: plays K sequences that follow from the seed; see README.md. */
import { parseArgs } from "node:util";
import { report, search } from "./search";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    count: { type: "string", default: "500" },
    path: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  const found = await search({
    seed: Number(values.seed),
    count: Number(values.count),
    path: values.path,
    verbose: values.verbose,
  });
  console.log(report(found));
  process.exitCode = found.failure === undefined ? 0 : 1;
}

void main();
