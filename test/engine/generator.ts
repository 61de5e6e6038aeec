/** Decides, one resource at a time, which steps turn what is there into what the program wants. */
import { randomUUID } from "node:crypto";
import { Mutex } from "async-mutex";
import { dependentReplacements } from "./dependents";
import { Terminating } from "./engine-service";
import type { Executor, Step } from "./executor";
import type { Goal, ReadGoal, Registered } from "./monitor";
import { ignoreChanges } from "./paths";
import { isProvider, PROVIDER_TYPE, type Providers, referenceTo } from "./providers";
import type { Report } from "./report";
import type { Snapshot } from "./snapshot";
import type { ResourceState } from "./state";
import { annotateSecrets, decode, equal, type PropertyMap, Unknown, unwrap } from "./values";

export interface Run {
  project: string;
  stack: string;
  /** The stack's configuration, by `<namespace>:<key>`. */
  config: PropertyMap;
  dryRun: boolean;
  /** How many resources are worked on at once. */
  parallel: number;
  /** Whether a resource takes part: of the others nothing is asked. */
  isTarget: (urn: string) => boolean;
  snapshot: Snapshot;
  providers: Providers;
  report: Report;
}

export class Generator {
  /** The URNs the program has registered. */
  readonly seen = new Set<string>();
  /** Deleted in this run, to be created again when the program registers them. */
  private readonly toRecreate = new Set<string>();
  /** Not there yet, and not made in this run. */
  private readonly leftOut = new Set<string>();
  private readonly olds: Map<string, ResourceState>;
  private readonly turn = new Mutex();
  private readonly components = new Map<string, ResourceState>();
  private stack: { component: ResourceState; outputs: PropertyMap } | undefined;
  private provider: ResourceState | undefined;

  constructor(
    private readonly run: Run,
    private readonly executor: Executor,
  ) {
    this.olds = new Map(
      run.snapshot
        .before()
        .flatMap((resource) => (resource.delete ? [] : [[resource.urn, resource] as const])),
    );
  }

  /** @throws Terminating where the run has failed; why is in the report */
  async register(goal: Goal): Promise<Registered> {
    const resource = newState(goal, this.urnOf(goal));
    // One at a time: check and diff are never called side by side.
    const steps = await this.turn.runExclusive(() =>
      this.guarded(resource.urn, () => this.plan(goal, resource)),
    );
    await this.executor.execute(steps);
    if (!goal.custom) this.components.set(resource.urn, resource);
    return { urn: resource.urn, id: resource.id ?? "", outputs: goal.custom ? resource.outputs : {} };
  }

  /** Takes the outputs of a component, which come last. */
  registerOutputs(urn: string, outputs: PropertyMap): void {
    const component = this.components.get(urn);
    if (component === undefined) throw new Error(`outputs of ${urn}, which is no component of this run`);
    if (component.type === "pulumi:pulumi:Stack") this.stack = { component, outputs };
    else component.outputs = outputs;
    this.run.snapshot.save();
  }

  /** Stores the outputs of the stack when all is done: a run that failed adds to those of the last one only. */
  finishStack(): void {
    if (this.stack === undefined) return;
    const { component, outputs } = this.stack;
    component.outputs = this.run.report.failed ? { ...component.outputs, ...outputs } : outputs;
    this.run.report.outputs = component.outputs;
    this.run.snapshot.save();
  }

  /** Reads a resource that exists elsewhere. */
  async read(goal: ReadGoal): Promise<Registered> {
    const resource = newState(
      { ...goal, custom: true, propertyDependencies: {}, ignoreChanges: [] },
      this.urnOf(goal),
    );
    await this.turn.runExclusive(() =>
      this.guarded(resource.urn, async () => {
        this.see(resource);
        resource.external = true;
        resource.id = decode(goal.id) instanceof Unknown ? "" : goal.id;
        resource.provider = referenceTo(this.defaultProvider());
      }),
    );
    await this.executor.execute([{ op: "read", old: this.olds.get(resource.urn), new: resource }]);
    return { urn: resource.urn, id: resource.id ?? "", outputs: resource.outputs };
  }

