/** What is done at one site. */
import type { InventoryDevice, Rollout } from "pulumi-mediant/inventory";
import type { Held, Standing } from "./plan";
import { type StackResult, textOf, type World } from "./run";
import type { DeviceResult, SiteResult } from "./summary";

export interface SiteWork {
  site: string;
  standing: Standing;
  rollout: Rollout;
  world: Pick<World, "stackOf" | "checkHealth" | "differences" | "view">;
}

type Found = Pick<SiteResult, "result" | "devices" | "errors">;

/** Says what an update would change; all of it is only read. */
export async function previewSite({ site, standing, world }: SiteWork): Promise<Found> {
  const { open, held } = standing;
  world.view.step(site, "reading");
  const heldDevices = await readHeld(held, world);
  if (open.length === 0) return { result: "held", devices: heldDevices, errors: [] };
  const stack = await world.stackOf(site);
  const seen = await stack.preview(held.map(({ device }) => device.name));
  const devices = await Promise.all(
    open.map(async (device) => {
      const result = deviceResult(device, seen);
      return result.result === "changed" ? { ...result, ...(await compared(device, world)) } : result;
    }),
  );
  return found(seen.ok ? "previewed" : "failed", [...devices, ...heldDevices], seen, standing);
}

/**
 * Looks whether the devices are healthy, changes those that may be changed, and looks again. Those that are held back
 * are only read, and what is wrong with them keeps nothing else from its change.
 */
export async function changeSite({ site, standing, rollout, world }: SiteWork): Promise<Found> {
  const { open, held } = standing;
  world.view.step(site, "checking health");
  const [before, heldDevices] = await Promise.all([unhealthy(open, 0, world), readHeld(held, world)]);
  if (open.length === 0) return { result: "held", devices: heldDevices, errors: [] };
  if (before.size > 0) {
    const devices = open.map(({ name }): DeviceResult => {
      const error = before.get(name);
      return error === undefined
        ? { device: name, result: "untouched" }
        : { device: name, result: "failed", error: `before any change: ${error}` };
    });
    return { result: "failed", devices: [...devices, ...heldDevices], errors: [] };
  }

  world.view.step(site, "changing");
  const stack = await world.stackOf(site);
  const done = await stack.up(held.map(({ device }) => device.name));
  const devices = open.map((device) => deviceResult(device, done));
  if (!done.ok) return found("failed", [...devices, ...heldDevices], done, standing);

  world.view.step(site, "checking health again");
  const after = await unhealthy(open, rollout.waitSeconds, world);
  const judged = devices.map((device): DeviceResult => {
    const error = after.get(device.device);
    return error === undefined
      ? device
      : { ...device, result: "failed", error: `after the change: ${error}` };
  });
  return found(after.size > 0 ? "failed" : "converged", [...judged, ...heldDevices], done, standing);
}

/** Compares the devices that are held back with what is declared. */
function readHeld(held: readonly Held[], world: Pick<World, "differences">): Promise<DeviceResult[]> {
  return Promise.all(
    held.map(async ({ device, why }): Promise<DeviceResult> => {
      const result = { device: device.name, result: "held" as const, held: why };
      try {
        return { ...result, ...(await compared(device, world)) };
      } catch (error) {
        return { ...result, error: textOf(error).replace(`[${device.name}] `, "") };
      }
    }),
  );
}

async function compared(device: InventoryDevice, world: Pick<World, "differences">) {
  return { differences: [...(await world.differences(device))] };
}

/** What is wrong with devices, by their names. */
async function unhealthy(
  devices: readonly InventoryDevice[],
  waitSeconds: number,
  { checkHealth }: Pick<World, "checkHealth">,
): Promise<Map<string, string>> {
  const problems = new Map<string, string>();
  await Promise.all(
    devices.map(async (device) => {
      try {
        await checkHealth(device, waitSeconds);
      } catch (error) {
        problems.set(device.name, textOf(error).replace(`[${device.name}] `, ""));
      }
    }),
  );
  return problems;
}

function deviceResult({ name }: InventoryDevice, { ok, changed, errors }: StackResult): DeviceResult {
  const error = errorOf(name, errors);
  if (error !== undefined) return { device: name, result: "failed", error };
  if (changed.includes(name)) return { device: name, result: "changed" };
  return { device: name, result: ok ? "unchanged" : "untouched" };
}

function errorOf(name: string, errors: StackResult["errors"]): string | undefined {
  const texts = errors.filter(({ resource }) => resource === name).map(({ text }) => text);
  return texts.length === 0 ? undefined : texts.join("\n");
}

/** The errors that no device of the site has are the site's own. */
function found(
  result: SiteResult["result"],
  devices: DeviceResult[],
  { errors, changed }: StackResult,
  { open, held }: Standing,
): Found {
  const names = new Set([...open.map(({ name }) => name), ...held.map(({ device }) => device.name)]);
  const gone = changed
    .filter((name) => !names.has(name))
    .map((device): DeviceResult => ({ device, result: "changed" }));
  const others = errors.filter(({ resource }) => resource === undefined || !names.has(resource));
  return { result, devices: [...devices, ...gone], errors: others.map(({ text }) => text) };
}
