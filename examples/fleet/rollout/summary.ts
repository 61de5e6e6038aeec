/** What came of a rollout, as `--json` prints it. */
import { count } from "./plan";

/** How the command ends; `--help` says what follows from each. */
export const EXIT = { done: 0, failed: 1, usage: 2, waiting: 3, changes: 7, interrupted: 130 } as const;

export interface DeviceResult {
  device: string;
  /**
   * `changed` and `unchanged` devices are as declared, after a preview: will be changed or not. `held` ones were only
   * read. `untouched`: the site failed before anything was sent to it.
   */
  result: "changed" | "unchanged" | "held" | "failed" | "untouched";
  /** Why it was held back. */
  held?: string;
  /**
   * What differs from the declaration, by name: `NTPServerIP`, `ProxySet 3 ProxyName`. Of devices that were held back
   * and could be read, and of those that a preview would change.
   */
  differences?: string[];
  error?: string;
}

export interface SiteResult {
  site: string;
  /** Counted from 1; 0 if the site is in none. */
  wave: number;
  /** `held`: all of its devices were only read. `done before`: an earlier run that ended early had finished it. */
  result: "converged" | "previewed" | "held" | "failed" | "done before" | "not begun";
  seconds: number;
  devices: DeviceResult[];
  /** What went wrong beside the devices. */
  errors: string[];
}

export interface Summary {
  command: "up" | "preview";
  result: "done" | "waiting" | "changes" | "failed" | "stopped" | "interrupted";
  exitCode: number;
  /** Why no other site began. */
  stopped?: string;
  seconds: number;
  totals: {
    sites: number;
    converged: number;
    failed: number;
    notBegun: number;
    devices: number;
    changed: number;
    held: number;
    /** Devices that were held back only because their window is closed. */
    waiting: number;
  };
  sites: SiteResult[];
}

export interface Ended {
  command: Summary["command"];
  sites: SiteResult[];
  /** Devices that wait for their window. */
  waiting: number;
  seconds: number;
  stopped?: string;
  interrupted: boolean;
}

export function summaryOf({ command, sites, waiting, seconds, interrupted, ...ended }: Ended): Summary {
  const devices = sites.flatMap((site) => site.devices);
  const sitesThat = (...results: SiteResult["result"][]) =>
    sites.filter(({ result }) => results.includes(result)).length;
  const totals = {
    sites: sites.length,
    converged: sitesThat("converged", "previewed", "held", "done before"),
    failed: sitesThat("failed"),
    notBegun: sitesThat("not begun"),
    devices: devices.length,
    changed: devices.filter(({ result }) => result === "changed").length,
    held: devices.filter(({ result }) => result === "held").length,
    waiting,
  };
  // What failed in the last wave kept nothing else from its change.
  const stopped = totals.notBegun > 0 && !interrupted ? ended.stopped : undefined;
  const differ = totals.changed > 0 || devices.some(({ differences = [] }) => differences.length > 0);
  const result = interrupted
    ? "interrupted"
    : stopped !== undefined
      ? "stopped"
      : totals.failed > 0
        ? "failed"
        : command === "preview" && differ
          ? "changes"
          : command === "up" && waiting > 0
            ? "waiting"
            : "done";
  const exitCode = result === "stopped" ? EXIT.failed : EXIT[result];
  return { command, result, exitCode, ...(stopped === undefined ? {} : { stopped }), seconds, totals, sites };
}

/** The last lines of the output, for people. */
export function summaryLines({ command, result, stopped, totals, sites, seconds }: Summary): string[] {
  const lines: string[] = [];
  for (const site of sites.filter((each) => each.result === "failed")) {
    lines.push(`${site.site} failed:`);
    for (const { device, error } of site.devices) {
      if (error !== undefined) lines.push(...indented(`${device}: ${error}`));
    }
    lines.push(...site.errors.flatMap((error) => indented(error)));
  }
  if (lines.length > 0) lines.push("");
  const verb = command === "preview" ? "previewed" : "converged";
  const parts = [
    `${totals.converged} of ${count(totals.sites, "site")} ${verb}`,
    `${count(totals.changed, "device")} ${command === "preview" ? "will change" : "changed"}`,
    ...(totals.held > 0 ? [`${totals.held} held back`] : []),
    ...(totals.failed > 0 ? [`${count(totals.failed, "site")} failed`] : []),
    ...(totals.notBegun > 0 ? [`${totals.notBegun} not begun`] : []),
  ];
  lines.push(`${parts.join(", ")} (${duration(seconds)}).`);
  if (stopped !== undefined) lines.push(`Stopped: ${stopped}.`);
  lines.push(...hint({ command, result, waiting: totals.waiting }));
  return lines;
}

function hint({
  command,
  result,
  waiting,
}: Pick<Summary, "command" | "result"> & { waiting: number }): string[] {
  const again = "the same command goes on where this run ended, without the sites that are done.";
  if (result === "waiting")
    return [`${count(waiting, "device")} will be written to when the window opens: then ${again}`];
  if (command === "preview") return [];
  if (result === "stopped" || result === "failed") return [`Mend what failed; ${again}`];
  return result === "interrupted" ? [`Interrupted: ${again}`] : [];
}

function indented(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `  ${line}`);
}

/** `8 s`, `3 min 05 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** What came of a site, in a few words. */
export function siteText({ result, devices, errors }: SiteResult): string {
  const those = (wanted: DeviceResult["result"]) => devices.filter((device) => device.result === wanted);
  if (result === "done before" || result === "not begun") return result;
  if (result === "failed") {
    const first = devices.find(({ error }) => error !== undefined);
    const why = first === undefined ? errors[0] : `${first.device}: ${first.error}`;
    return `failed: ${inShort(why ?? "no reason was given")}`;
  }
  const held = those("held");
  const parts = [
    ...(those("changed").length > 0
      ? [`${those("changed").length} ${result === "previewed" ? "to change" : "changed"}`]
      : []),
    ...(those("unchanged").length > 0 ? [`${those("unchanged").length} unchanged`] : []),
    ...held.map(
      ({ device, held: why = "", differences = [], error }) =>
        `${device} ${why}${error !== undefined ? "; could not be read" : differences.length > 0 ? `; ${count(differences.length, "difference")}` : ""}`,
    ),
  ];
  return parts.length === 0 ? "no devices" : parts.join(", ");
}

/** The first line, and the next with it if that is only the head of a list. */
function inShort(text: string): string {
  const [first = "", second] = text.split("\n").filter((line) => line.trim() !== "");
  return first.endsWith(":") && second !== undefined ? `${first} ${second.replace(/^[\s*-]+/, "")}` : first;
}
