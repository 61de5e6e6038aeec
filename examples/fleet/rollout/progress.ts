/** The file that remembers what an unfinished rollout has done. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { Inventory } from "pulumi-mediant/inventory";
import { fleetDevice } from "../devices";
import { declarationOf } from "../templates";
import type { SiteDone } from "./plan";
import type { ProgressStore } from "./run";

export function progressFile(file: string): ProgressStore {
  return {
    read: () => (existsSync(file) ? readDone(file) : {}),
    write(done) {
      // Whole or not at all: a run may be killed at any time.
      const half = `${file}.new`;
      writeFileSync(half, `${JSON.stringify({ sites: done }, null, 2)}\n`);
      renameSync(half, file);
    },
    clear: () => rmSync(file, { force: true }),
  };
}

function readDone(file: string): Record<string, SiteDone> {
  try {
    const { sites } = JSON.parse(readFileSync(file, "utf8"));
    if (Object.values<SiteDone>(sites).every(({ devices }) => Array.isArray(devices))) return sites;
  } catch {
    // Said below.
  }
  throw new Error(`${file} cannot be read: remove it, and the rollout begins anew`);
}

/**
 * What is declared for each site, in short: a site whose declaration has changed since is not done. Secrets are left
 * out of it, so that the file tells nothing of them.
 *
 * @throws Error if a device has no template, or a template lacks a value
 */
export function fingerprints(inventory: Inventory, env: NodeJS.ProcessEnv): Map<string, string> {
  const declared = new Map<string, unknown[]>();
  for (const device of inventory.devices) {
    const declaration = declarationOf(fleetDevice(device, env, () => "secret"));
    const { name, site = "", firmware, connection } = device;
    const known = declared.get(site) ?? [];
    known.push({ name, firmware, connection, declaration });
    declared.set(site, known);
  }
  const digest = (content: unknown) =>
    createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 16);
  return new Map([...declared].map(([site, content]) => [site, digest(content)]));
}
