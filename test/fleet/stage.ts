/** A fleet of simulated devices, and the example's runner on the in-process engine: program and provider are in this process. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differences, healthCheck } from "../../examples/fleet/rollout/devices";
import { fingerprints, progressFile } from "../../examples/fleet/rollout/progress";
import { type Job, run, type SiteStack, type StackResult, type View } from "../../examples/fleet/rollout/run";
import type { Summary } from "../../examples/fleet/rollout/summary";
import { declareSite } from "../../examples/fleet/site";
import { type Inventory, parseInventory } from "../../src/inventory";
import { type Simulator, startSimulator } from "../../src/simulator";
import { inlineOf } from "../e2e/inline-program";
import { runEngine } from "../engine/engine";

const PROJECT = join(__dirname, "../../examples/fleet");

export interface FleetOptions {
  /** Names of sites, and how many devices each has. */
  sites: Readonly<Record<string, number>>;
  /** More of a site, in YAML: `frozen: until June`. */
  ofSite?: Readonly<Record<string, string>>;
  rollout: string;
  latencyMs?: number;
}

export interface RunOptions {
  command?: Job["command"];
  sites?: readonly string[];
  fresh?: boolean;
  /** Another declaration, in YAML: the values of all devices. */
  values?: string;
  now?: Date;
  onStep?: (site: string, text: string) => void;
  stop?: AbortSignal;
}

export class Fleet {
  readonly devices = new Map<string, Simulator>();
  /** What the engine ran, in its order: `up london`. */
  readonly operations: string[] = [];
  /** What the view was told, in its order. */
  readonly events: string[] = [];

  private constructor(
    readonly folder: string,
    private readonly options: FleetOptions,
  ) {}

  static async open(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(await mkdtemp(join(tmpdir(), "fleet-")), options);
    for (const [site, count] of Object.entries(options.sites)) {
      for (let at = 1; at <= count; at++) {
        const { latencyMs } = options;
        fleet.devices.set(`${site}-${at}`, await startSimulator({ latencyMs, resetSeconds: 0.1 }));
      }
    }
    return fleet;
  }

  async close(): Promise<void> {
    await Promise.all([...this.devices.values()].map((simulator) => simulator.close()));
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A device by its name: `london-1`. */
  device(name: string): Simulator {
    const found = this.devices.get(name);
    if (found === undefined) throw new Error(`there is no device ${name}`);
    return found;
  }

  inventory(values = "ntp: 192.0.2.1"): Inventory {
    const { sites, ofSite = {}, rollout } = this.options;
    return parseInventory(
      [
        `defaults: { values: { syslog: 192.0.2.20, trunk: sip.example.net, ${values} } }`,
        "sites:",
        ...Object.keys(sites).map((site) => `  ${site}: { ${ofSite[site] ?? ""} }`),
        "roles: { branch: }",
        "devices:",
        ...[...this.devices].map(
          ([name, { url }]) =>
            `  ${name}: { url: "${url}", site: ${name.replace(/-\d+$/, "")}, role: branch }`,
        ),
        `rollout: { ${rollout} }`,
      ].join("\n"),
    );
  }

  get progress() {
    return progressFile(join(this.folder, "fleet.progress.json"));
  }

  async run(options: RunOptions = {}): Promise<Summary> {
    const inventory = this.inventory(options.values);
    const { command = "up", sites = inventory.sites, fresh = false } = options;
    const { now, stop = new AbortController().signal } = options;
    const job: Job = { command, inventory, sites, fingerprints: fingerprints(inventory, {}), fresh };
    const login = { MEDIANT_USERNAME: "Admin", MEDIANT_PASSWORD: "Admin" };
    const before = { ...process.env };
    Object.assign(process.env, login);
    try {
      return await run(job, {
        stackOf: async (site) => this.stackOf(inventory, site, now),
        checkHealth: healthCheck(inventory.rollout),
        differences,
        now: () => now ?? new Date(),
        progress: this.progress,
        view: this.view(options.onStep),
        stop,
      });
    } finally {
      for (const name of Object.keys(login)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  }

  /** The site's stack, whose state is a file of this fleet's folder. */
  private stackOf(inventory: Inventory, site: string, now?: Date): SiteStack {
    const operate = async (operation: "preview" | "up", excluded: readonly string[]) => {
      this.operations.push(`${operation} ${site}`);
      const { exitCode, digest } = await runEngine({
        operation,
        cwd: PROJECT,
        stack: site,
        state: this.stateOf(site),
        refresh: true,
        excludes: excluded,
        inline: inlineOf(() => void declareSite(inventory, site, excluded, now)),
      });
      return resultOf(exitCode, digest() as Digest);
    };
    return { preview: (excluded) => operate("preview", excluded), up: (excluded) => operate("up", excluded) };
  }

  stateOf(site: string): string {
    return join(this.folder, `${site}.json`);
  }

  private view(onStep: RunOptions["onStep"]): View {
    return {
      planned: () => {},
      waveBegan: (wave) => void this.events.push(`wave ${wave}`),
      step: (site, text) => {
        if (text === "checking health") this.events.push(`begin ${site}`);
        onStep?.(site, text);
      },
      ended: ({ site, result }) => void this.events.push(`${result} ${site}`),
      note: () => {},
      stopping: () => void this.events.push("stopping"),
      close: () => {},
    };
  }
}

interface Digest {
  steps: { op: string; urn: string }[];
  diagnostics: { severity: string; message: string; urn: string }[];
}

function resultOf(exitCode: number, { steps, diagnostics }: Digest): StackResult {
  const nameOf = (urn: string) => urn.split("::").at(-1);
  return {
    ok: exitCode === 0,
    changed: steps.flatMap(({ op, urn }) =>
      ["create", "update"].includes(op) && urn.includes(":dynamic/") ? [nameOf(urn) ?? ""] : [],
    ),
    errors: diagnostics.flatMap(({ severity, message, urn }) =>
      severity === "error" && !/^(?:update|preview) failed$/.test(message)
        ? [{ ...(urn !== "" && { resource: nameOf(urn) }), text: message }]
        : [],
    ),
  };
}
