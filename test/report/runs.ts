import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reportOf } from "../../src/report/build";
import type { Change, Report } from "../../src/report/model";
import { readSource, runBetween } from "../../src/report/run";

/** What Pulumi 3.259 wrote about a few resources on two simulated devices, cut to ten rows of the large table. */
export function capture(name: string): string {
  return readFileSync(join(__dirname, "..", "fixtures", "report", name), "utf8");
}

export function reportOn(text: string): Report {
  const source = readSource(text);
  if (source.kind !== "run") throw new Error("it is a state");
  return reportOf([source.run]);
}

export function reportBetween(before: string, after: string): Report {
  const [old, now] = [readSource(before), readSource(after)];
  if (old.kind !== "state" || now.kind !== "state") throw new Error("it is no state");
  return reportOf([runBetween(old.resources, now.resources)]);
}

/** Each change in a line: `sbc1 base intended SyslogServerIP: "a" > "b"`. */
export function lines({ devices }: Report): string[] {
  return devices.flatMap((device) =>
    device.resources.flatMap(({ name, changes }) =>
      changes.map((change) => `${device.name} ${name} ${change.cause} ${change.address}: ${values(change)}`),
    ),
  );
}

function values({ before, found, after, fate, cause }: Change): string {
  const parts = cause === "intended" ? [before, after ?? fate] : [before, found, after];
  return parts.map((part) => part ?? "-").join(" > ");
}

type Cells = Record<string, Record<string, unknown>>;

/** A preview as Pulumi writes it, of resources with tables that are as they were but for what `now` says. */
export function previewOf(
  resources: readonly { name: string; device?: unknown; before?: Cells; now: Cells }[],
): string {
  const steps = resources.map(({ name, device = { name: "sbc1", url: "https://sbc1" }, before, now }) => {
    const state = (rows: Cells) => ({
      type: "pulumi-nodejs:dynamic/mediant:IncrementalIniConfig",
      inputs: { __mediantName: name, __provider: "(the thunk)", device, __mediantTables: { T: rows } },
      outputs: { __mediantName: name, __mediantSchema: 1, device, __mediantTables: { T: rows } },
    });
    const same = before !== undefined && JSON.stringify(before) === JSON.stringify(now);
    return {
      op: before === undefined ? "create" : same ? "same" : "update",
      urn: `urn:pulumi:dev::fleet::pulumi-nodejs:dynamic/mediant:IncrementalIniConfig::${name}`,
      oldState: before === undefined ? undefined : state(before),
      newState: { ...state(now), outputs: undefined },
      detailedDiff: null,
    };
  });
  return JSON.stringify({ steps, diagnostics: [], changeSummary: {} });
}

export function rowsOf(count: number, more: Cells = {}): Cells {
  const rows = Array.from({ length: count }, (_, at) => [
    String(at),
    { Prefix: `49${at}`, Tag: `site${at}` },
  ]);
  return { ...Object.fromEntries(rows), ...more };
}
