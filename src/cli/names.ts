/** What `configure` takes: the device's configuration modes. `data` exists on multi-service routers only. */
export const MODES: readonly string[] = ["system", "network", "voip", "troubleshoot", "data"];

/** A command that opens a row of a table or a sub-mode, without its key. */
export interface KnownHeader {
  name: string;
  /** `index`: as `isIndex` has it; `name`: any one word; `interface`: one word or two; none: a sub-mode. */
  key: "index" | "name" | "interface" | undefined;
  /** Names of the rows that are edited inside this one. */
  children: readonly string[];
  /** The only configuration mode that has it. */
  mode?: string;
}

/**
 * The device's rows and sub-modes by configuration mode, named as the CLI Reference Guide (LTRT-17940) and the
 * exports of devices name them; after a `>` stand the rows inside a row. Firmware versions moved some from mode
 * to mode, so the mode is an order for the reader only. A name that is missing here costs nothing in an indented
 * script; in a flat one it must be told from a field by the rules of `parse.ts`.
 */
const ROWS = `
  access-list, network-dev, interface network-if, physical-port, ether-group, nat-translation, static,
  dns dns-to-ip, dns srv2ip, tls, http-remote-services > http-remote-hosts,
  http-proxy http-proxy-serv, http-proxy ems-serv, http-proxy http-server > location,
  http-proxy upstream-group > upstream-host, http-proxy tcp-udp-server, http-proxy directive-sets > directive,
  qos vlan-mapping, high-availability network-monitor, dhcp-server server, dhcp-server option,
  dhcp-server static-ip, dhcp-server vendor-class,

  additional-mgmt-if, mgmt-access-list, performance-profile, welcome-msg, snmp trap-destination,
  snmp v3-users, snmp alarm-customization, radius servers, ldap ldap-configuration > ldap-servers-search-dns,
  ldap ldap-server-groups, ldap mgmt-ldap-groups, user-defined-failure-pm,

  srd, realm > remote-media-subnet realm-extension, sip-interface, proxy-set > proxy-ip, ip-group,
  message message-manipulations, message message-policy, message call-setup-rules,
  message pre-parsing-manip-sets > pre-parsing-manip-rules,
  coders-and-profiles ip-profile, coders-and-profiles tel-profile,
  coders-and-profiles audio-coders-groups > audio-coders,
  coders-and-profiles allowed-audio-coders-groups > allowed-audio-coders,
  coders-and-profiles allowed-video-coders-groups > allowed-video-coders,
  sbc classification, sbc routing ip2ip-routing, sbc routing condition-table, sbc routing alt-routing-reasons,
  sbc routing alt-route-reasons-set > alt-route-reasons-rules, sbc routing sbc-routing-policy,
  sbc routing ip-group-set > ip-group-set-member,
  sbc manipulation ip-inbound-manipulation, sbc manipulation ip-outbound-manipulation,
  sbc cac-profile > cac-rule, sbc dial-plan > dial-plan-rule, sbc malicious-signature-database,
  sbc external-media-source, sip-definition account, sip-definition push-notification-servers,
  sip-definition sip-recording sip-rec-routing, ids policy > rule, ids match,
  qoe bw-profile, qoe qoe-profile > qoe-color-rules, qoe qoe-settings, qoe quality-of-service-rules,
  gateway trunk-group, gateway trunk-group-setting, gateway routing ip2tel-routing,
  gateway routing tel2ip-routing, gateway routing gw-routing-policy, interface e1-t1, interface bri, interface fxs-fxo,

  logging logging-filters, test-call test-call-table, cdr cdr-format gw-cdr-format, cdr cdr-format sbc-cdr-format,
  cdr cdr-server
`;

