import { isRecord } from "../declare/rules";

/*
 * What Pulumi writes about a run, in any of its forms, as one: each resource with the states that the run saw of it.
 */

/** A state as Pulumi writes it, secrets in their envelopes. */
export interface StateText {
  id?: string;
  inputs: unknown;
  outputs: unknown;
}

export type Operation = "create" | "update" | "replace" | "delete" | "same" | "refresh";

/** One resource in a run. */
export interface RunResource {
  urn: string;
  type: string;
  name: string;
  operation: Operation;
  /** What was known before the run. */
  known?: StateText;
  /** Whether the run has looked at the device. */
  refreshed: boolean;
  /** What a refresh found, else what was known; undefined if there is nothing. */
  found?: StateText;
  /** What the run brings. */
  target?: StateText;
  failed: boolean;
  /** What else there is to say of it. */
  note?: string;
}

export interface Diagnostic {
  severity: string;
  message: string;
}

export interface Run {
  kind: "preview" | "update" | "states";
  /** Whether it ended well, if that is known. */
  result?: "succeeded" | "failed";
  resources: RunResource[];
  diagnostics: Diagnostic[];
}

/** A text is nothing that Pulumi writes; the message is the end of a sentence. */
export class FormatError extends Error {}

/** What a text is: a run, or a stack's state that needs another one to compare with. */
export type Source = { kind: "run"; run: Run } | { kind: "state"; resources: ReadonlyMap<string, RunState> };

interface RunState {
  type: string;
  state: StateText;
}

/**
 * Reads what `pulumi preview --json`, `pulumi up --json`, an event log or `pulumi stack export` wrote.
 *
 * @throws FormatError
 */
