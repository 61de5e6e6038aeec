/** The refresh: reads every resource, asks the provider whether what it found is what was wanted, and takes it over. */
import { changesBetween } from "./changes";
import { Terminating } from "./engine-service";
import { type Executor, settle } from "./executor";
import type { Run } from "./generator";
import { isProvider } from "./providers";
import type { StepRecord } from "./report";
import type { ResourceState } from "./state";
import { annotateSecrets, equal, unwrap } from "./values";

/** @throws Terminating where a resource could not be read; what the others have become is taken over all the same */
export async function refresh(run: Run, executor: Executor): Promise<void> {
  const refreshed = new Map<ResourceState, ResourceState | undefined>();
  const all = run.snapshot.before().filter((resource) => !isProvider(resource));
  const resources = all.filter(({ urn }) => run.isTarget(urn));
  for (const left of all) if (!resources.includes(left)) refreshed.set(left, left);
  const outcomes = await Promise.allSettled(
    resources.map((old) =>
      executor.inSlot(async () => {
        const record = { op: "refresh" as const, urn: old.urn, type: old.type };
        try {
          const { found, live } = await observe(run, old);
          refreshed.set(old, live);
          const isChanged = live !== undefined && found === "update";
          run.report.step({ ...record, found }, isChanged ? changesBetween(old.outputs, live.outputs) : [], {
            old,
            now: old,
          });
        } catch (error) {
          run.report.step({ ...record, failed: true }, [], { old, now: old });
          const message = error instanceof Error ? error.message : String(error);
          run.report.diagnostic("error", run.dryRun ? `Preview failed: ${message}` : message, old.urn);
          throw error;
        }
      }),
    ),
  );
  run.snapshot.rebase(refreshed);
  if (outcomes.some(({ status }) => status === "rejected")) throw new Terminating("the refresh failed");
}

async function observe(
  run: Run,
  old: ResourceState,
): Promise<{ found: NonNullable<StepRecord["found"]>; live?: ResourceState }> {
  if (!old.custom || old.pendingReplacement) return { found: "same", live: old };
  const provider = await run.providers.of(old);
  const answer = await provider.read(old.urn, old.id ?? "", old.outputs, old.inputs);
  if (answer.id === "") return { found: "delete" };
  const live: ResourceState = {
    ...old,
    id: answer.id,
    inputs: answer.inputs === undefined ? old.inputs : annotateSecrets(answer.inputs, old.inputs),
    outputs: annotateSecrets(answer.outputs, old.outputs),
    initErrors: [],
  };
  settle(live);
  const isTouched = !equal(live.inputs, old.inputs) || !equal(live.outputs, old.outputs);
  if (isTouched) live.modified = new Date().toISOString();
  if (old.external) return { found: equal(live.outputs, old.outputs) ? "same" : "update", live };
  // As an update would ask it right now: what is there, against what was wanted last.
  const { changes } = await provider.diff(live, old.inputs, old.ignoreChanges);
  const differs =
    changes === "unknown" ? !equal(unwrap(live.inputs), unwrap(old.inputs)) : changes === "some";
  return { found: differs ? "update" : "same", live };
}
