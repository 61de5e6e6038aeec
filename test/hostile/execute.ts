import { mutate } from "./mutate";
import type { Parser } from "./parsers";
import { Random } from "./random";

/** The bytes of one execution. */
export function inputOf(parser: Parser, seed: number, run: number): Buffer {
  return mutate(parser.corpus, Random.ofRun(seed, run));
}

/** One execution, which its seed and number repeat. @throws with the command that repeats it, and the bytes */
export function execute(parser: Parser, seed: number, run: number): void {
  const bytes = inputOf(parser, seed, run);
  try {
    parser.bear(bytes);
  } catch (error) {
    const again = `npm run hostile -- --seed ${seed} --parser ${parser.name} --run ${run}`;
    throw new Error(`${parser.name}: ${again}\n${JSON.stringify(bytes.toString("latin1"))}`, {
      cause: error,
    });
  }
}
