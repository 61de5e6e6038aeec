/** The refresh: reads every resource, asks the provider whether what it found is what was wanted, and takes it over. */
import { changesBetween } from "./changes";
import { type Executor, settle } from "./executor";
import type { Run } from "./generator";
import { Terminating } from "./monitor";
import { isProvider } from "./providers";
import type { StepRecord } from "./report";
import type { ResourceState } from "./state";
import { annotateSecrets, equal, unwrap } from "./values";

/** @throws Terminating where a resource could not be read; what the others have become is taken over all the same */
export async function refresh(run: Run, executor: Executor): Promise<void> {
  const refreshed = new Map<ResourceState, ResourceState | undefined>();
  const failures = await Promise.all(
    run.snapshot.before().map((old) =>
      isProvider(old)
        ? undefined
        : executor.inSlot(async () => {
            const record = { op: "refresh" as const, urn: old.urn, type: old.type };
            try {
              const { found, live } = await observe(run, old);
              refreshed.set(old, live);
              const changes =
                live !== undefined && found === "update" ? changesBetween(old.outputs, live.outputs) : [];
              run.report.step({ ...record, found }, changes);
              return undefined;
            } catch (error) {
              run.report.step({ ...record, failed: true }, []);
              const message = error instanceof Error ? error.message : String(error);
              run.report.diagnostic("error", run.dryRun ? `Preview failed: ${message}` : message, old.urn);
              return error;
            }
          }),
    ),
  );
  run.snapshot.rebase(refreshed);
  if (failures.some((failure) => failure !== undefined)) throw new Terminating("the refresh failed");
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
