import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { EngineKind } from "../engine";
import type { ExportedResource } from "../engine/engines";
import { sha256, temporaryFolder } from "../shared/files";
import { openStage, type Stage, type StageOptions } from "./stage";

/** What a simulator runs at first. */
export const OLD = "7.40A.250.440";
export const NEW = "7.40A.500.010";

/**
 * Writes a file that a simulator takes for a load of that version; each call writes another one.
 * @param size in bytes
 */
export function writeLoad(path: string, version: string, size = 20_000): Promise<void> {
  const head = `\0load ${version}\0`;
  return writeFile(path, Buffer.concat([Buffer.from(head), randomBytes(size - head.length)]));
}

/** SHA-256 of a file, in hexadecimal. */
export async function digestOf(path: string): Promise<string> {
  return sha256(await readFile(path));
}

/** A stage with one declared load. */
export interface SoftwareStage extends Stage {
  /** A file that holds NEW. */
  source: string;
  /** Declares `load` on the device: NEW, where the arguments do not say otherwise. */
  load(args?: Record<string, unknown>): Promise<void>;
  /** `load` in the state. */
  resource(): Promise<ExportedResource | undefined>;
  /** Of its last known outputs, those by these names. */
  outputs(...names: string[]): Promise<Record<string, unknown>>;
  /** The paths of the writes so far, without the API's prefix. */
  writes(): string[];
}

export async function openSoftwareStage(
  t: TestContext,
  kind: EngineKind,
  options: StageOptions = {},
): Promise<SoftwareStage> {
  const stage = await openStage(t, kind, { resetSeconds: 0.5, ...options });
  const folder = await temporaryFolder(t, "software-");
  const source = join(folder, "sbc.cmp");
  await writeLoad(source, NEW);
  const resource = async () =>
    (await stage.state()).deployment.resources?.find(({ urn }) => urn.endsWith("::load"));
  return {
    ...stage,
    source,
    load: (args) =>
      stage.declare({ type: "SoftwareLoad", name: "load", args: { source, version: NEW, ...args } }),
    resource,
    outputs: async (...names) => {
      const { outputs = {} } = (await resource()) ?? {};
      return Object.fromEntries(names.map((name) => [name, outputs[name]]));
    },
    writes: () => stage.simulator.writes.map(({ path }) => path.replace("/api/v1", "")),
  };
}

export const UPLOAD = "/files/software";
export const HITLESS = "/files/software/hitless";
export const SAVE = "/actions/saveConfiguration";
