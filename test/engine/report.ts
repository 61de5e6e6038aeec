/** What a run did and what was said meanwhile: the steps, the diagnostics, and both as text in Pulumi's manner. */
import { type Change, changedPaths, changeSummary, renderChanges, renderValue } from "./changes";
import type { ResourceState } from "./state";
import { isMap, type PropertyMap, type PropertyValue, Secret, Unknown } from "./values";

export type Operation = "preview" | "up" | "refresh" | "destroy";
export type Severity = "info" | "warning" | "error";
export type StepOp =
  | "create"
  | "update"
  | "delete"
  | "same"
  | "read"
  | "refresh"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "discard";

export interface StepRecord {
  op: StepOp;
  urn: string;
  name: string;
  type: string;
  /** Of an update or replacement the inputs that differ, of a refresh the outputs; secrets are named, their values never. */
  changedPaths: string[];
  /** What a refresh found: as it was, changed, or gone. */
  found?: "same" | "update" | "delete";
  failed?: true;
}

export interface Diagnostic {
  severity: Severity;
  message: string;
  /** The resource it is about; empty for the run itself. */
  urn: string;
}

/** How an operation reads in a preview, and when it is done. */
const OPS: Record<StepOp, { mark: string; planned: string; done: string; failed: string }> = {
  create: { mark: " + ", planned: "create", done: "created", failed: "creating" },
  update: { mark: " ~ ", planned: "update", done: "updated", failed: "updating" },
  delete: { mark: " - ", planned: "delete", done: "deleted", failed: "deleting" },
  same: { mark: "   ", planned: "", done: "", failed: "" },
  read: { mark: " > ", planned: "read", done: "read", failed: "reading" },
  refresh: { mark: " ~ ", planned: "refresh", done: "refreshed", failed: "refreshing" },
  replace: { mark: " +-", planned: "replace", done: "replaced", failed: "replacing" },
  "create-replacement": {
    mark: " ++",
    planned: "create replacement",
    done: "created replacement",
    failed: "creating",
  },
  "delete-replaced": {
    mark: " --",
    planned: "delete original",
    done: "deleted original",
    failed: "deleting original",
  },
  discard: { mark: " <<", planned: "discard", done: "discarded", failed: "discarding" },
};
const TITLES: Record<Operation, string> = {
  preview: "Previewing update",
  up: "Updating",
  refresh: "Refreshing",
  destroy: "Destroying",
};
/** What the summary counts, in its order. The parts of a replacement are one change, and a read is none. */
const COUNTED = ["create", "update", "delete", "replace"] as const;

/** What a step starts from and what it comes to; undefined if there is nothing. */
export interface StepStates {
  old: ResourceState | undefined;
  now: ResourceState | undefined;
}

export class Report {
  readonly steps: StepRecord[] = [];
  private readonly states: StepStates[] = [];
  readonly diagnostics: Diagnostic[] = [];
  outputs: PropertyMap = {};
  text = "";

  /** @param detailed also lists the properties of what is created */
  constructor(
    private readonly operation: Operation,
    private readonly stack: string,
    private readonly detailed: boolean,
    private readonly onText: (text: string) => void = () => {},
  ) {
    this.print(`${TITLES[operation]} (${stack}):\n`);
  }

  get failed(): boolean {
    return this.diagnostics.some(({ severity }) => severity === "error");
  }

  step(
    step: { op: StepOp; urn: string; type: string; found?: StepRecord["found"]; failed?: boolean },
    changes: Change[],
    states: StepStates,
  ) {
    const { op, urn, type, found } = step;
    const name = nameOf(urn);
    this.states.push(states);
    this.steps.push({
      ...{ op, urn, name, type, changedPaths: changedPaths(changes) },
      ...(found !== undefined && { found }),
      ...(step.failed === true && { failed: true as const }),
    });
    const { mark, planned, done, failed } = OPS[op];
    const said = step.failed ? `**${failed} failed**` : this.operation === "preview" ? planned : done;
    const summary = changeSummary(changes);
    // Of a replacement the step that stands for it shows the properties, not the create that belongs to it.
    const isShown = (op !== "create" && op !== "create-replacement") || this.detailed;
    this.print(
      `${found === "same" ? "   " : mark} ${type} ${name} ${found === "delete" ? `${said}: gone` : said}${
        summary === "" || op === "create" ? "" : ` [diff: ${summary}]`
      }`.trimEnd(),
      ...(isShown ? renderChanges(changes, "      ") : []),
    );
  }

