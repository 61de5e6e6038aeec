import type { DeviceSettings } from "../declare/device";
import { isRecord } from "../declare/rules";
import { UNKNOWN } from "../declare/unknown";
import { deviceLabel } from "../device/connect/connection";
import type { Value } from "../ini/configuration";
import { nameKey } from "../ini/names";
import { REDACTED, secretShare } from "../secrets/values";
import { describeValue, safeLine, safeLines } from "../text/describe";
import { redact } from "../text/redact";
import {
  type Difference,
  declaredCount,
  differencesOf,
  hasNoConfiguration,
  type Properties,
} from "./differences";
import { flagByKind } from "./flags";
import type { Change, ChangedResource, Flag, Report, ReportedDevice } from "./model";
import { PlainReader } from "./plain";
import type { Run, RunResource, StateText } from "./run";
import { flagKinds, type Said, saidLines, secretChange, tellsChange, toldDrift } from "./said";

const OURS = /^pulumi-nodejs:dynamic\/mediant:(\w+)$/;
/** The same of resources that nobody declares: they have no device. */
const INTERNAL = /^pulumi:(pulumi:Stack|providers:)/;

/** What some runs change: by device, by resource, and a value at a time. */
export function reportOf(runs: readonly Run[]): Report {
  const report: Report = {
    kind: runs[0]?.kind ?? "preview",
    devices: [],
    others: [],
    errors: [],
    totals: { resources: 0, intended: 0, drift: 0, resets: 0, switchovers: 0, uploads: 0 },
  };
  const results = runs.map(({ result }) => result).filter((result) => result !== undefined);
  if (results.length > 0) report.result = results.includes("failed") ? "failed" : "succeeded";
  const devices = new Map<string, ReportedDevice>();
  for (const run of runs) new Builder(run, report, devices).build();
  report.devices = [...devices.values()]
    .filter(({ resources, flags }) => resources.length > 0 || flags.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  count(report);
  return report;
}

function count({ devices, totals }: Report): void {
  for (const { resources, flags } of devices) {
    for (const { changes } of resources) {
      for (const { cause } of changes) {
        if (cause !== "drift") totals.intended += 1;
        if (cause !== "intended") totals.drift += 1;
      }
    }
    for (const { kinds } of flags) {
      if (kinds.includes("reset")) totals.resets += 1;
      else if (kinds.includes("switchover")) totals.switchovers += 1;
      if (kinds.includes("upload")) totals.uploads += 1;
    }
  }
}

class Builder {
  readonly #reader = new PlainReader();
  readonly #said: Said[];

  constructor(
    private readonly run: Run,
    private readonly report: Report,
    private readonly devices: Map<string, ReportedDevice>,
  ) {
    this.#said = run.diagnostics
      .filter(({ severity }) => severity !== "debug")
      .flatMap(({ message }) => saidLines(message));
  }

  build(): void {
    const { run, report } = this;
    for (const resource of run.resources) {
      const type = OURS.exec(resource.type)?.[1];
      if (type !== undefined) {
        report.totals.resources += 1;
        this.#ours(resource, type);
      } else if (!INTERNAL.test(resource.type)) this.#other(resource);
    }
    for (const { severity, message } of run.diagnostics) {
      if (severity === "error") this.#error(message);
    }
  }

  #other({ name, type, operation }: RunResource): void {
    // Nothing is known of what counts as a change of these between two states.
    if (operation === "same" || operation === "refresh" || this.run.kind === "states") return;
    this.report.others.push({ name: this.#line(name), type: this.#line(type), operation });
  }

  #error(message: string): void {
    const text = safeLines(redact(message.trim().replace(/^error: /, ""), this.#reader.secrets));
    // That it failed is said after each error again.
    if (
      text !== "" &&
      text !== "update failed" &&
      text !== "preview failed" &&
      !this.report.errors.includes(text)
    )
      this.report.errors.push(text);
  }

  #ours(resource: RunResource, type: string): void {
    const { operation } = resource;
    const known = this.#properties(resource.known);
    const found = this.#properties(resource.found);
    const target = operation === "delete" ? {} : this.#target(resource, found);
    const drift = resource.refreshed ? differencesOf(type, known, found) : [];
    const isGone = resource.refreshed && resource.known !== undefined && resource.found === undefined;
    const changes =
      operation === "delete" || operation === "refresh"
        ? []
        : differencesOf(type, found, target).filter(
            // How a new resource reaches its device is no change of anything.
            ({ address, onDevice }) =>
              operation !== "create" ||
              onDevice ||
              (hasNoConfiguration(type) && !address.startsWith("device.")),
          );
    const device = this.#deviceOf(resource, target, found, known);
    const said = this.#saidOf(device, resource.name);
    const merged = this.#merged(drift, changes, said, operation === "refresh");
    const notes = this.#notesOf(said);
    if (operation === "delete") notes.unshift(this.#deleted(type, found));
    if (resource.note !== undefined) notes.unshift(resource.note);
    if (isGone) notes.unshift("is not on the device any more");
    // What the program says anew of a value in which nothing differs is a change of the state alone.
    const isQuiet = merged.length === 0 && notes.length === 0 && !resource.failed;
    if (isQuiet && (operation === "same" || operation === "refresh" || this.run.kind === "states")) return;
    if (merged.length === 0 && notes.length === 0 && operation === "update")
      notes.push("nothing that may be shown differs: a secret, or what an earlier run left unfinished");
    const reported = this.#device(device);
    const flags = said
      .map(({ text }) => ({ text, kinds: flagKinds(text) }))
      .filter(({ kinds, text }) => kinds.length > 0 && !tellsChange(text));
    if (flags.length === 0) {
      const byKind = flagByKind(type, operation, changes, target);
      if (byKind !== undefined) flags.push(byKind);
    }
    const name = this.#line(resource.name);
    for (const { kinds, text } of flags)
      reported.flags.push({
        kinds,
        device: reported.name,
        resource: name,
        text: this.#line(text),
      } satisfies Flag);
    reported.resources.push({
      name,
      type,
      operation,
      failed: resource.failed,
      changes: merged,
      notes: notes.filter((note) => !flags.some(({ text }) => text === note)).map((note) => this.#line(note)),
    } satisfies ChangedResource);
  }

  /** What a program declares: of the old outputs only what stands among the inputs counts. */
  #target({ target }: RunResource, found: Properties): Properties {
    if (target === undefined) return {};
    const inputs = this.#reader.object(target.inputs);
    if (this.run.kind === "states") return this.#properties(target);
    return Object.keys(inputs).length === 0 ? found : inputs;
  }

  /** What a state says of the inputs: as declared or, after a refresh, as found. */
  #properties(state: StateText | undefined): Properties {
    if (state === undefined) return {};
    const inputs = this.#reader.object(state.inputs);
    const outputs = this.#reader.object(state.outputs);
    const shown = Object.keys(inputs).filter((name) => Object.hasOwn(outputs, name));
    // A refresh that finds nothing left of a property takes it out of both.
    return Object.keys(outputs).length === 0
      ? inputs
      : Object.fromEntries(shown.map((name) => [name, outputs[name]]));
  }

  #deviceOf({ known, found, target }: RunResource, ...states: Properties[]): string {
    for (const { device } of states) {
      if (!isRecord(device)) continue;
      const { name, profile, url } = device;
      const open = (value: unknown) => (typeof value === "string" && value !== UNKNOWN ? value : undefined);
      const settings: DeviceSettings = { name: open(name), profile: open(profile), url: open(url) };
      if (Object.values(settings).some((value) => value !== undefined)) return deviceLabel(settings);
    }
    const id = [target, found, known]
      .map((state) => state?.id)
      .find((one) => one !== undefined && one !== "");
    return id?.split("/")[0] ?? "a device that is not known yet";
  }

  #device(name: string): ReportedDevice {
    let device = this.devices.get(name);
    if (device === undefined) {
      device = { name: this.#line(name), resources: [], flags: [] };
      this.devices.set(name, device);
    }
    return device;
  }

  /** What the log says of a resource; of one that is called as its device the name is left out. */
  #saidOf(device: string, name: string): Said[] {
    const head = `${name}: `;
    return this.#said
      .filter((each) => each.device === device)
      .flatMap(({ text }) => {
        if (text.startsWith(head)) return [{ device, text: text.slice(head.length) }];
        return device === name ? [{ device, text }] : [];
      });
  }

  #notesOf(said: readonly Said[]): string[] {
    return [...new Set(said.map(({ text }) => text).filter((text) => !tellsChange(text)))];
  }

  #deleted(type: string, found: Properties): string {
    const count = declaredCount(type, found);
    if (count === 0) return "deleted: the device stays as it is";
    const values = count === 1 ? "1 value" : `${count} values`;
    return found["onRelease"] === "restore"
      ? `deleted: ${values} put back to what the device held before`
      : `deleted: ${values} no longer managed, left on the device`;
  }

  #merged(
    drift: readonly Difference[],
    changes: readonly Difference[],
    said: readonly Said[],
    endsThere: boolean,
  ): Change[] {
    const intended = new Map(changes.map((change) => [nameKey(change.address), change]));
    const merged: Change[] = [];
    const listed = new Set<string>();
    for (const { address, before, after: found, secret } of drift) {
      const key = nameKey(address);
      listed.add(key);
      const comes = intended.get(key);
      intended.delete(key);
      const after = comes === undefined ? found : comes.after;
      const isBack = JSON.stringify(after) === JSON.stringify(before);
      merged.push({
        address: this.#line(address),
        cause: comes === undefined || isBack || endsThere ? "drift" : "both",
        before: this.#shown(before, secret),
        found: this.#shown(found, secret),
        after: endsThere ? undefined : this.#shown(after, secret),
        secret,
      });
    }
    for (const { address, before, after, secret, fate } of intended.values()) {
      listed.add(nameKey(address));
      merged.push({
        address: this.#line(address),
        cause: "intended",
        before: this.#shown(before, secret),
        after: this.#shown(after, secret),
        ...(after === undefined && fate !== undefined ? { fate } : {}),
        secret,
      });
    }
    for (const { text } of said) {
      const secret = secretChange(text);
      if (secret === undefined || listed.has(nameKey(secret.address))) continue;
      listed.add(nameKey(secret.address));
      const hidden = (is: boolean) => (is ? REDACTED : undefined);
      merged.push({
        address: this.#line(secret.address),
        cause: secret.drift ? "drift" : "intended",
        before: hidden(secret.drift || secret.what !== "added"),
        ...(secret.drift ? { found: hidden(secret.what !== "removed") } : {}),
        after: hidden(!(secret.drift && endsThere) && (secret.drift || secret.what !== "removed")),
        secret: true,
      });
    }
    // A run that ended early has not shown all states that it saw.
    for (const { text } of said) {
      const told = toldDrift(text);
      if (told === undefined || listed.has(nameKey(told.address))) continue;
      listed.add(nameKey(told.address));
      const { address, before, found } = told;
      merged.push({
        address: this.#line(address),
        cause: "drift",
        before: this.#open(before ?? "") || undefined,
        found: this.#open(found ?? "") || undefined,
        after: endsThere ? undefined : this.#open(before ?? "") || undefined,
        secret: false,
      });
    }
    return merged;
  }

  #shown(value: Value | undefined, secret: boolean): string | undefined {
    if (value === undefined) return undefined;
    if (secret || secretShare(value) === "all") return REDACTED;
    return this.#open(describeValue(value, UNKNOWN));
  }

  #line(text: string): string {
    return safeLine(this.#open(text));
  }

  /** The text without the secrets that the run shows openly elsewhere. */
  #open(text: string): string {
    return this.#reader.secrets.size === 0 ? text : redact(text, this.#reader.secrets);
  }
}
