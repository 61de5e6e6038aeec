import type { DeviceClient } from "../../device/client";
import { Slot } from "../../device/shared/device";
import type { ReadCache } from "../../device/shared/read-cache";
import { KnownRows } from "../../ini/dump/known-rows";
import { decodeIni, type Encoding } from "../../ini/encoding";
import { NameMap, nameKey } from "../../ini/names";
import { type Observed, observe } from "../../ini/observe";
import { type DumpChanges, dumpChanges } from "./beside";

/** A dump as it is worked with. */
export interface Dump {
  observed: Observed;
  encoding: Encoding;
}

/** The dumps of one device: each is parsed once, and a row that the last one had as well is taken from there. */
class Dumps {
  private readonly parsed = new WeakMap<Buffer, Dump>();
  private readonly rows = new KnownRows();

  has(bytes: Buffer): boolean {
    return this.parsed.has(bytes);
  }

  read(bytes: Buffer): Dump {
    const known = this.parsed.get(bytes);
    if (known !== undefined) return known;
    const { text, encoding } = decodeIni(bytes);
    const dump = { observed: observe(text, this.rows), encoding };
    this.parsed.set(bytes, dump);
    return dump;
  }
}

/** What a process has seen of the ini of one device. */
export class Sightings {
  /** Parameters, and columns as `Table.Column`, that differed between two reads with no write between. */
  readonly counting = new NameMap<true>();
  private seen: { observed: Observed; cache: ReadCache; generation: number } | undefined;
  readonly dumps = new Dumps();

  /** The last dump, if nothing was sent to the device since it was read. */
  last(cache: ReadCache): Observed | undefined {
    const { seen } = this;
    return seen?.cache === cache && seen.generation === cache.generation ? seen.observed : undefined;
  }

  /** A dump that was read since the last write. */
  see(observed: Observed, cache: ReadCache): void {
    this.seen = { observed, cache, generation: cache.generation };
  }

  /** A document that many resources read, parsed once. @param generation that of the cache before it was read */
  document(bytes: Buffer, cache: ReadCache, generation: number): Observed {
    const isNew = !this.dumps.has(bytes);
    const { observed } = this.dumps.read(bytes);
    if (isNew && cache.generation === generation) this.see(observed, cache);
    return observed;
  }

  /** Learns of the suspected names those that differ between two dumps with no write between. */
  learn(first: Observed, second: Observed, suspected: ReadonlySet<string>): void {
    for (const name of changedNames(dumpChanges(first, second, this.counting)))
      if (suspected.has(name)) this.counting.set(name, true);
  }
}

export const SIGHTINGS = new Slot(() => new Sightings());

/**
 * Reads a device's ini now, under its write lock.
 * @param doubt why one read that shows this is not enough
 */
export async function readDump(
  client: DeviceClient,
  doubt?: (observed: Observed) => string | undefined,
): Promise<Dump> {
  const { dumps } = client.device.recall(SIGHTINGS);
  const doubtOf = doubt && ((bytes: Buffer) => doubt(dumps.read(bytes).observed));
  return dumps.read(await client.ini(doubtOf));
}

/**
 * The device's ini as the cache has it or a GET brings it: what a refresh reads.
 * @param doubt whether something is missing that may merely have been cut off: another read, shared too, decides
 */
export async function readIni(
  client: DeviceClient,
  doubt: (observed: Observed) => boolean = () => false,
): Promise<Observed> {
  const { cache } = client.device;
  const read = async (key: string): Promise<Observed> => {
    const { generation } = cache;
    const bytes = await cache.get(key, () => client.ini());
    return client.device.recall(SIGHTINGS).document(bytes, cache, generation);
  };
  const observed = await read("ini");
  return doubt(observed) ? read("ini again") : observed;
}

/** What shows another value than before, and so may count by itself: parameters, and columns with their table. */
export function changedNames({ parameters, cells }: Pick<DumpChanges, "parameters" | "cells">): Set<string> {
  const names = new Set<string>();
  for (const { address, before, after } of parameters)
    if (before !== undefined && after !== undefined) names.add(nameKey(address));
  for (const { table, column, after } of cells)
    if (after !== undefined) names.add(nameKey(`${table}.${column}`));
  return names;
}
