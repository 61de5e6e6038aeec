import { NameMap, nameKey } from "./names";

/**
 * A table that refers to another must come after it. Where neither the user's text nor the device's own dump
 * says which comes first, this order of the well-known tables does (LTRT-41760 section 6.1 leaves it to the
 * device manuals: device, interface, realm, SIP interface, proxy set, IP group, routes).
 */
export const WELL_KNOWN_TABLES: readonly string[] = [
  "PhysicalPortsTable",
  "EtherGroupTable",
  "DeviceTable",
  "InterfaceTable",
  "StaticRouteTable",
  "NATTranslation",
  "WebUsers",
  "TLSContexts",
  "AudioCodersGroups",
  "AudioCoders",
  "AllowedAudioCodersGroups",
  "AllowedAudioCoders",
  "IpProfile",
  "BandwidthProfile",
  "QOERules",
  "CpMediaRealm",
  "SBCRoutingPolicy",
  "GwRoutingPolicy",
  "DialPlans",
  "DialPlanRule",
  "SRD",
  "MessagePolicy",
  "SIPInterface",
  "ProxySet",
  "ProxyIp",
  "CallSetupRules",
  "IPGroup",
  "IPGroupSet",
  "IPGroupSetMember",
  "Account",
  "ConditionTable",
  "IP2IPRouting",
  "Classification",
  "MessageManipulations",
];
const knownPosition = new Map(WELL_KNOWN_TABLES.map((name, at) => [nameKey(name), at]));

/** Whether a table is one that most devices have, though a dump leaves it out while it is empty. */
export function isWellKnownTable(name: string): boolean {
  return knownPosition.has(nameKey(name));
}

/** Its place among the well-known tables, and in the dump. */
type Rank = readonly [number, number];

/**
 * The order in which tables go out: that of the texts, else the known one, else the dump's, else as they were
 * first named. The known order stands before the dump's because a dump leaves out the tables that are empty.
 *
 * @param tables the tables to send
 * @param texts for each resource its tables in the order of its text
 * @param dump the device's tables in the order of its dump
 */
export function orderTables(
  tables: Iterable<string>,
  texts: readonly (readonly string[])[],
  dump: Iterable<string>,
): string[] {
  const dumped = new Map([...dump].map((name, at) => [nameKey(name), at]));
  const pending = new NameMap<{ name: string; rank: Rank; before: Set<string> }>();
  for (const name of tables) {
    const key = nameKey(name);
    const rank: Rank = [knownPosition.get(key) ?? WELL_KNOWN_TABLES.length, dumped.get(key) ?? dumped.size];
    pending.set(name, { name, rank, before: new Set() });
  }
  for (const text of texts) {
    const own = [...new Set(text.map(nameKey))].filter((name) => pending.has(name));
    own.forEach((name, at) => {
      const previous = own[at - 1];
      if (previous !== undefined) pending.get(name)?.before.add(previous);
    });
  }
  const ordered: string[] = [];
  for (;;) {
    const waiting = [...pending.values()].sort((a, b) => compareRanks(a.rank, b.rank));
    // Texts that contradict one another leave no table free: the best-ranked one then goes first.
    const next = waiting.find((one) => ![...one.before].some((name) => pending.has(name))) ?? waiting[0];
    if (next === undefined) return ordered;
    ordered.push(next.name);
    pending.delete(next.name);
  }
}

function compareRanks(a: Rank, b: Rank): number {
  return a[0] - b[0] || a[1] - b[1];
}
