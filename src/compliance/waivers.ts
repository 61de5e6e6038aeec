import type { InventoryDevice, Waiver } from "../inventory/form";
import { starPattern } from "../secrets/names";
import type { Compliance, Finding } from "./model";

/** Which differences are accepted for a while, and which waivers are over or of no use any more. */
export class Waivers {
  readonly #waivers: {
    waiver: Waiver;
    covers: (device: InventoryDevice, finding: Finding) => boolean;
    used: boolean;
  }[];

  /** @param day `YYYY-MM-DD`, in UTC */
  constructor(
    waivers: readonly Waiver[],
    private readonly day: string,
  ) {
    this.#waivers = waivers.map((waiver) => ({ waiver, covers: coverage(waiver), used: false }));
  }

  /** The finding, with the waiver that covers it. */
  apply(device: InventoryDevice, finding: Finding): Finding {
    const covering = this.#waivers.filter(({ covers }) => covers(device, finding));
    for (const each of covering) each.used = true;
    const valid = covering.find(({ waiver }) => waiver.until >= this.day);
    if (valid === undefined) return finding;
    const { until, reason } = valid.waiver;
    return { ...finding, waiver: { until, reason } };
  }

  /** @param all whether every device of the inventory has answered, so that a waiver without a use is of none */
  left(all: boolean): Compliance["waivers"] {
    return this.#waivers.flatMap(({ waiver, used }) => {
      const state = waiver.until < this.day ? "expired" : all && !used ? "unused" : undefined;
      const { names, until, reason } = waiver;
      return state === undefined ? [] : [{ names: [...names], until, reason, state }];
    });
  }
}

function coverage({
  devices,
  sites,
  roles,
  names,
}: Waiver): (device: InventoryDevice, finding: Finding) => boolean {
  const anywhere = devices.length + sites.length + roles.length === 0;
  const [byDevice, bySite, byRole, byName] = [devices, sites, roles, names].map(matcher);
  return ({ name, site, role }, { address }) =>
    (anywhere ||
      byDevice?.(name) ||
      (site !== undefined && bySite?.(site)) ||
      (role !== undefined && byRole?.(role))) === true && byName?.(address) === true;
}

/** `*` stands for any run of characters; case does not count. */
export function matcher(patterns: readonly string[]): (text: string) => boolean {
  const compiled = patterns.map((pattern) => starPattern(pattern, ".*", "is"));
  return (text) => compiled.some((one) => one.test(text));
}
