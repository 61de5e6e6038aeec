import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeviceSettings } from "../../src/declare/device";
import type { ConfigStore, Simulator, SimulatorOptions } from "../../src/simulator";
import { startFresh } from "../shared/simulated";
import type { ManagedResource } from "./resource";
import { ADMIN } from "./surroundings";
import { SPEED } from "./time";

/** Rows and a parameter that nobody declares: no cell may lack them for a moment. */
const UNMANAGED = ["PS_Theirs0", "PS_Theirs1", "PS_Theirs2"];

const START = [
  "SyslogServerIP = 10.0.0.1",
  "NTPServerIP = 192.0.2.77",
  "[ ProxySet ]",
  "FORMAT Index = ProxyName, ProxyKeepAliveTime;",
  ...UNMANAGED.map((name, index) => `ProxySet ${index} = "${name}", 61;`),
  "[ \\ProxySet ]",
  "",
].join("\n");

/** What a device starts with, as a person would say it. */
export const OLD_FIRMWARE = "7.40A.250.440";
export const OLD_KEY = "canaryOldKey9f1AAAA";

/** A device at one moment, for comparison. */
export interface Picture {
  running: ConfigStore;
  flash: ConfigStore;
  rest: string;
}

/** One cell's device and what happens around it. */
export interface Stage {
  simulator: Simulator;
  device: DeviceSettings;
  /** All that was printed since the fault was there. */
  lines: string[];
  folder: string;
  /** What the engine keeps of the resource, for operations that have one. */
  resource?: ManagedResource;
  /** What operations keep between preparation and run. */
  kept: Record<string, unknown>;
  picture(): Picture;
  /** A change by somebody else: what is not ours is from now on as it leaves it. */
  byHand(change: (simulator: Simulator) => void): void;
  /** What became of configuration that is not ours, a sentence each. */
  harm(): string[];
  close(): Promise<void>;
}

let stages = 0;

export async function openStage(
  lines: string[],
  kept: Stage["kept"],
  options: SimulatorOptions = {},
  settings: Partial<DeviceSettings> = {},
): Promise<Stage> {
  const began = Date.now();
  const simulator = await startFresh({
    ini: START,
    firmware: OLD_FIRMWARE,
    users: [{ ...ADMIN, level: "Security Administrator" }],
    license: { key: OLD_KEY },
    now: () => began + (Date.now() - began) * SPEED + Number(kept["later"] ?? 0),
    // Long enough for a poll to find it away, however busy the machine is.
    resetSeconds: 0.4,
    ...options,
  });
  const folder = mkdtempSync(join(tmpdir(), "faults-"));
  const { running } = simulator;
  const theirs = () =>
    JSON.stringify([
      running.parameter("NTPServerIP"),
      [0, 1, 2].map((index) => running.row("ProxySet", index)),
    ]);
  let expected = theirs();
  let byOthers = false;
  const harm: string[] = [];
  const look = (when: string): void => {
    const now = theirs();
    if (byOthers) expected = now;
    else if (now !== expected && harm.length === 0)
      harm.push(`unmanaged configuration changed ${when}: ${now}`);
  };
  const assign = running.assign.bind(running);
  running.assign = (...given) => {
    assign(...given);
    look("for a moment");
  };
  return {
    simulator,
    device: {
      name: `cell${++stages}`,
      url: simulator.url,
      ...ADMIN,
      ...(simulator.fingerprint256 === undefined
        ? {}
        : { tls: { fingerprint256: simulator.fingerprint256 } }),
      ...settings,
    },
    lines,
    folder,
    kept,
    picture: () => ({
      running: running.clone(),
      flash: simulator.flash.clone(),
      rest: JSON.stringify([
        simulator.firmware,
        simulator.license.key,
        [...simulator.auxiliaryFiles].map(([kind, { sha256 }]) => [kind, sha256]),
        simulator.softwareUploads.length,
      ]),
    }),
    byHand(change) {
      byOthers = true;
      change(simulator);
      expected = theirs();
      byOthers = false;
    },
    harm() {
      look("in the end");
      return harm;
    },
    async close() {
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether a device is as it was. */
export function isSame(a: Picture, b: Picture): boolean {
  return a.running.equals(b.running) && a.flash.equals(b.flash) && a.rest === b.rest;
}
