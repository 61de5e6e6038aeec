/*
 * What `configure data` of a multi-service router holds. No ini file has it, so it is kept as the lines of the CLI,
 * by the commands that the data below knows.
 */

/**
 * Commands that open a group of lines, with how many words after them tell one group from another: in
 * `crypto map MAP1 10 ipsec-isakmp` they are two.
 */
const GROUPS: Record<string, number> = {
  interface: 2,
  "crypto isakmp policy": 1,
  "crypto ipsec transform-set": 1,
  "crypto map": 2,
  "ip dhcp pool": 1,
};

/** Lines of the mode itself; a `*` says that there may be several. */
const LINES = `
  access-list *, crypto isakmp key *, ip route *, ip name-server *, tacacs-server host *, tacacs-server key,
  snmp-server community *, hostname, key chain *`;

/** Lines inside of groups. */
const INSIDE = `
  encr, authentication, hash, group, lifetime, mode, set peer, set transform-set, match address,
  ip address, mtu, desc, ipv6 enable, ipv6 address *, speed, duplex, service dhcp, ip dns server,
  ip dhcp-server network, ip dhcp-server dns-server, napt, firewall enable, ip ospf message-digest-key *, shutdown,
  ssid, security wpa key, ip access-group *, bridge-group, encapsulation, network, dns-server, default-router`;

/** What is either on or off: a script shows which. */
const SWITCHES = new Set(["shutdown", "ipv6 enable", "service dhcp", "napt", "firewall enable"]);

interface Command {
  name: string;
  many: boolean;
}

const commands = (text: string): Command[] =>
  text
    .split(",")
    .map((term) => ({ name: term.replace("*", "").trim(), many: term.includes("*") }))
    .sort((left, right) => right.name.length - left.name.length);

const OF_MODE = commands(LINES);
const OF_GROUP = commands(INSIDE);

/** A group of lines under one header. */
interface Group {
  header: string;
  lines: string[];
}

/** Where a session stands in it: the group that is open; undefined for the mode itself. */
export type RouterPlace = string | undefined;

export class RouterLines {
  #lines: string[] = [];
  readonly #groups = new Map<string, Group>();

  get isEmpty(): boolean {
    return this.#lines.length === 0 && this.#groups.size === 0;
  }

  /** Runs one line; the place after it, or false for a line that the device does not know. */
  run(words: readonly string[], place: RouterPlace): { place: RouterPlace } | false {
    const text = textOf(words);
    const negated = words[0]?.toLowerCase() === "no";
    const said = negated ? textOf(words.slice(1)) : text;
    const inside = place === undefined ? undefined : this.#groups.get(place);
    const command = commandAt(said, inside === undefined ? OF_MODE : OF_GROUP);
    const key = command === undefined ? groupKey(said) : undefined;
    if (command !== undefined) {
      const lines = inside === undefined ? this.#lines : inside.lines;
      if (negated) remove(lines, command, said);
      else put(lines, command, said);
      return { place };
    }
    if (key === undefined) return false;
    if (negated) this.#groups.delete(key);
    else this.#groups.set(key, { header: said, lines: this.#groups.get(key)?.lines ?? [] });
    return { place: negated ? place : key };
  }

  /** As an export prints it. */
  print(): string[] {
    const groups = [...this.#groups.values()].flatMap(({ header, lines }) => [
      header,
      ...lines.map((line) => `  ${line}`),
      "exit",
    ]);
    return [...this.#lines, ...groups].map((line) => `  ${line}`);
  }

  assign(other: RouterLines): void {
    this.#lines = [...other.#lines];
    this.#groups.clear();
    for (const [key, { header, lines }] of other.#groups)
      this.#groups.set(key, { header, lines: [...lines] });
  }

  clear(): void {
    this.assign(new RouterLines());
  }
}

/** A word with a blank or a `;` in it stands in quotes. */
const textOf = (words: readonly string[]): string =>
  words.map((word) => (word === "" || /[\s;]/.test(word) ? `"${word}"` : word)).join(" ");

const beginsWith = (text: string, name: string): boolean =>
  text.toLowerCase() === name || text.toLowerCase().startsWith(`${name} `);

const commandAt = (text: string, known: readonly Command[]): Command | undefined =>
  known.find(({ name }) => beginsWith(text, name));

function groupKey(text: string): string | undefined {
  for (const [name, words] of Object.entries(GROUPS)) {
    if (!beginsWith(text, name)) continue;
    const key = text.split(" ").slice(0, name.split(" ").length + words);
    return key.join(" ").toLowerCase();
  }
  return undefined;
}

function put(lines: string[], { name, many }: Command, text: string): void {
  const isSame = (line: string) => (many ? line === text : beginsWith(line.replace(/^no /, ""), name));
  const at = lines.findIndex(isSame);
  if (at === -1) lines.push(text);
  else lines[at] = text;
}

function remove(lines: string[], { name }: Command, text: string): void {
  if (SWITCHES.has(name)) put(lines, { name, many: false }, `no ${text}`);
  else
    for (let at = lines.length - 1; at >= 0; at -= 1)
      if (beginsWith(lines[at] ?? "", text.toLowerCase())) lines.splice(at, 1);
}
