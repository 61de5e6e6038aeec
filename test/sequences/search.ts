import * as fc from "fast-check";
import { Findings } from "./auditor";
import { play } from "./play";
import { type Sequence, sequence } from "./steps";

export interface Search {
  seed: number;
  count: number;
  /** Where fast-check found a failure: plays that one alone. */
  path?: string | undefined;
  /** Leaves a failure as long as it was found. */
  unshrunk?: boolean;
  verbose?: boolean;
}

export interface Found {
  seed: number;
  /** Sequences that were played. */
  played: number;
  requests: number;
  /** Simulated, in milliseconds. */
  simulatedMs: number;
  processorSeconds: number;
  failure?: { path: string; after: number; findings: readonly string[]; sequence: Sequence };
}

/** Plays sequences until one of them has a finding, and makes that one as short as it gets. */
export async function search({
  seed,
  count,
  path,
  unshrunk = false,
  verbose = false,
}: Search): Promise<Found> {
  const found: Found = { seed, played: 0, requests: 0, simulatedMs: 0, processorSeconds: 0 };
  const before = process.cpuUsage();
  const property = fc.asyncProperty(sequence, async (one) => {
    const { ms, requests, story } = await play(one);
    found.played++;
    found.requests += requests;
    found.simulatedMs += ms;
    if (verbose) console.log(story.join("\n"));
  });
  const result = await fc.check(property, {
    seed,
    numRuns: path === undefined ? count : 1,
    ...(path !== undefined && { path }),
    endOnFailure: unshrunk || path !== undefined,
  });
  const { user, system } = process.cpuUsage(before);
  found.processorSeconds = (user + system) / 1e6;
  if (result.failed) {
    const error = result.errorInstance;
    found.failure = {
      path: result.counterexamplePath ?? "",
      after: result.numRuns,
      findings: error instanceof Findings ? error.findings : [String(error)],
      sequence: result.counterexample?.[0] as Sequence,
    };
  }
  return found;
}

/** What a search has found, for people. */
export function report({ seed, played, requests, simulatedMs, processorSeconds, failure }: Found): string {
  const hours = (simulatedMs / 3_600_000).toFixed(1);
  const rate = Math.round((played / processorSeconds) * 3600);
  const numbers = `seed ${seed}: ${played} sequences, ${requests} requests, ${hours} simulated hours, ${processorSeconds.toFixed(1)} s of processor time, ${rate} sequences an hour`;
  if (failure === undefined) return `${numbers}: no finding`;
  const { path, after, findings, sequence: shortest } = failure;
  return [
    ...findings,
    "",
    `the sequence: ${JSON.stringify(shortest)}`,
    `found after ${after} sequences. To play it again:`,
    `npm run sequences -- --seed ${seed} --path "${path}"`,
    numbers,
  ].join("\n");
}