const SUB_MODES = `
  network-settings, security-settings, dns settings, http-proxy settings, high-availability settings,
  qos application-mapping, outbound-http-proxy,

  automatic-update, cli-settings, cli-terminal, clock, floating-license, ldap settings, ntp, radius settings,
  sbc-performance-settings, snmp settings, snmp trap, tr069, web, provision, login-oauth-servers,

  media settings, media security, media rtp-rtcp, media voice, media fax-modem, media ipmedia, media tdm,
  message settings, sbc settings, sip-definition settings, sip-definition proxy-and-registration,
  sip-definition sip-recording settings, coders-and-profiles coders-group-settings, ids global-parameters,
  qoe reporting, qoe additional-parameters, gateway advanced, gateway digital settings, gateway analog settings,
  gateway routing settings, gateway voice-mail-setting,

  activity-log, cdr, syslog, logging settings, pstn-debug, startup-n-recovery, test-call settings, fax-debug
`;

const KNOWN = new Map<string, KnownHeader>();
for (const entry of listed(SUB_MODES)) KNOWN.set(entry, { name: entry, key: undefined, children: [] });
for (const entry of listed(ROWS)) {
  const [name, inside] = entry.split(" > ") as [string, string?];
  const children = inside?.split(" ") ?? [];
  for (const child of children) KNOWN.set(child, { name: child, key: "index", children: [] });
  KNOWN.set(name, { name, key: "index", children });
}
KNOWN.set("user", { name: "user", key: "name", children: [], mode: "system" });
KNOWN.set("interface", { name: "interface", key: "interface", children: [], mode: "data" });

/** How many words the names have at most that begin with a word: most lines begin with none of them. */
const LONGEST = new Map<string, number>();
for (const name of KNOWN.keys()) {
  const words = name.split(" ");
  const [first = ""] = words;
  LONGEST.set(first, Math.max(LONGEST.get(first) ?? 0, words.length));
}

function wordCount(name: string): number {
  let count = 1;
  for (let at = name.indexOf(" "); at !== -1; at = name.indexOf(" ", at + 1)) count += 1;
  return count;
}

function listed(text: string): string[] {
  return text.split(",").map((entry) => entry.trim().replace(/\s+/g, " "));
}

/** Whether a word can be the index of a row: `3`, or `1/0` for a row inside a row. */
export function isIndex(word: string): boolean {
  return /^[0-9]+(?:[/^][0-9]+)*$/.test(word);
}

/** Whether a line that begins with this word, in lower case, can open a row or a sub-mode that is known. */
export function mayBeHeader(word: string): boolean {
  return LONGEST.has(word);
}

/** The known command with which `words` open a row or a sub-mode in `mode`; undefined for every other line. */
export function knownHeader(mode: string, words: readonly string[]): KnownHeader | undefined {
  const [first = ""] = words;
  // Keeps a long line from being joined and looked up whole.
  const longest = LONGEST.get(first.toLowerCase()) ?? 0;
  for (let keys = Math.max(0, words.length - longest); keys <= 2; keys += 1) {
    const name = words.slice(0, words.length - keys).join(" ");
    const known = KNOWN.get(name.toLowerCase());
    if (known === undefined || (known.mode !== undefined && known.mode !== mode)) continue;
    if (takes(known, words.slice(words.length - keys))) return known;
  }
  return undefined;
}

function takes(header: KnownHeader, key: readonly string[]): boolean {
  switch (header.key) {
    case undefined:
      return key.length === 0;
    case "interface":
      return key.length > 0;
    case "name":
      return key.length === 1;
    case "index":
      return key.length === 1 && isIndex(key[0] ?? "");
  }
}

/** What a line is about: its name in lower case, its further words as they are, and whether it is a table's row. */
export interface Identity {
  name: string;
  args: readonly string[];
  row: boolean;
}

/** The name and the key of a header; of one that is not known, the first word is the name. */
export function identify(mode: string, words: readonly string[]): Identity {
  return identityOf(knownHeader(mode, words), words);
}

/** The same for words of which it was looked up whether they are a known header. */
export function identityOf(known: KnownHeader | undefined, words: readonly string[]): Identity {
  if (known !== undefined)
    return {
      name: known.name,
      args: words.slice(wordCount(known.name)),
      row: known.key !== undefined,
    };
  const [name = "", ...args] = words;
  return { name: name.toLowerCase(), args, row: isIndex(args[args.length - 1] ?? "") };
}