export function readSource(text: string): Source {
  const begin = text.search(/[^\s\uFEFF]/);
  if (begin === -1)
    throw new FormatError("is empty: did the preview end with an error before it wrote anything?");
  const whole = parsed(text.slice(begin));
  if (whole !== undefined) {
    if (isRecord(whole) && Array.isArray(whole["steps"])) return { kind: "run", run: ofDigest(whole) };
    const deployment = isRecord(whole) ? whole["deployment"] : undefined;
    if (isRecord(deployment)) return { kind: "state", resources: ofExport(deployment) };
    if (isRecord(whole) && Array.isArray(whole["events"])) return ofEvents(whole["events"]);
    // A preview of which nothing but an error is known has no steps.
    if (isRecord(whole) && Array.isArray(whole["diagnostics"])) return { kind: "run", run: ofDigest(whole) };
    return ofEvents([whole]);
  }
  return ofLines(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Events, a line each. Lines of other tools may stand between them, and a preview may follow lines of a log. */
function ofLines(text: string): Source {
  const lines = text.split("\n").filter((line) => line.startsWith("{"));
  const events = lines.map(parsed).filter((event) => event !== undefined);
  if (events.length > 0) return ofEvents(events);
  const begin = text.search(/^\{/m);
  const end = text.lastIndexOf("}");
  const inside = begin === -1 || end < begin ? undefined : parsed(text.slice(begin, end + 1));
  if (inside !== undefined && begin > 0) return readSource(JSON.stringify(inside));
  throw new FormatError(
    begin === -1 ? "is not JSON" : "is JSON that ends too early: was the run that wrote it cut off?",
  );
}

/** The one JSON of `pulumi preview --json`. */
function ofDigest({ steps, diagnostics }: Record<string, unknown>): Run {
  const timeline = new Timeline();
  for (const step of Array.isArray(steps) ? steps.filter(isRecord) : []) {
    const { urn, op, oldState, newState } = step;
    if (typeof urn !== "string" || typeof op !== "string") continue;
    const type = [newState, oldState].filter(isRecord)[0]?.["type"];
    // Of a refresh the new state is the old one here; what it found is what the next step starts from.
    timeline.step({
      urn,
      op,
      type,
      old: stateOf(oldState),
      now: op === "refresh" ? undefined : stateOf(newState),
    });
  }
  return { kind: "preview", resources: timeline.resources(), diagnostics: diagnosticsOf(diagnostics) };
}

function diagnosticsOf(list: unknown): Diagnostic[] {
  return (Array.isArray(list) ? list : []).filter(isRecord).map(({ severity, message }) => ({
    severity: String(severity ?? "info"),
    message: String(message ?? ""),
  }));
}

/** The events of `pulumi up --json`, of an event log, and of a preview that streams. */
function ofEvents(events: readonly unknown[]): Source {
  const timeline = new Timeline();
  const diagnostics: Diagnostic[] = [];
  let known = 0;
  let isPreview: boolean | undefined;
  let result: Run["result"];
  for (const event of events.filter(isRecord)) {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, summaryEvent } = event;
    if ("sequence" in event || "timestamp" in event) known += 1;
    const pre = metadataOf(resourcePreEvent);
    if (pre !== undefined) timeline.step({ ...pre, now: pre.op === "refresh" ? undefined : pre.now });
    const outputs = metadataOf(resOutputsEvent);
    if (outputs?.op === "refresh") timeline.refreshed(outputs);
    const failed = metadataOf(resOpFailedEvent);
    if (failed !== undefined) timeline.failed(failed.urn);
    if (isRecord(resourcePreEvent) && resourcePreEvent["planning"] === true) isPreview = true;
    if (isRecord(diagnosticEvent)) diagnostics.push(...diagnosticsOf([diagnosticEvent]));
    if (isRecord(summaryEvent)) {
      isPreview = summaryEvent["isPreview"] === true;
      if (summaryEvent["result"] === "failed" || summaryEvent["result"] === "succeeded")
        result = summaryEvent["result"];
    }
  }
  if (known === 0) throw new FormatError("is JSON, but neither a preview, nor events, nor a stack's state");
  const kind = isPreview === true ? "preview" : "update";
  return { kind: "run", run: { kind, result, resources: timeline.resources(), diagnostics } };
}

interface Step {
  urn: string;
  op: string;
  type: unknown;
  old: StateText | undefined;
  now: StateText | undefined;
}

function metadataOf(event: unknown): Step | undefined {
  const metadata = isRecord(event) ? event["metadata"] : undefined;
  if (!isRecord(metadata)) return undefined;
  const { urn, op, type, old, new: now } = metadata;
  if (typeof urn !== "string" || typeof op !== "string") return undefined;
  return { urn, op, type, old: stateOf(old), now: stateOf(now) };
}

function stateOf(state: unknown): StateText | undefined {
  if (!isRecord(state)) return undefined;
  const { id, inputs, outputs } = state;
  return { id: typeof id === "string" ? id : undefined, inputs, outputs };
}

/** What engines call what they do, and what it comes to. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: "create",
  import: "create",
  update: "update",
  delete: "delete",
  discard: "delete",
  same: "same",
  read: "same",
  refresh: "refresh",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
};

class Timeline {
  readonly #byUrn = new Map<string, RunResource>();

  step({ urn, op, type, old, now }: Step): void {
    const operation = OPERATIONS[op];
    if (operation === undefined) return;
    const resource = this.#of(urn, type);
    resource.known ??= old;
    if (operation === "refresh") {
      resource.refreshed = true;
      resource.found ??= old;
      return;
    }
    // Of a replacement the last step, the deletion of the old one, knows nothing of the new one.
    if (resource.operation !== "replace") resource.operation = operation;
    if (old !== undefined && op !== "create-replacement") resource.found = old;
    if (now !== undefined && operation !== "delete") resource.target = now;
  }

  refreshed({ urn, type, now }: Step): void {
    const resource = this.#of(urn, type);
    resource.refreshed = true;
    resource.found = now;
  }

  failed(urn: string): void {
    const resource = this.#byUrn.get(urn);
    if (resource !== undefined) resource.failed = true;
  }

  resources(): RunResource[] {
    return [...this.#byUrn.values()];
  }

  #of(urn: string, type: unknown): RunResource {
    let resource = this.#byUrn.get(urn);
    if (resource === undefined) {
      resource = resourceOf(urn, type);
      this.#byUrn.set(urn, resource);
    }
    return resource;
  }
}

/** `urn:pulumi:stack::project::parent$type::name`; the name may hold colons. */
function resourceOf(urn: string, type: unknown): RunResource {
  const [, , types = "", ...name] = urn.split("::");
  return {
    urn,
    type: typeof type === "string" ? type : (types.split("$").at(-1) ?? ""),
    name: name.join("::"),
    operation: "refresh",
    refreshed: false,
    failed: false,
  };
}

/** The resources of `pulumi stack export`. */
function ofExport({ resources }: Record<string, unknown>): ReadonlyMap<string, RunState> {
  const states = new Map<string, RunState>();
  for (const resource of Array.isArray(resources) ? resources.filter(isRecord) : []) {
    const { urn, type, delete: goes } = resource;
    const state = stateOf(resource);
    // What is still to be deleted has a successor of the same name.
    if (typeof urn === "string" && state !== undefined && goes !== true)
      states.set(urn, { type: String(type ?? ""), state });
  }
  return states;
}

/** What lies between two states of a stack. */
export function runBetween(before: ReadonlyMap<string, RunState>, after: ReadonlyMap<string, RunState>): Run {
  const resources = [...new Set([...after.keys(), ...before.keys()])].map((urn): RunResource => {
    const [old, now] = [before.get(urn), after.get(urn)];
    const operation = old === undefined ? "create" : now === undefined ? "delete" : "update";
    return {
      ...resourceOf(urn, (now ?? old)?.type),
      operation,
      known: old?.state,
      found: old?.state,
      target: now?.state,
    };
  });
  return { kind: "states", resources, diagnostics: [] };
}
