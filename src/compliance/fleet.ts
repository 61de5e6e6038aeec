import { Semaphore } from "async-mutex";
import { DeviceClient } from "../device/client";
import { resolveConnection } from "../device/connect/connection";
import { Transport } from "../device/http/transport";
import { decodeIni } from "../ini/encoding";
import { type Inventory, type InventoryDevice, SEVERITIES } from "../inventory/form";
import { fillValues } from "../inventory/values";
import { heldBack } from "../inventory/window";
import { safeLine } from "../text/describe";
import { messageOf } from "../text/message";
import { type GoldenFiles, type ReadGolden, type Wanted, wantedOf } from "./golden";
import { type Given, judge } from "./judge";
import { type Compliance, type DeviceResult, openFindings } from "./model";
import { Waivers } from "./waivers";

export interface FleetOptions {
  /** Which devices are asked. Default: all. */
  asked?: (device: InventoryDevice) => boolean;
  /** How many at a time. */
  parallel: number;
  now: Date;
  /** The day for which waivers count, `YYYY-MM-DD`. */
  day: string;
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
  /** Called for each device that is done. */
  done?: (result: DeviceResult) => void;
}

/**
 * Holds each device against the golden files of its role. Only GETs are sent; a device that cannot be asked leaves the
 * others as they are.
 *
 * @throws Error before anything is sent, if a golden file cannot be read or has a placeholder without a value
 */
export async function checkFleet(
  inventory: Inventory,
  golden: GoldenFiles,
  options: FleetOptions,
): Promise<Compliance> {
  const devices = inventory.devices.filter(options.asked ?? (() => true));
  const byRole = new Map<string, ReadGolden[]>(inventory.roles.map((role) => [role.name, golden.of(role)]));
  // All files are looked at first: a mistake in one must not be found after half of the fleet was asked.
  const prepared = devices.map((device) => ({
    device,
    wanted: wantedOf(device, byRole.get(device.role ?? "") ?? [], fillValues(device, options.env)),
  }));
  const waivers = new Waivers(inventory.waivers, options.day);
  const places = new Semaphore(options.parallel);
  const results = await Promise.all(
    prepared.map(({ device, wanted }) =>
      places.runExclusive(async () => {
        const result = await checkDevice(device, wanted, waivers, options);
        options.done?.(result);
        return result;
      }),
    ),
  );
  const answered = results.filter(({ result }) => result !== "failed");
  return summed(results, options.day, waivers.left(answered.length === inventory.devices.length));
}

async function checkDevice(
  device: InventoryDevice,
  wanted: Wanted,
  waivers: Waivers,
  options: FleetOptions,
): Promise<DeviceResult> {
  const { name, site, role, firmware } = device;
  const held = heldBack(device, options.now);
  const result: DeviceResult = {
    device: name,
    ...(site === undefined ? {} : { site }),
    ...(role === undefined ? {} : { role }),
    ...(held === undefined ? {} : { heldBack: held }),
    result: "compliant",
    findings: [],
    uncompared: [],
  };
  try {
    const given = await ask(device, wanted, options);
    if (given.firmware !== undefined) result.firmware = safeLine(given.firmware);
    const { findings, uncompared } = judge(wanted, given, firmware);
    result.findings = findings.map((finding) => waivers.apply(device, finding));
    result.uncompared = uncompared;
    if (openFindings(result).length > 0) result.result = "differs";
  } catch (error) {
    result.result = "failed";
    result.error = safeLine(messageOf(error));
  }
  return result;
}

async function ask(device: InventoryDevice, wanted: Wanted, { env, log }: FleetOptions): Promise<Given> {
  const connection = resolveConnection(device.connection, env);
  const client = new DeviceClient(connection, new Transport(connection, { log }));
  const given: Given = {};
  // Asked first: what refuses this refuses everything.
  const { version } = await client.status();
  if (version !== undefined) given.firmware = version;
  if (wanted.ini !== undefined) given.dump = decodeIni(await client.ini()).text;
  if (wanted.scripts.length > 0) given.exported = decodeIni(await client.cliScript()).text;
  return given;
}

function summed(devices: DeviceResult[], day: string, waivers: Compliance["waivers"]): Compliance {
  const count = (result: DeviceResult["result"]) => devices.filter((each) => each.result === result).length;
  const findings = devices.flatMap((device) => device.findings);
  const open = devices.flatMap(openFindings);
  const bySeverity = SEVERITIES.map((severity) => [
    severity,
    open.filter((each) => each.severity === severity).length,
  ]);
  const totals = {
    devices: devices.length,
    compliant: count("compliant"),
    differ: count("differs"),
    failed: count("failed"),
    waived: findings.length - open.length,
    ...(Object.fromEntries(bySeverity) as Record<(typeof SEVERITIES)[number], number>),
  };
  return {
    day,
    result: totals.differ > 0 ? "differs" : totals.failed > 0 ? "failed" : "compliant",
    devices,
    waivers,
    totals,
  };
}
