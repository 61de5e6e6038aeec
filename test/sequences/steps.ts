import * as fc from "fast-check";
import type { UpFlags } from "./engine";
import type { Kill } from "./network";
import { CLI_PLACES, INI_PLACES, OTHER_PLACES, PLACES } from "./palette";
import type { Kind } from "./program";

/*
 * What a sequence is made of. Numbers pick from what is there when the step comes (`pick`), so that a step keeps its
 * meaning when others are taken away from before it: that is how a failure gets short.
 */

export interface NewResource {
  kind: Kind;
  places: readonly number[];
  restores: boolean;
  owns: boolean;
}

export type Edit =
  | { edit: "value"; place: number; choice: number }
  | { edit: "place"; pick: number; place: number }
  | { edit: "add"; resource: NewResource }
  | { edit: "drop"; pick: number }
  | { edit: "rename"; pick: number; alias: boolean }
  | { edit: "restores"; pick: number }
  | { edit: "ignore"; pick: number; place: number }
  | { edit: "trigger"; pick: number };

export type Fault =
  | { fault: "conflict"; times: number }
  | { fault: "fail"; status: number; target: number; times: number }
  | { fault: "lose"; target: number; applied: boolean; times: number }
  | { fault: "hang"; target: number }
  | { fault: "half"; target: number; times: number }
  | { fault: "spoil"; how: number; target: number; times: number }
  | { fault: "cut"; share: number }
  | { fault: "late"; ms: number }
  | { fault: "script"; lines: number }
  | { fault: "refuse"; echo: number }
  | { fault: "plug"; request: number }
  | { fault: "hand"; request: number; choice: number }
  | { fault: "damage"; pick: number; gone: boolean };

export type Verb = "up" | "preview" | "refresh" | "destroy";

export interface RunStep {
  do: "run";
  verb: Verb;
  refresh: UpFlags["refresh"];
  /** Picks the resources that are targeted; none: all are. */
  targets: readonly number[];
  /** Picks the one that is replaced. */
  replace: number | undefined;
  continueOnError: boolean;
  faults: readonly Fault[];
  kill: Kill | undefined;
}

export type Step =
  | { do: "edit"; edits: readonly Edit[] }
  | { do: "hand"; place: number; choice: number; gone: boolean; saved: boolean }
  | RunStep;

/** What devices differ in. */
export interface DeviceKind {
  /** Whether it runs 7.0, which says neither its serial number nor whether something is unsaved. */
  old: boolean;
  tableMode: "replace" | "merge";
  partialColumns: "default" | "keep";
  rowOrder: "index" | "sent";
  columnsAtDefault: "shown" | "left out";
  defaults: "dropped" | "shown";
}

export interface Sequence {
  device: DeviceKind;
  /** Of what is random on the way: latencies, pauses. */
  seed: number;
  save: boolean;
  resources: readonly NewResource[];
  /** Whether one of them stands there twice: what one has done, the other finds done. */
  twin?: boolean;
  /** Whether each resource depends on the one before it, so that it is looked at when that one is done. */
  chained?: boolean;
  steps: readonly Step[];
}

/** Once in so many times. */
function rarely<T>(value: fc.Arbitrary<T>, once: number): fc.Arbitrary<T | undefined> {
  const nothing = { weight: once - 1, arbitrary: fc.constant(undefined) };
  return fc.oneof(nothing, { weight: 1, arbitrary: value });
}

const pick = fc.nat({ max: 5 });
const choice = fc.nat({ max: 2 });

const resource: fc.Arbitrary<NewResource> = fc
  .record({
    kind: fc.constantFrom<Kind>("ini", "ini", "ini", "cli", "cli", "saved"),
    places: fc.uniqueArray(fc.nat({ max: INI_PLACES.length - 1 }), { minLength: 1, maxLength: 6 }),
    restores: fc.boolean(),
    owns: fc.nat({ max: 5 }).map((value) => value === 5),
  })
  .map((made) => ({
    ...made,
    places: made.kind === "cli" ? [...new Set(made.places.map((at) => at % CLI_PLACES.length))] : made.places,
  }));

