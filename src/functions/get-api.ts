import * as pulumi from "@pulumi/pulumi";
import { parseAnswer } from "../device/answers/lenient-json";
import type { DeviceClient } from "../device/client";
import { isDeviceError } from "../device/errors";
import type { DeviceArgs } from "../resources/device";
import { askedDevice } from "./asked-device";
import { type OutputArgs, outputForm } from "./output-form";

/** The arguments of {@link getApi}. */
export interface GetApiArgs {
  device: DeviceArgs;
}

/** The arguments of {@link getApiOutput}. */
export interface GetApiOutputArgs extends OutputArgs<GetApiArgs> {}

/** One entry of a listing. */
export interface ApiEntry {
  /** `v1`, `actions`, `reset`, `ini`. */
  id: string;
  description?: string;
  /** Of a version: `stable`. */
  status?: string;
  /** As the device lists it, which is sometimes wrong: nothing follows it. */
  url?: string;
}

/** What the REST API of a device has, as far as it lists it: it leaves out what it does not care to show. */
export interface DeviceApi {
  /** `/api`. LTRT-41760 section 3. */
  versions: ApiEntry[];
  /** `/api/v1`, the folders at the top. Section 4. */
  tree: ApiEntry[];
  /** `/api/v1/actions`. Section 5. */
  actions: ApiEntry[];
  /** `/api/v1/files`. Section 6. */
  files: ApiEntry[];
  /** `/api/v1/alarms`, the folders of alarms. Section 7. */
  alarms: ApiEntry[];
}

const LISTINGS: Readonly<Record<keyof DeviceApi, { path: `/api${string}`; key: string }>> = {
  versions: { path: "/api", key: "versions" },
  tree: { path: "/api/v1", key: "items" },
  actions: { path: "/api/v1/actions", key: "actions" },
  files: { path: "/api/v1/files", key: "files" },
  alarms: { path: "/api/v1/alarms", key: "alarms" },
};

/**
 * The listings of a device's REST API, read now, in previews too. One that the firmware does not have is empty.
 *
 * @throws DeviceError if the device cannot be reached or refuses; RunError if the device is not known yet
 * @example
 * ```ts
 * const { files } = await getApi({ device: deviceFromConfig("sbc1") });
 * ```
 */
export async function getApi(args: GetApiArgs): Promise<DeviceApi> {
  const client = await askedDevice(args.device, "getApiOutput");
  const names = Object.keys(LISTINGS) as (keyof DeviceApi)[];
  const listings = await Promise.all(names.map(async (name) => [name, await listing(client, name)] as const));
  return Object.fromEntries(listings) as unknown as DeviceApi;
}

/** As {@link getApi}, for a device that is not known yet. */
export function getApiOutput(
  args: GetApiOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<DeviceApi> {
  // What a password opens is no secret itself: the listings tell nothing of it.
  return pulumi.unsecret(outputForm(getApi, args, opts));
}

async function listing(client: DeviceClient, name: keyof DeviceApi): Promise<ApiEntry[]> {
  const { path, key } = LISTINGS[name];
  try {
    const { fields } = parseAnswer((await client.get(path)).body);
    const entries = fields[key];
    return Array.isArray(entries) ? entries.flatMap(entryOf) : [];
  } catch (error) {
    if (isDeviceError(error) && error.code === "MEDIANT_NOT_FOUND") return [];
    throw error;
  }
}

function entryOf(entry: unknown): ApiEntry[] {
  if (typeof entry !== "object" || entry === null) return [];
  const texts = Object.fromEntries(
    Object.entries(entry).flatMap(([name, value]): [string, string][] =>
      MEMBERS.includes(name) && (typeof value === "string" || typeof value === "number")
        ? [[name, String(value)]]
        : [],
    ),
  );
  const { id, ...rest } = texts;
  return id === undefined ? [] : [{ id, ...rest }];
}

const MEMBERS = ["id", "description", "status", "url"];