  /** The run as `pulumi preview --json` writes it, as far as somebody reads it: steps with their states, and what was said. */
  digest(): unknown {
    const steps = this.steps.map(({ op, urn }, at) => ({
      op,
      urn,
      oldState: stateOf(this.states[at]?.old),
      newState: stateOf(this.states[at]?.now),
      detailedDiff: null,
    }));
    return { steps, diagnostics: this.diagnostics, changeSummary: this.counts() };
  }

  diagnostic(severity: Severity, message: string, urn = ""): void {
    this.diagnostics.push({ severity, message: message.trimEnd(), urn });
  }

  /** How many resources each operation concerned. A refresh counts only where it is the operation itself, as in Pulumi. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { op, found, failed } of this.steps) {
      const counted = this.operation === "refresh" ? found : op;
      if (failed || counted === undefined) continue;
      if (counted === "same" || COUNTED.includes(counted as never))
        counts[counted] = (counts[counted] ?? 0) + 1;
    }
    return counts;
  }

  hasChanges(): boolean {
    const counts = this.counts();
    return COUNTED.some((op) => counts[op] !== undefined);
  }

  /** Prints what comes after the steps: diagnostics, outputs, summary. */
  finish(): void {
    this.printDiagnostics();
    const outputs = Object.entries(this.outputs);
    if (outputs.length > 0 && !this.failed) {
      this.print(
        "",
        "Outputs:",
        ...outputs.flatMap(([name, value]) => renderValue(`    ${name}: `, value, "    ")),
        "",
      );
    }
    const counts = this.counts();
    const parts = COUNTED.flatMap((op) => {
      const { mark, planned, done } = OPS[op];
      const count = counts[op];
      if (count === undefined) return [];
      return `${mark.trim()} ${count} ${this.operation === "preview" ? `to ${planned}` : done}`;
    });
    if (counts["same"] !== undefined) parts.push(`${counts["same"]} unchanged`);
    const errored = this.steps.filter(({ failed }) => failed).length;
    if (errored > 0) parts.push(`${errored} errored`);
    this.print(`Resources: ${parts.join(", ") || "none"}`);
  }

  print(...lines: string[]): void {
    const text = `${lines.join("\n")}\n`;
    this.text += text;
    this.onText(text);
  }

  private printDiagnostics(): void {
    if (this.diagnostics.length === 0) return;
    this.print("", "Diagnostics:");
    for (const urn of new Set(this.diagnostics.map((diagnostic) => diagnostic.urn))) {
      this.print(
        `  ${urn === "" ? `pulumi:pulumi:Stack (${this.stack})` : `${typeOf(urn)} (${nameOf(urn)})`}:`,
      );
      for (const diagnostic of this.diagnostics) {
        if (diagnostic.urn === urn) this.print(textOf(diagnostic).replace(/^/gm, "    "));
      }
      this.print("");
    }
  }
}

export function textOf({ severity, message }: Diagnostic): string {
  return severity === "info" ? message : `${severity}: ${message}`;
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function typeOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}

/** What the engine writes in the place of a value that only an update will bring. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function stateOf(state: ResourceState | undefined): unknown {
  if (state === undefined) return undefined;
  const { urn, type, id, inputs, outputs } = state;
  return { urn, type, id, inputs: masked(inputs), outputs: masked(outputs) };
}

function masked(value: PropertyValue | undefined): unknown {
  if (value instanceof Secret) return "[secret]";
  if (value instanceof Unknown) return UNKNOWN;
  if (Array.isArray(value)) return value.map(masked);
  if (value === undefined || !isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, masked(member)]));
}