const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      edit: fc.constant("value" as const),
      place: fc.nat({ max: PLACES.length - 1 }),
      choice,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      edit: fc.constant("place" as const),
      pick,
      place: fc.nat({ max: INI_PLACES.length - 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ edit: fc.constant("add" as const), resource }) },
  { weight: 2, arbitrary: fc.record({ edit: fc.constant("drop" as const), pick }) },
  { weight: 2, arbitrary: fc.record({ edit: fc.constant("rename" as const), pick, alias: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ edit: fc.constant("restores" as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({ edit: fc.constant("ignore" as const), pick, place: fc.nat({ max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ edit: fc.constant("trigger" as const), pick }) },
);

/** Which requests a fault is for. */
export const TARGETS = [
  "PUT /api/v1/files/ini/incremental",
  "PUT /api/v1/files/cliScript/incremental",
  "POST /api/v1/actions/saveConfiguration",
  "GET /api/v1/files/ini",
  "GET /api/v1/files/cliScript",
  "GET /api/v1/status",
] as const;

const target = fc.nat({ max: TARGETS.length - 1 });
const write = fc.nat({ max: 2 });
const times = fc.integer({ min: 1, max: 5 });
const request = fc.integer({ min: 1, max: 14 });

const fault: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ fault: fc.constant("conflict" as const), times: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      fault: fc.constant("fail" as const),
      status: fc.constantFrom(400, 401, 403, 404, 500, 503),
      target,
      times,
    }),
  },
  {
    // Saves alone: what is done is not saved then.
    weight: 7,
    arbitrary: fc.record({
      fault: fc.constant("fail" as const),
      status: fc.constantFrom(400, 400, 500),
      target: fc.constant(2),
      times: fc.constantFrom(1, 5),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      fault: fc.constant("lose" as const),
      target: write,
      applied: fc.boolean(),
      times,
    }),
  },
  { weight: 1, arbitrary: fc.record({ fault: fc.constant("hang" as const), target }) },
  { weight: 2, arbitrary: fc.record({ fault: fc.constant("half" as const), target, times }) },
  {
    weight: 3,
    arbitrary: fc.record({ fault: fc.constant("spoil" as const), how: fc.nat({ max: 5 }), target, times }),
  },
  { weight: 1, arbitrary: fc.record({ fault: fc.constant("cut" as const), share: fc.constantFrom(0.3, 1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ fault: fc.constant("late" as const), ms: fc.integer({ min: 1, max: 6_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ fault: fc.constant("script" as const), lines: fc.nat({ max: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      fault: fc.constant("refuse" as const),
      echo: fc.nat({ max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ fault: fc.constant("plug" as const), request }) },
  {
    weight: 2,
    arbitrary: fc.record({ fault: fc.constant("hand" as const), request, choice: fc.nat({ max: 5 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ fault: fc.constant("damage" as const), pick, gone: fc.boolean() }),
  },
);

const kill: fc.Arbitrary<Kill> = fc.record({
  request,
  when: fc.constantFrom("before" as const, "after" as const, "after" as const, "engine" as const),
});

const run: fc.Arbitrary<RunStep> = fc.record({
  do: fc.constant("run" as const),
  verb: fc.constantFrom<Verb>("up", "up", "up", "up", "up", "up", "preview", "refresh", "refresh", "destroy"),
  refresh: fc.constantFrom<UpFlags["refresh"]>("none", "before", "between"),
  targets: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(pick, { minLength: 1, maxLength: 2 }) },
  ),
  replace: rarely(pick, 8),
  continueOnError: fc.boolean(),
  faults: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    {
      weight: 4,
      arbitrary: fc.uniqueArray(fault, {
        minLength: 1,
        maxLength: 2,
        // Of the kinds of which two would be one, or more than can be told.
        selector: (one) => (one.fault === "spoil" ? "spoil" : JSON.stringify(one)),
      }),
    },
  ),
  kill: rarely(kill, 5),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("edit" as const),
      edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("hand" as const),
      place: fc.nat({ max: PLACES.length + OTHER_PLACES.length - 1 }),
      choice,
      gone: fc.nat({ max: 4 }).map((value) => value === 4),
      saved: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: run },
);

const device: fc.Arbitrary<DeviceKind> = fc.record({
  old: fc.nat({ max: 2 }).map((value) => value === 2),
  tableMode: fc.constantFrom("replace", "replace", "merge"),
  partialColumns: fc.constantFrom("default", "keep"),
  rowOrder: fc.constantFrom("index", "sent"),
  columnsAtDefault: fc.constantFrom("shown", "left out"),
  defaults: fc.constantFrom("dropped", "dropped", "shown"),
});

export const sequence: fc.Arbitrary<Sequence> = fc.record({
  seed: fc.nat({ max: 2 ** 31 - 1 }),
  device,
  save: fc.nat({ max: 5 }).map((value) => value !== 5),
  resources: fc.array(resource, { minLength: 1, maxLength: 4 }),
  twin: fc.boolean(),
  chained: fc.nat({ max: 3 }).map((value) => value === 3),
  steps: fc.array(step, { minLength: 1, maxLength: 7 }),
});
