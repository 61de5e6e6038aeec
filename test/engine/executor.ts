/** Carries out steps: a limited number at a time, each one written to the state when it ends, none after the first failure. */
import { Semaphore } from "async-mutex";
import { changesBetween } from "./changes";
import { Terminating } from "./engine-service";
import { PartialFailure } from "./provider";
import type { Providers } from "./providers";
import type { Report, StepOp } from "./report";
import type { Snapshot } from "./snapshot";
import type { OperationType, ResourceState } from "./state";
import { annotateSecrets, markSecret, Secret } from "./values";

export type Step =
  | { op: "create"; old?: undefined; new: ResourceState }
  | { op: "update" | "same" | "replace"; old: ResourceState; new: ResourceState }
  /** `deleteOld`: the old one is still there, and goes when everything else is done. */
  | { op: "create-replacement"; old: ResourceState; new: ResourceState; deleteOld: boolean }
  | { op: "read"; old?: ResourceState; new: ResourceState }
  | { op: "delete"; old: ResourceState; with?: ReadonlySet<string> }
  /** `recreate`: it stays in the state, as what is to be created again. */
  | { op: "delete-replaced"; old: ResourceState; recreate: boolean; with?: ReadonlySet<string> };

const OPERATIONS: Partial<Record<StepOp, OperationType>> = {
  create: "creating",
  "create-replacement": "creating",
  update: "updating",
  read: "reading",
  delete: "deleting",
  "delete-replaced": "deleting",
};

/** A step whose failure is its own alone. */
class ProtectedError extends Error {}

export class Executor {
  private readonly slots: Semaphore;
  private readonly end = new AbortController();

  constructor(
    private readonly run: {
      dryRun: boolean;
      parallel: number;
      snapshot: Snapshot;
      providers: Providers;
      report: Report;
    },
  ) {
    this.slots = new Semaphore(run.parallel);
  }

  /** From now on nothing begins any more; what is under way goes on to its end. */
  cancel(): void {
    this.end.abort();
  }

  get cancelled(): boolean {
    return this.end.signal.aborted;
  }

  onCancel(listener: () => void): void {
    if (this.cancelled) listener();
    else this.end.signal.addEventListener("abort", listener, { once: true });
  }

  /** Settles when nothing is under way any more. */
  async idle(): Promise<void> {
    await this.slots.runExclusive(() => {}, this.run.parallel);
  }

  /** Does something in a slot. @throws Terminating where the run has ended meanwhile */
  async inSlot<T>(work: () => Promise<T>): Promise<T> {
    return this.slots.runExclusive(async () => {
      if (this.cancelled) throw new Terminating("the run has ended");
      return work();
    });
  }

  /** Carries out steps one after the other, in one slot. @throws Terminating after a failure, which it has reported */
  async execute(steps: readonly Step[]): Promise<void> {
    await this.inSlot(async () => {
      for (const step of steps) {
        if (this.cancelled) throw new Terminating("the run has ended");
        await this.executeOne(step);
      }
    });
  }

  private async executeOne(step: Step): Promise<void> {
    const { snapshot, report, dryRun } = this.run;
    const resource = "new" in step ? step.new : step.old;
    const changes =
      "new" in step && step.op !== "same" && step.old !== undefined
        ? changesBetween(step.old.inputs, step.new.inputs)
        : [];
    const operation = OPERATIONS[step.op];
    const isDiscard = step.op === "delete" && step.old.external === true;
    const record = { op: isDiscard ? ("discard" as const) : step.op, urn: resource.urn, type: resource.type };
    const states = { old: "old" in step ? step.old : undefined, now: "new" in step ? step.new : undefined };
    if (operation !== undefined && resource.custom) snapshot.begin(resource, operation);
    try {
      await this.apply(step);
      if ("new" in step && step.op !== "replace") settle(step.new);
      snapshot.end(resource, changeOf(step));
      report.step(record, changes, states);
    } catch (error) {
      if (error instanceof PartialFailure && "new" in step) {
        settle(step.new);
        // What exists was not made with the new inputs: they are stored again once they hold.
        if (step.op === "update") step.new.inputs = step.old.inputs;
        snapshot.end(resource, changeOf(step));
      } else snapshot.end(resource, {});
      report.step({ ...record, failed: true }, changes, states);
      const message = error instanceof Error ? error.message : String(error);
      report.diagnostic("error", dryRun ? `Preview failed: ${message}` : message, resource.urn);
      if (!(error instanceof ProtectedError)) this.cancel();
      throw new Terminating(message);
    }
  }

