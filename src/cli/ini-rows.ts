import { type CliLine, headerText } from "./canonical";
import { renderScript } from "./render";

/** A row of an ini table. */
export interface IniRow {
  table: string;
  /** Of the row in the ini file. */
  index: string;
  /** Its cells by column, as the ini file has them: a row inside a row is found by them. */
  cells?: Readonly<Record<string, string>>;
}

/** The CLI command of a table's rows. */
interface RowCommand {
  /** Mode, the command inside it, and the command inside of that one's row if there is one. */
  path: readonly [mode: string, command: string, inner?: string | undefined];
  /** The column whose value stands after the command; the row's index does where it is left out. */
  key?: string | undefined;
  /** Of a row inside a row: the column that holds the index of the outer one. */
  parent?: string | undefined;
}

/**
 * The rows of ini tables (LTRT-41760 section 6.1) as the CLI Reference Guide (LTRT-17940) names them. Rows inside of
 * rows that the ini file finds by a name are left out: the CLI finds theirs by an index.
 */
const ROWS = `
  WebUsers = system / user : Username
  SNMPUsers = system / snmp v3-users
  DeviceTable = network / network-dev
  InterfaceTable = network / interface network-if
  StaticRouteTable = network / static
  NATTranslation = network / nat-translation
  TLSContexts = network / tls
  PhysicalPortsTable = network / physical-port
  EtherGroupTable = network / ether-group
  AccessList = network / access-list
  WelcomeMessage = system / welcome-msg
  AudioCodersGroups = voip / coders-and-profiles audio-coders-groups
  AudioCoders = voip / coders-and-profiles audio-coders-groups / audio-coders : AudioCodersIndex in AudioCodersGroupId
  AllowedAudioCodersGroups = voip / coders-and-profiles allowed-audio-coders-groups
  AllowedVideoCodersGroups = voip / coders-and-profiles allowed-video-coders-groups
  IpProfile = voip / coders-and-profiles ip-profile
  TelProfile = voip / coders-and-profiles tel-profile
  CpMediaRealm = voip / realm
  SBCRoutingPolicy = voip / sbc routing sbc-routing-policy
  GwRoutingPolicy = voip / gateway routing gw-routing-policy
  SRD = voip / srd
  MessagePolicy = voip / message message-policy
  MessageManipulations = voip / message message-manipulations
  SIPInterface = voip / sip-interface
  ProxySet = voip / proxy-set
  ProxyIp = voip / proxy-set / proxy-ip : ProxyIpIndex in ProxySetId
  IPGroup = voip / ip-group
  Account = voip / sip-definition account
  ConditionTable = voip / sbc routing condition-table
  Classification = voip / sbc classification
  IP2IPRouting = voip / sbc routing ip2ip-routing
  IPInboundManipulation = voip / sbc manipulation ip-inbound-manipulation
  IPOutboundManipulation = voip / sbc manipulation ip-outbound-manipulation
  PREFIX = voip / gateway routing tel2ip-routing
`;

const COMMANDS = new Map<string, RowCommand>();
for (const row of ROWS.trim().split("\n")) {
  const [table, term] = row.trim().split(" = ") as [string, string];
  const [path, place] = term.split(" : ") as [string, string?];
  const [key, parent] = place?.split(" in ") ?? [];
  const [mode, command, inner] = path.split(" / ") as [string, string, string?];
  COMMANDS.set(table.toLowerCase(), { path: [mode, command, inner], key, parent });
}

/**
 * The script that removes rows: `no <row command> <index>`, rows inside of others first. A table of which no command
 * is known, or a row that lacks the cells by which the CLI finds it, makes all of it `unknown`; each table once.
 */
export function removalScript(rows: readonly IniRow[]): { script: string } | { unknown: string[] } {
  const lines: { line: CliLine; depth: number }[] = [];
  const unknown = new Set<string>();
  for (const row of rows) {
    const line = rowLine(row);
    if (line === undefined) unknown.add(row.table);
    else lines.push({ line, depth: line.mode.length });
  }
  if (unknown.size > 0) return { unknown: [...unknown] };
  lines.sort((a, b) => b.depth - a.depth);
  return { script: renderScript({ lines: lines.map(({ line }) => line), queries: [] }) };
}

/** The command of a table's rows without their indexes (`configure voip / proxy-set`); undefined if it is not known. */
export function rowCommand(table: string): string[] | undefined {
  const command = COMMANDS.get(table.toLowerCase());
  if (command === undefined) return undefined;
  const [mode, outer, inner] = command.path;
  return [`configure ${mode}`, outer, ...(inner === undefined ? [] : [inner])];
}

/**
 * The line that removes a row of a table. Undefined if no command of the table is known, or if the row lacks the
 * cells by which the CLI finds it.
 */
export function rowLine({ table, index, cells = {} }: IniRow): CliLine | undefined {
  const command = COMMANDS.get(table.toLowerCase());
  if (command === undefined) return undefined;
  const cell = (column: string) =>
    Object.entries(cells).find(([name]) => name.toLowerCase() === column.toLowerCase())?.[1];
  const { path, key, parent } = command;
  const [mode, outer, inner] = path;
  const own = key === undefined ? index : cell(key);
  const around = parent === undefined ? undefined : cell(parent);
  if (own === undefined || (parent !== undefined && around === undefined)) return undefined;
  return {
    mode: [`configure ${mode}`, ...(around === undefined ? [] : [headerText(outer, [around])])],
    name: inner ?? outer,
    args: [own],
    negated: true,
  };
}
