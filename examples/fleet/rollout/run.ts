/** Drives the sites of a fleet through their stacks, in the order that the plan says. */
import type { Inventory, InventoryDevice } from "pulumi-mediant/inventory";
import { isDone, nextSites, type Plan, planOf, type SiteDone, standingAt, stopReason } from "./plan";
import { changeSite, previewSite, type SiteWork } from "./site";
import { type SiteResult, type Summary, summaryOf } from "./summary";

/** What a stack did, or would do. */
export interface StackResult {
  ok: boolean;
  /** The names of the resources that it created, updated, replaced or deleted. */
  changed: readonly string[];
  errors: readonly { resource?: string; text: string }[];
}

/** The stack of one site. */
export interface SiteStack {
  /** Reads the devices, and writes to none. @param excluded names of resources that are left alone */
  preview(excluded: readonly string[]): Promise<StackResult>;
  /** @param excluded names of resources that are left alone: neither read nor written */
  up(excluded: readonly string[]): Promise<StackResult>;
}

/** What a run works with: the real world, or that of a test. */
export interface World {
  stackOf(site: string): Promise<SiteStack>;
  /** @throws Error that says what is wrong with the device */
  checkHealth(device: InventoryDevice, waitSeconds: number): Promise<void>;
  /** Reads a device. @returns the names of what differs from the declaration */
  differences(device: InventoryDevice): Promise<readonly string[]>;
  now(): Date;
  progress: ProgressStore;
  view: View;
  /** What is under way ends, nothing else begins. */
  stop: AbortSignal;
}

/** Remembers which sites are done while a rollout is unfinished. */
export interface ProgressStore {
  read(): Readonly<Record<string, SiteDone>>;
  write(done: Readonly<Record<string, SiteDone>>): void;
  clear(): void;
}

/** Whoever looks on. */
export interface View {
  planned(plan: Plan, doneBefore: readonly string[]): void;
  waveBegan(wave: number, plan: Plan): void;
  step(site: string, text: string): void;
  ended(result: SiteResult): void;
  /** A line that a device's log has for people. */
  note(line: string): void;
  /** Nothing else begins, on somebody's request. */
  stopping(): void;
  close(): void;
}

export interface Job {
  command: Summary["command"];
  inventory: Inventory;
  /** The sites that take part, in their order. */
  sites: readonly string[];
  /** What is declared for each site, in short. */
  fingerprints: ReadonlyMap<string, string>;
  /** Forgets what an earlier run has done. */
  fresh: boolean;
}

export async function run(job: Job, world: World): Promise<Summary> {
  const began = world.now();
  const rollout = new Run(job, world);
  try {
    await rollout.drive();
  } finally {
    world.view.close();
  }
  return rollout.summary((world.now().getTime() - began.getTime()) / 1000);
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

class Run {
  readonly #devices = new Map<string, InventoryDevice[]>();
  readonly #done: Record<string, SiteDone>;
  readonly #plan: Plan;
  readonly #begun = new Set<string>();
  readonly #ended = new Map<string, boolean>();
  readonly #results = new Map<string, SiteResult>();

  constructor(
    private readonly job: Job,
    private readonly world: World,
  ) {
    const { inventory, sites, command, fresh } = job;
    for (const device of inventory.devices) {
      const known = this.#devices.get(device.site ?? "") ?? [];
      this.#devices.set(device.site ?? "", [...known, device]);
    }
    this.#done = command === "up" ? { ...world.progress.read() } : {};
    if (command === "up" && fresh) {
      for (const site of sites) delete this.#done[site];
      world.progress.write(this.#done);
    }
    const now = world.now();
    const pending = sites.filter(
      (site) =>
        !isDone(standingAt(this.#of(site), now), this.#fingerprint(site), this.#done[site]) ||
        command === "preview",
    );
    this.#plan = planOf(pending, inventory.rollout);
    if (command === "preview") {
      // Reading harms nobody.
      this.#plan = { ...this.#plan, waves: [pending], canary: false, maxFailures: sites.length };
    }
    world.view.planned(
      this.#plan,
      sites.filter((site) => !pending.includes(site)),
    );
  }

  #of(site: string): readonly InventoryDevice[] {
    return this.#devices.get(site) ?? [];
  }

  #fingerprint(site: string): string {
    return this.job.fingerprints.get(site) ?? "";
  }

  async drive(): Promise<void> {
    const underWay = new Map<string, Promise<void>>();
    this.world.stop.addEventListener("abort", () => this.world.view.stopping(), { once: true });
    let wave = 0;
    for (;;) {
      const next = this.world.stop.aborted ? [] : nextSites(this.#plan, this.#course);
      for (const site of next) {
        const its = this.#waveOf(site);
        if (its > wave) this.world.view.waveBegan(its, this.#plan);
        wave = its;
        this.#begun.add(site);
        underWay.set(
          site,
          this.#work(site).finally(() => underWay.delete(site)),
        );
      }
      if (underWay.size === 0) return;
      await Promise.race(underWay.values());
    }
  }

  get #course() {
    return { begun: this.#begun, ended: this.#ended };
  }

  #waveOf(site: string): number {
    return this.#plan.waves.findIndex((sites) => sites.includes(site)) + 1;
  }

  async #work(site: string): Promise<void> {
    const { command, inventory } = this.job;
    const began = this.world.now();
    // Looked at when the site's turn comes: a window may have closed since the run began.
    const standing = standingAt(this.#of(site), began);
    const work: SiteWork = { site, standing, rollout: inventory.rollout, world: this.world };
    const found = await (command === "up" ? changeSite(work) : previewSite(work)).catch((error: unknown) => ({
      result: "failed" as const,
      devices: [],
      errors: [textOf(error)],
    }));
    const seconds = (this.world.now().getTime() - began.getTime()) / 1000;
    const result: SiteResult = { site, wave: this.#waveOf(site), seconds, ...found };
    this.#results.set(site, result);
    const well = result.result !== "failed";
    this.#ended.set(site, well);
    if (command === "up") {
      if (well) {
        const devices = standing.open.map(({ name }) => name);
        this.#done[site] = { fingerprint: this.#fingerprint(site), devices, at: began.toISOString() };
      } else delete this.#done[site];
      this.world.progress.write(this.#done);
    }
    this.world.view.ended(result);
  }

  summary(seconds: number): Summary {
    const { command, sites } = this.job;
    const now = this.world.now();
    const results = sites.map(
      (site): SiteResult =>
        this.#results.get(site) ?? {
          site,
          wave: this.#waveOf(site),
          result: this.#waveOf(site) === 0 ? "done before" : "not begun",
          seconds: 0,
          devices: [],
          errors: [],
        },
    );
    const waits = (site: string) => {
      const done = this.#done[site]?.devices ?? [];
      const closed = standingAt(this.#of(site), now).held.filter(({ waits }) => waits);
      return closed.filter(({ device }) => !done.includes(device.name)).length;
    };
    const waiting = sites.reduce((sum, site) => sum + waits(site), 0);
    // Of all sites, also when this run was of one alone.
    const isWhole = [...this.#devices.keys()].every(
      (site) => this.#done[site] !== undefined && waits(site) === 0,
    );
    // The next rollout looks at each site again.
    if (command === "up" && isWhole) this.world.progress.clear();
    const stopped = stopReason(this.#plan, this.#course);
    const interrupted =
      this.world.stop.aborted && results.some(({ result }) => result === "not begun" || result === "failed");
    return summaryOf({ command, sites: results, waiting, seconds, stopped, interrupted });
  }
}