  private async plan(goal: Goal, resource: ResourceState): Promise<Step[]> {
    if (goal.unsupported !== undefined) throw new Error(`the in-process engine has no ${goal.unsupported}`);
    this.see(resource);
    const old = this.olds.get(resource.urn);
    if (!goal.custom) {
      if (old === undefined) return [{ op: "create", new: resource }];
      return [{ op: equal(old.inputs, resource.inputs) ? "same" : "update", old, new: resource }];
    }
    resource.provider = referenceTo(this.defaultProvider());
    if (!this.run.isTarget(resource.urn)) {
      if (old === undefined) {
        this.leftOut.add(resource.urn);
        return [];
      }
      resource.inputs = old.inputs;
      return [{ op: "same", old, new: resource }];
    }
    const missing = resource.dependencies.find((urn) => this.leftOut.has(urn));
    if (missing !== undefined) throw new Error(`${resource.urn} needs ${missing}, which is left out`);
    const isRecreated = this.toRecreate.delete(resource.urn);
    // What is gone, or was never ours, says nothing about the new one.
    const carried = isRecreated || old?.external ? undefined : old;
    const inputs = carried ? ignoreChanges(goal.inputs, carried.inputs, goal.ignoreChanges) : goal.inputs;
    resource.inputs = await this.check(resource, carried?.inputs ?? {}, inputs);
    if (old === undefined) return [{ op: "create", new: resource }];
    if (carried === undefined) return replacement(old, resource, isRecreated ? "deleted" : "delete later");

    const diff = await this.diff(carried, resource.inputs, goal.ignoreChanges);
    if (old.pendingReplacement || (diff.changes && diff.replaces)) {
      if (resource.protect && old.protect) this.refuseReplacement(resource.urn);
      // Defaults that check carried over from the old one do not hold for its replacement.
      resource.inputs = await this.check(resource, {}, goal.inputs);
      if (!(goal.deleteBeforeReplace ?? diff.deleteBeforeReplace))
        return replacement(old, resource, "delete later");
      return [...(await this.deletesBefore(old)), ...replacement(old, resource, "deleted")];
    }
    return [{ op: diff.changes || old.initErrors.length > 0 ? "update" : "same", old, new: resource }];
  }

  /** The deletes that go before a replacement: its dependents that must be replaced as well, the last first, and itself. */
  private async deletesBefore(old: ResourceState): Promise<Step[]> {
    const candidates = this.run.snapshot
      .before()
      .filter(({ urn }) => !this.seen.has(urn) && !this.toRecreate.has(urn));
    const dependents = await dependentReplacements(
      old,
      candidates,
      async (dependent, inputs) => (await this.diff(dependent, inputs, dependent.ignoreChanges)).replaces,
    );
    for (const { urn, protect } of dependents) {
      if (protect) this.refuseReplacement(urn);
      this.toRecreate.add(urn);
    }
    const gone = dependents.reverse();
    // What is pending replacement has been deleted by an earlier run. Pulumi looks at that here alone.
    if (!old.pendingReplacement) gone.push(old);
    return gone.map((resource) => ({ op: "delete-replaced", old: resource, recreate: true }));
  }

  private async check(resource: ResourceState, olds: PropertyMap, news: PropertyMap): Promise<PropertyMap> {
    const provider = await this.run.providers.of(resource);
    const { inputs, failures } = await provider.check(resource.urn, olds, news);
    const subject = `${resource.type} resource '${resource.urn.split("::").at(-1)}'`;
    for (const { property, reason } of failures) {
      // Pulumi prints the value here, even of a secret.
      const problem = property === "" ? "has a problem" : `property ${property} has a problem`;
      this.run.report.diagnostic(
        "error",
        `${subject}${property === "" ? "" : ":"} ${problem}: ${reason}`,
        resource.urn,
      );
    }
    if (failures.length > 0) throw new Reported(`${subject} is invalid`);
    return annotateSecrets(inputs, news);
  }