  private async apply(step: Step): Promise<void> {
    const { providers, dryRun } = this.run;
    const now = new Date().toISOString();
    switch (step.op) {
      case "same":
        step.new.id = step.old.id;
        step.new.outputs = step.old.outputs;
        return;
      case "create":
      case "create-replacement": {
        const created = step.new;
        if (!created.custom) return;
        // A dynamic provider is not asked in a preview: what it would add to the inputs is unknown.
        if (dryRun) created.outputs = created.inputs;
        else {
          const answer = await this.keepPartial(created, async () =>
            (await providers.of(created)).create(created.urn, created.inputs),
          );
          if (answer.id === "")
            throw new Error(`plugin returned empty resource.ID from create '${created.urn}'`);
          created.id = answer.id;
          created.outputs = annotateSecrets(answer.outputs, created.inputs);
          created.created = created.modified = now;
        }
        if (step.op === "create-replacement" && step.deleteOld) step.old.delete = true;
        return;
      }
      case "update": {
        const { old, new: updated } = step;
        updated.id = old.id;
        if (dryRun || !updated.custom) updated.outputs = updated.custom ? updated.inputs : old.outputs;
        else {
          const outputs = await this.keepPartial(updated, async () =>
            (await providers.of(updated)).update(old, updated.inputs),
          );
          updated.outputs = annotateSecrets(outputs, updated.inputs);
          updated.modified = now;
        }
        return;
      }
      case "read": {
        const { new: read } = step;
        // Reads are carried out in previews too, unless the id is one that only the update will know.
        const id = read.id ?? "";
        if (id === "") return;
        const answer = await (await providers.of(read)).read(read.urn, id, read.inputs, read.inputs);
        read.id = answer.id || id;
        read.outputs = annotateSecrets(answer.outputs, read.inputs);
        // What was ours is replaced by what is only read: it goes when everything else is done.
        if (step.old !== undefined && !step.old.external) step.old.delete = true;
        return;
      }
      case "delete":
      case "delete-replaced":
        await this.delete(step);
        return;
      default:
        // A replacement is the create and the delete beside it; this step only tells.
        return;
    }
  }

  private async delete(step: Extract<Step, { op: "delete" | "delete-replaced" }>): Promise<void> {
    const { old } = step;
    if (old.protect && step.op === "delete") {
      throw new ProtectedError(
        `resource "${old.urn}" cannot be deleted\nbecause it is protected. ` +
          "To unprotect it, remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`",
      );
    }
    const goesWithAnother = old.deletedWith !== undefined && step.with?.has(old.deletedWith);
    const isCalled =
      old.custom && !old.external && !old.retainOnDelete && !goesWithAnother && !this.run.dryRun;
    if (isCalled) await (await this.run.providers.of(old)).delete(old);
    if (step.op === "delete-replaced" && step.recreate) old.pendingReplacement = true;
  }

  /** Takes over what a failed create or update has left, before it fails. */
  private async keepPartial<T>(resource: ResourceState, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof PartialFailure) {
        resource.id = error.id;
        resource.outputs = annotateSecrets(error.properties, resource.inputs);
        resource.initErrors = error.reasons;
      }
      throw error;
    }
  }
}

/** Marks the outputs that must be secret: those the program names, and those whose input is. */
export function settle(resource: ResourceState): void {
  const secretInputs = Object.keys(resource.inputs).filter((name) => resource.inputs[name] instanceof Secret);
  resource.outputs = markSecret(resource.outputs, [...resource.additionalSecretOutputs, ...secretInputs]);
}

/** What a step that succeeded does to the state. */
function changeOf(step: Step): { made?: ResourceState; gone?: ResourceState } {
  switch (step.op) {
    case "replace":
      return {};
    case "create":
      return { made: step.new };
    case "create-replacement":
      return { made: step.new, ...(step.old.pendingReplacement && { gone: step.old }) };
    case "delete":
    case "delete-replaced":
      return step.old.pendingReplacement ? {} : { gone: step.old };
    case "read":
      return { made: step.new, ...(step.old?.external && { gone: step.old }) };
    default:
      return { made: step.new, gone: step.old };
  }
}
