/** Decides which sites are changed when. Nothing here reads a clock, a file or a device. */
import { heldBack, type InventoryDevice, type Rollout } from "pulumi-mediant/inventory";

/** A device that is read and never written to. */
export interface Held {
  device: InventoryDevice;
  why: string;
  /** Whether it only waits for its window. */
  waits: boolean;
}

/** The devices of a site, as they stand at one moment. */
export interface Standing {
  open: readonly InventoryDevice[];
  held: readonly Held[];
}

export function standingAt(devices: readonly InventoryDevice[], at: Date): Standing {
  const open: InventoryDevice[] = [];
  const held: Held[] = [];
  for (const device of devices) {
    const why = heldBack(device, at);
    if (why === undefined) open.push(device);
    else held.push({ device, why, waits: device.frozen === undefined });
  }
  return { open, held };
}

/** What is remembered of a site that has converged. */
export interface SiteDone {
  /** What was declared then, in short. */
  fingerprint: string;
  /** The devices that could be written to then. */
  devices: readonly string[];
  at: string;
}

/** Whether there is nothing left to do: the same was declared, and no other device may be written to now. */
export function isDone({ open }: Standing, fingerprint: string, done: SiteDone | undefined): boolean {
  return done?.fingerprint === fingerprint && open.every(({ name }) => done.devices.includes(name));
}

export interface Plan {
  waves: readonly (readonly string[])[];
  /** Whether the first wave is that of the canaries. */
  canary: boolean;
  atOnce: number;
  maxFailures: number;
}

/** Puts sites into waves: the canaries first, the others in their order. */
export function planOf(sites: readonly string[], { canary, wave, atOnce, maxFailures }: Rollout): Plan {
  const first = sites.filter((site) => canary.includes(site));
  const rest = sites.filter((site) => !canary.includes(site));
  const waves = first.length > 0 ? [first] : [];
  for (let at = 0; at < rest.length; at += wave) waves.push(rest.slice(at, at + wave));
  return { waves, canary: first.length > 0, atOnce, maxFailures };
}

/** How far a rollout has come. */
export interface Course {
  begun: ReadonlySet<string>;
  /** The sites that have ended, and whether all went well. */
  ended: ReadonlyMap<string, boolean>;
}

/** Why no other site may begin; undefined if none has to be kept back. */
export function stopReason({ waves, canary, maxFailures }: Plan, { ended }: Course): string | undefined {
  const failed = [...ended].filter(([, well]) => !well).map(([site]) => site);
  const canaries = failed.filter((site) => canary && waves[0]?.includes(site));
  if (canaries.length > 0) return `the canary failed (${canaries.join(", ")})`;
  if (failed.length <= maxFailures) return undefined;
  return `${count(failed.length, "site")} failed, and maxFailures is ${maxFailures}`;
}

/** The sites that may begin now: of the first wave that has not ended, and no more than `atOnce` at a time. */
export function nextSites(plan: Plan, course: Course): readonly string[] {
  if (stopReason(plan, course) !== undefined) return [];
  const wave = plan.waves.find((sites) => sites.some((site) => !course.ended.has(site))) ?? [];
  const free = plan.atOnce - (course.begun.size - course.ended.size);
  return wave.filter((site) => !course.begun.has(site)).slice(0, Math.max(free, 0));
}

export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
