/** The stack while a run changes it: what was there before, what this run has made of it, and what is under way. */
import type { OperationType, PendingOperation, ResourceState, StoredState } from "./state";

export class Snapshot {
  private base: ResourceState[];
  private readonly made: ResourceState[] = [];
  private readonly gone = new Set<ResourceState>();
  private pending: PendingOperation[];

  /** @param write stores the state after every change */
  constructor(
    stored: StoredState,
    private readonly write: (state: StoredState) => void,
  ) {
    this.base = stored.resources;
    // Only a create whose outcome nobody knows is worth keeping: the others will be seen again.
    this.pending = stored.pendingOperations.filter(({ type }) => type === "creating");
  }

  /** The resources as they would be stored now, each after what it depends on. */
  resources(): ResourceState[] {
    return [...this.made, ...this.base.filter((resource) => !this.gone.has(resource))];
  }

  /** The resources as they were before this run (after its refresh). */
  before(): readonly ResourceState[] {
    return this.base;
  }

  /** Notes that an operation is under way, so that a kill in its middle leaves a trace. */
  begin(resource: ResourceState, type: OperationType): void {
    this.pending.push({ resource, type });
    this.save();
  }

  /** Notes that it ended, with what it made and what that replaces. */
  end(resource: ResourceState, change: { made?: ResourceState; gone?: ResourceState }): void {
    this.pending = this.pending.filter((operation) => operation.resource !== resource);
    if (change.made !== undefined) this.made.push(change.made);
    if (change.gone !== undefined) this.gone.add(change.gone);
    this.save();
  }

  /** Takes over what a refresh found; a resource without a successor is gone. */
  rebase(refreshed: ReadonlyMap<ResourceState, ResourceState | undefined>): void {
    const resources = this.base.flatMap((old) => (refreshed.has(old) ? (refreshed.get(old) ?? []) : old));
    const known = new Set(resources.map(({ urn }) => urn));
    this.base = resources.map((resource) => ({
      ...resource,
      dependencies: resource.dependencies.filter((urn) => known.has(urn)),
      propertyDependencies: Object.fromEntries(
        Object.entries(resource.propertyDependencies).map(([name, urns]) => [
          name,
          urns.filter((urn) => known.has(urn)),
        ]),
      ),
      ...(resource.parent !== undefined && !known.has(resource.parent) && { parent: undefined }),
    }));
    this.save();
  }

  save(): void {
    this.write({ resources: this.resources(), pendingOperations: this.pending });
  }
}
