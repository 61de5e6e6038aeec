import assert from "node:assert/strict";
import { test } from "node:test";
import { play } from "./play";
import type { Sequence } from "./steps";

/* Sequences that had a finding once, or that tell a bug that was put back, as short as they got. */

const SAVED = {
  seed: 0,
  device: {
    old: false,
    tableMode: "replace",
    partialColumns: "default",
    rowOrder: "index",
    columnsAtDefault: "shown",
    defaults: "dropped",
  },
  save: true,
} as const;

const UP = {
  do: "run",
  verb: "up",
  refresh: "none",
  targets: [],
  continueOnError: false,
  faults: [],
} as const;

const FOUND: Record<string, object> = {
  "a row of which a create was lost comes back as another's": {
    ...SAVED,
    resources: [
      { kind: "ini", places: [11, 0], restores: true, owns: false },
      { kind: "ini", places: [0], restores: false, owns: false },
    ],
    steps: [
      {
        ...UP,
        faults: [{ fault: "lose", target: 0, applied: false, times: 1 }],
        kill: { request: 4, when: "engine" },
      },
      {
        do: "edit",
        edits: [{ edit: "add", resource: { kind: "ini", places: [9], restores: false, owns: false } }],
      },
      { do: "edit", edits: [{ edit: "place", pick: 0, place: 11 }] },
    ],
  },
  "an owned table goes over to another name after a lost create": {
    ...SAVED,
    resources: [{ kind: "ini", places: [6, 0], restores: true, owns: true }],
    steps: [
      {
        ...UP,
        targets: [0],
        replace: 0,
        faults: [{ fault: "lose", target: 0, applied: false, times: 1 }],
      },
      { do: "edit", edits: [{ edit: "rename", pick: 0, alias: false }] },
      {
        ...UP,
        faults: [{ fault: "lose", target: 0, applied: false, times: 1 }],
        kill: { request: 1, when: "before" },
      },
    ],
  },
  "a resource puts back what another, which comes later in the program, still declares": {
    ...SAVED,
    resources: [
      { kind: "ini", places: [0], restores: false, owns: false },
      { kind: "ini", places: [0, 18], restores: true, owns: false },
      { kind: "ini", places: [18, 0], restores: false, owns: false },
    ],
    steps: [UP, { do: "edit", edits: [{ edit: "place", pick: 1, place: 18 }] }],
  },
  "an owned table goes over to one that is made in the same run": {
    ...SAVED,
    resources: [
      { kind: "ini", places: [6, 0], restores: true, owns: true },
      { kind: "ini", places: [0], restores: false, owns: false },
    ],
    steps: [
      {
        ...UP,
        faults: [{ fault: "half", target: 0, times: 1 }],
      },
      {
        do: "edit",
        edits: [
          { edit: "add", resource: { kind: "ini", places: [6, 0], restores: false, owns: true } },
          { edit: "rename", pick: 0, alias: false },
        ],
      },
      {
        do: "edit",
        edits: [
          { edit: "drop", pick: 0 },
          { edit: "place", pick: 0, place: 0 },
        ],
      },
    ],
  },
  "a late table undoes a row of a script": {
    ...SAVED,
    resources: [
      { kind: "cli", places: [0], restores: false, owns: false },
      { kind: "ini", places: [6], restores: false, owns: false },
      { kind: "ini", places: [0], restores: false, owns: false },
    ],
    steps: [
      {
        do: "edit",
        edits: [{ edit: "add", resource: { kind: "cli", places: [1, 0], restores: false, owns: false } }],
      },
      {
        ...UP,
        replace: 0,
        faults: [{ fault: "late", ms: 136 }],
      },
      { do: "hand", place: 0, choice: 0, gone: false, saved: false },
    ],
  },
  "an ignored change of a secret keeps the device's form of it": {
    ...SAVED,
    device: { ...SAVED.device, defaults: "shown" },
    resources: [{ kind: "ini", places: [0, 1, 4], restores: false, owns: false }],
    steps: [
      {
        ...UP,
        kill: { request: 3, when: "engine" },
      },
      {
        do: "edit",
        edits: [
          { edit: "ignore", pick: 0, place: 2 },
          { edit: "place", pick: 0, place: 0 },
        ],
      },
      { ...UP, refresh: "between" },
    ],
  },
  "a secret that the device takes late is known by its own form": {
    ...SAVED,
    device: { ...SAVED.device, defaults: "shown" },
    resources: [{ kind: "ini", places: [4, 0], restores: true, owns: false }],
    steps: [
      { ...UP, faults: [{ fault: "late", ms: 13 }] },
      {
        ...UP,
        verb: "destroy",
        faults: [{ fault: "refuse", echo: 0 }],
        kill: { request: 4, when: "before" },
      },
      { ...UP, targets: [0], faults: [{ fault: "spoil", how: 0, target: 0, times: 1 }] },
    ],
  },
  "a script whose save failed is saved by the next run, also after a refresh": {
    ...SAVED,
    resources: [{ kind: "cli", places: [0, 1], restores: false, owns: false }],
    steps: [{ ...UP, faults: [{ fault: "fail", status: 400, target: 2, times: 5 }] }],
  },
  "what a save that failed should have kept is saved by the one who finds it done": {
    ...SAVED,
    device: { ...SAVED.device, old: true },
    resources: [{ kind: "cli", places: [0, 1], restores: false, owns: false }],
    twin: true,
    steps: [{ ...UP, continueOnError: true, faults: [{ fault: "fail", status: 400, target: 2, times: 1 }] }],
  },
  "a refresh in the middle of a run shows what another resource has written by then": {
    ...SAVED,
    resources: [{ kind: "ini", places: [0], restores: false, owns: false }],
    twin: true,
    chained: true,
    steps: [
      UP,
      { do: "edit", edits: [{ edit: "value", place: 0, choice: 1 }] },
      { ...UP, refresh: "between" },
    ],
  },
  "an owned table goes over to another name": {
    ...SAVED,
    resources: [{ kind: "ini", places: [6], restores: true, owns: true }],
    steps: [
      {
        ...UP,
        faults: [{ fault: "script", lines: 0 }],
      },
      { do: "edit", edits: [{ edit: "rename", pick: 0, alias: false }] },
    ],
  },
};

for (const [what, sequence] of Object.entries(FOUND))
  test(what, () => assert.doesNotReject(play(sequence as Sequence)));
