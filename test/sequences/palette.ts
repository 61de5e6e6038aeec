import type { ConfigStore } from "../../src/simulator";

/*
 * The places of a device that sequences declare, change by hand and look at; few, so that what happens to one place
 * happens often. What a place must hold is told here a second time, without any code of the package.
 */

export interface Place {
  /** As people write it: `MAXDIGITS`, `ProxySet 1 ProxyName`. */
  address: string;
  table?: string;
  index?: string;
  name: string;
  /** What can be declared; none is the default, and none stands there at the beginning. */
  values: readonly string[];
  secret?: true;
}

const parameter = (name: string, ...values: string[]): Place => ({ address: name, name, values });
const cell = (table: string, index: number, name: string, ...values: string[]): Place => ({
  address: `${table} ${index} ${name}`,
  table,
  index: String(index),
  name,
  values,
});
const secret = (place: Place): Place => ({ ...place, secret: true });

/** What ini resources declare. */
export const INI_PLACES: readonly Place[] = [
  parameter("MAXDIGITS", "20", "21", "022"),
  parameter("SIPGatewayName", "gw-one", "gw; two", "GW, three %"),
  parameter("NTPServerIP", "192.0.2.1", "192.0.2.2", "ntp.example.com"),
  parameter("SyslogLogLevel", "3", "4", "05"),
  secret(parameter("SharedSecret", "canary-own-1", "canary-own-2", "canary-own-3")),
  secret(parameter("SNMPReadOnlyCommunityString_0", "canary-own-4", "canary-own-5", "canary-own-6")),
  ...[1, 2, 3].flatMap((row) => [
    cell("ProxySet", row, "ProxyName", `PS${row}_a`, `PS${row} b`, `PS${row}, c`),
    cell("ProxySet", row, "ProxyKeepAliveTime", "61", "062", "99"),
    cell("ProxySet", row, "IsProxyHotSwap", "1", "2", "01"),
  ]),
  ...[1, 2].flatMap((row) => [
    cell("CpMediaRealm", row, "MediaRealmName", `MR${row}_a`, `MR${row}_b`, `MR${row}_c`),
    cell("CpMediaRealm", row, "PortRangeStart", "6100", "6200", "6300"),
  ]),
  ...[0, 1, 2].flatMap((row) => [
    cell("MessagePolicy", row, "Name", `MP${row}_a`, `MP${row}_b`, `MP${row}_c`),
    cell("MessagePolicy", row, "MaxMessageLength", "1000", "2000", "3000"),
  ]),
  ...[0, 1].flatMap((row) => [
    cell("Account", row, "AccountName", `AC${row}_a`, `AC${row}_b`, `AC${row}_c`),
    secret(
      cell("Account", row, "Password", `canary-own-7${row}`, `canary-own-8${row}`, `canary-own-9${row}`),
    ),
  ]),
];

/** A place that scripts declare: the row or mode it is in, and its line. */
export interface CliPlace extends Place {
  path: readonly string[];
  line: string;
}

const cliCell = (command: string, line: string, place: Place): CliPlace => ({
  ...place,
  path: ["configure voip", `${command} ${place.index}`],
  line,
});

/** What scripts declare: other rows of the same tables, and parameters of their own. */
export const CLI_PLACES: readonly CliPlace[] = [
  ...[5, 6].flatMap((row) => [
    cliCell(
      "proxy-set",
      "proxy-name",
      cell("ProxySet", row, "ProxyName", `CS${row}_a`, `CS${row} b`, `CS${row}_c`),
    ),
    cliCell(
      "proxy-set",
      "proxy-keep-alive-time",
      cell("ProxySet", row, "ProxyKeepAliveTime", "71", "72", "73"),
    ),
  ]),
  cliCell("realm", "name", cell("CpMediaRealm", 5, "MediaRealmName", "CR_a", "CR_b", "CR_c")),
  {
    ...parameter("NTPSecondaryServerIP", "198.51.100.1", "198.51.100.2", "198.51.100.3"),
    path: ["configure system", "ntp"],
    line: "secondary-server",
  },
  {
    ...secret(parameter("AUPDDigestPassword", "canary-own-a", "canary-own-b", "canary-own-c")),
    path: ["configure system", "automatic-update"],
    line: "credentials-password",
  },
];

export const PLACES: readonly Place[] = [...INI_PLACES, ...CLI_PLACES];

/** Places that no program declares and that people change by hand. */
export const OTHER_PLACES: readonly Place[] = [
  parameter("GWDEBUGLEVEL", "3", "4", "5"),
  secret(parameter("SNMPReadWriteCommunityString_0", "canary-live-1", "canary-live-2", "canary-live-3")),
  cell("ProxySet", 8, "ProxyName", "hand_a", "hand_b", "hand_c"),
  cell("ProxySet", 1, "SuccessDetectionRetries", "3", "4", "5"),
  cell("CpMediaRealm", 8, "MediaRealmName", "hand_a", "hand_b", "hand_c"),
  cell("MessagePolicy", 8, "Name", "hand_a", "hand_b", "hand_c"),
  secret(cell("Account", 8, "Password", "canary-live-4", "canary-live-5", "canary-live-6")),
];

/** The device at the beginning, but for the user. */
export const START = `
SIPGatewayName = 'from before'
SyslogServerIP = 203.0.113.9
SNMPReadWriteCommunityString_0 = 'canary-live-0'
[ ProxySet ]
FORMAT Index = ProxyName, ProxyKeepAliveTime;
ProxySet 0 = "unmanaged", 60;
ProxySet 1 = "here before", 70;
ProxySet 8 = "hand", 60;
[ \\ProxySet ]
[ CpMediaRealm ]
FORMAT Index = MediaRealmName;
CpMediaRealm 0 = "DefaultRealm";
CpMediaRealm 2 = "realm before";
[ \\CpMediaRealm ]
[ MessagePolicy ]
FORMAT Index = Name, MaxMessageLength;
MessagePolicy 0 = "policy before", 500;
MessagePolicy 8 = "hand", 800;
[ \\MessagePolicy ]
[ Account ]
FORMAT Index = AccountName, Password;
Account 8 = "hand", "canary-live-9";
[ \\Account ]
`;

/** How the device holds a declared value: integers without leading zeros. */
export function heldOf(value: string): string {
  return /^0\d+$/.test(value) ? value.replace(/^0+/, "") : value;
}

/** What the device holds at a place; undefined where it holds nothing there. */
export function heldAt(
  store: ConfigStore,
  { table, index, name }: Pick<Place, "table" | "index" | "name">,
): string | undefined {
  if (table === undefined || index === undefined) return store.parameter(name);
  return store.cell(table, index, name);
}

/** Changes a place by hand. */
export function putByHand(store: ConfigStore, { table, index, name }: Place, value: string): void {
  if (table === undefined || index === undefined) store.setParameter(name, value);
  else if (store.row(table, index) === undefined) store.addRow(table, index, { [name]: value });
  else store.setCell(table, index, name, value);
}
