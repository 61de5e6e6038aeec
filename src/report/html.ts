import type { Change, ChangedResource, Report, ReportedDevice } from "./model";
import { type Cell, type PageRow, type PageSection, pageHtml, type Tone } from "./page";
import { afterText, counted, driftText, FLAG_WORDS, NONE, summaryOf } from "./words";

export interface HtmlOptions {
  title?: string;
  /** What made it, and when. */
  footer?: string;
}

const KIND_TITLES = { preview: "Preview", update: "Update", states: "Between two states" } as const;

/** The whole report as one page. */
export function htmlReport(report: Report, { title, footer = "pulumi-mediant" }: HtmlOptions = {}): string {
  const { devices, totals, errors, others } = report;
  const flags = devices.flatMap((device) => device.flags);
  const acting = devices.filter(({ resources }) => resources.some(({ changes }) => changes.length > 0));
  return pageHtml({
    title: title ?? KIND_TITLES[report.kind],
    summary: `${summaryOf(report)}. ${counted(totals.resources, "resource")} in all.`,
    tiles: [
      { value: acting.length, label: "devices change", tone: "info" },
      { value: totals.intended, label: "intended changes", tone: "info" },
      { value: totals.drift, label: "changed by hand", tone: "warn" },
      { value: totals.resets, label: "resets", tone: "bad" },
      { value: totals.switchovers, label: "switchovers", tone: "warn" },
      { value: totals.uploads, label: "uploads", tone: "warn" },
    ],
    alerts: [
      { title: "The run failed", tone: "bad" as const, items: errors },
      {
        title: "What happens to devices",
        tone: "warn" as const,
        items: flags.map(
          ({ kinds, device, resource, text }) =>
            `${kinds.map((kind) => FLAG_WORDS[kind]).join(", ")}: ${device} (${resource}): ${text}`,
        ),
      },
      {
        title: "Resources of other packages",
        tone: "info" as const,
        items: others.map(({ name, type, operation }) => `${operation} ${name} (${type})`),
      },
    ].filter(({ items }) => items.length > 0),
    noun: "device",
    columns: ["Resource", "Parameter, cell or line", "Now", "Then"],
    filters: [
      { tag: "intended", label: "intended" },
      { tag: "drift", label: "by hand" },
    ],
    sections: devices.map(sectionOf),
    footer,
  });
}

function sectionOf({ name, resources, flags }: ReportedDevice): PageSection {
  const changes = resources.reduce((sum, each) => sum + each.changes.length, 0);
  const kinds = new Set(flags.flatMap((flag) => flag.kinds));
  const failed = resources.some((resource) => resource.failed);
  return {
    title: name,
    badges: [
      { text: counted(changes, "change") },
      ...[...kinds].map((kind) => ({
        text: FLAG_WORDS[kind],
        tone: (kind === "reset" ? "bad" : "warn") as Tone,
      })),
      ...(failed ? [{ text: "failed", tone: "bad" as const }] : []),
    ],
    notes: resources.flatMap((resource) => [
      ...(resource.failed ? [`${resource.name}: failed`] : []),
      ...resource.notes.map((note) => `${resource.name}: ${note}`),
    ]),
    rows: resources.flatMap((resource) => resource.changes.map((change) => rowOf(resource, change))),
  };
}

const OPERATION_WORDS = {
  create: "new",
  delete: "deleted",
  replace: "replaced",
  update: "",
  same: "",
  refresh: "",
} as const;

function rowOf({ name, type, operation }: ChangedResource, change: Change): PageRow {
  const word = OPERATION_WORDS[operation];
  const tags = change.cause === "both" ? ["intended", "drift"] : [change.cause];
  return {
    cells: [
      { text: name, detail: word === "" ? type : `${type}, ${word}` },
      { text: change.address, style: "code" },
      ...valueCells(change),
    ],
    tags,
    tone: toneOf(change),
  };
}

function toneOf({ cause, before, after }: Change): Tone {
  if (cause !== "intended") return "warn";
  if (before === undefined) return "good";
  return after === undefined ? "bad" : "info";
}

function valueCells(change: Change): [now: Cell, then: Cell] {
  const { cause, before, found, after } = change;
  if (cause !== "intended") {
    const end = driftText(change);
    return [
      { ...shown(found), detail: `by hand, was ${before ?? NONE}` },
      after === undefined
        ? { text: "" }
        : { ...shown(after), ...(end === "put back" ? { detail: end } : {}) },
    ];
  }
  return [shown(before), after === undefined ? { text: afterText(change), style: "none" } : shown(after)];
}

function shown(value: string | undefined): Cell {
  return value === undefined ? { text: NONE, style: "none" } : { text: value, style: "code" };
}
