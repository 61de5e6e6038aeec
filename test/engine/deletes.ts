/** The end of a run: what the program no longer wants is deleted, dependents first. */
import { deletionRounds, transitiveDependencies } from "./dependents";
import type { Executor, Step } from "./executor";
import type { Run } from "./generator";
import { isProvider, referenceTo } from "./providers";
import type { ResourceState } from "./state";

/** @param wanted the URNs that stay; none in a destroy */
export async function deleteUnwanted(
  run: Run,
  executor: Executor,
  wanted: ReadonlySet<string>,
): Promise<void> {
  const there = run.snapshot.resources();
  const condemned: ResourceState[] = [];
  for (const resource of there) {
    if (isProvider(resource) || !(resource.delete || !wanted.has(resource.urn))) continue;
    if (!run.isTarget(resource.urn)) continue;
    // Deleted before its replacement, which then left the program: only the state remembers it.
    if (resource.pendingReplacement) run.snapshot.end(resource, { gone: resource });
    else condemned.push(resource);
  }
  const urns = new Set(condemned.map(({ urn }) => urn));
  const kept = new Set<string>();
  for (const round of deletionRounds(condemned)) {
    if (executor.cancelled) return;
    await Promise.all(
      round.map(async (old) => {
        if (kept.has(old.urn)) return;
        const step: Step = old.delete
          ? { op: "delete-replaced", old, recreate: false, with: urns }
          : { op: "delete", old, with: urns };
        try {
          await executor.execute([step]);
        } catch {
          // It is reported. What it stands on stays as well; the others go on unless the run has ended.
          for (const urn of transitiveDependencies(old, there)) kept.add(urn);
        }
      }),
    );
  }
  forgetUnusedProviders(run, wanted);
}

function forgetUnusedProviders(run: Run, wanted: ReadonlySet<string>): void {
  const resources = run.snapshot.resources();
  const used = new Set(resources.map(({ provider }) => provider));
  for (const provider of resources) {
    const isUsed = wanted.has(provider.urn) || used.has(referenceTo(provider));
    if (isProvider(provider) && !isUsed) run.snapshot.end(provider, { gone: provider });
  }
}