  private async diff(old: ResourceState, news: PropertyMap, ignored: string[]) {
    const diff = await (await this.run.providers.of(old)).diff(old, news, ignored);
    const changes = diff.changes === "unknown" ? differ(old.inputs, news) : diff.changes === "some";
    return { changes, replaces: diff.replaces.length > 0, deleteBeforeReplace: diff.deleteBeforeReplace };
  }

  private refuseReplacement(urn: string): void {
    const message = `unable to replace resource "${urn}"\nas it is currently marked for protection`;
    this.run.report.diagnostic("error", message, urn);
    // A preview goes on, so that the difference behind it is seen.
    if (!this.run.dryRun) throw new Reported(message);
  }

  /** The provider that stands in the state for all dynamic resources, with the configuration it runs with. */
  private defaultProvider(): ResourceState {
    if (this.provider !== undefined) return this.provider;
    const urn = `urn:pulumi:${this.run.stack}::${this.run.project}::${PROVIDER_TYPE}::default`;
    const old = this.run.snapshot.before().find((resource) => isProvider(resource));
    const now = new Date().toISOString();
    this.provider = {
      ...newState({ type: PROVIDER_TYPE, custom: true, inputs: this.run.config }, urn),
      id: old?.id ?? randomUUID(),
      outputs: this.run.config,
      created: old?.created ?? now,
      modified: now,
    };
    this.seen.add(urn);
    this.run.providers.configure(this.provider);
    this.run.snapshot.end(this.provider, { made: this.provider, gone: old });
    return this.provider;
  }

  private see({ urn, type, parent, custom }: ResourceState): void {
    if (this.seen.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    if (parent !== undefined && !this.seen.has(parent))
      throw new Error(`could not find parent resource ${parent}`);
    if (custom && !/^pulumi-nodejs:dynamic[/:]/.test(type)) {
      throw new Error(`${type} needs a plugin; the in-process engine runs dynamic resources only`);
    }
    this.seen.add(urn);
  }

  private urnOf({ type, name, parent }: Pick<Goal, "type" | "name" | "parent">): string {
    const parentType = parent?.split("::")[2];
    const isTopLevel = parentType === undefined || parentType === "pulumi:pulumi:Stack";
    return `urn:pulumi:${this.run.stack}::${this.run.project}::${isTopLevel ? "" : `${parentType}$`}${type}::${name}`;
  }

  /** Turns a failure to decide into the end of the run. */
  private async guarded<T>(urn: string, decide: () => Promise<T>): Promise<T> {
    if (this.executor.cancelled) throw new Terminating("the run has ended");
    try {
      return await decide();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!(error instanceof Reported)) this.run.report.diagnostic("error", message, urn);
      this.executor.cancel();
      throw new Terminating(message);
    }
  }
}

/** A failure that is in the report already. */
class Reported extends Error {}

function replacement(old: ResourceState, resource: ResourceState, fate: "deleted" | "delete later"): Step[] {
  const create: Step = { op: "create-replacement", old, new: resource, deleteOld: fate === "delete later" };
  const replace: Step = { op: "replace", old, new: resource };
  return fate === "deleted" ? [replace, create] : [create, replace];
}

function differ(a: PropertyMap, b: PropertyMap): boolean {
  return !equal(unwrap(a), unwrap(b));
}

function newState(
  goal: Partial<Goal> & Pick<Goal, "type" | "custom" | "inputs">,
  urn: string,
): ResourceState {
  const { name: _, deleteBeforeReplace: __, unsupported: ___, ...kept } = goal;
  return {
    dependencies: [],
    propertyDependencies: {},
    additionalSecretOutputs: [],
    ignoreChanges: [],
    ...kept,
    urn,
    outputs: {},
    initErrors: [],
  };
}
