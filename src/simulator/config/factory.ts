import { readIni } from "./grammar";
import { loadIncremental } from "./load";
import type { ConfigStore, Row } from "./store";

export type UserLevel = "Security Administrator" | "Administrator" | "Monitor";

export interface SimulatorUser {
  username: string;
  password: string;
  level: UserLevel;
}

/** `WebUsers_UserLevel` of each privilege level. */
export const LEVEL_CODES: Record<UserLevel, number> = {
  Monitor: 50,
  Administrator: 100,
  "Security Administrator": 200,
};

export const FACTORY_USER: SimulatorUser = {
  username: "Admin",
  password: "Admin",
  level: "Security Administrator",
};

const FACTORY_INI = `
[ DeviceTable ]
FORMAT Index = VlanID, UnderlyingInterface, DeviceName, Tagging, MTU;
DeviceTable 0 = 1, "GROUP_1", "vlan 1", 0, 1500;
[ \\DeviceTable ]
[ InterfaceTable ]
FORMAT Index = ApplicationTypes, InterfaceMode, IPAddress, PrefixLength, Gateway, InterfaceName, UnderlyingDevice;
InterfaceTable 0 = 6, 10, 192.168.0.2, 24, 192.168.0.1, "O+M+C", "vlan 1";
[ \\InterfaceTable ]
[ TLSContexts ]
FORMAT Index = Name;
TLSContexts 0 = "default";
[ \\TLSContexts ]
[ AudioCodersGroups ]
FORMAT Index = Name;
AudioCodersGroups 0 = "AudioCodersGroups_0";
[ \\AudioCodersGroups ]
[ AudioCoders ]
FORMAT Index = AudioCodersGroupId, AudioCodersIndex, Name;
AudioCoders 0 = "AudioCodersGroups_0", 0, 1;
[ \\AudioCoders ]
[ SBCRoutingPolicy ]
FORMAT Index = Name;
SBCRoutingPolicy 0 = "Default_SBCRoutingPolicy";
[ \\SBCRoutingPolicy ]
[ GwRoutingPolicy ]
FORMAT Index = Name;
GwRoutingPolicy 0 = "GwRoutingPolicy";
[ \\GwRoutingPolicy ]
[ SRD ]
FORMAT Index = Name, SBCRoutingPolicyName;
SRD 0 = "DefaultSRD", "Default_SBCRoutingPolicy";
[ \\SRD ]
`;

/** What the 7.0 firmware has beside it; a firmware that does not know these names ignores them. */
const FACTORY_INI_OF_7_0 = `
HTTPSCertFileName = 'ServerCert.pem'
HTTPSPkeyFileName = 'PrivateKey.pem'
[ PhysicalPortsTable ]
FORMAT Index = Port, PortDescription, GroupMember;
PhysicalPortsTable 0 = "GE_4_1", "User Port #0", "GROUP_1";
PhysicalPortsTable 1 = "GE_4_2", "User Port #1", "GROUP_1";
[ \\PhysicalPortsTable ]
[ DspTemplates ]
FORMAT Index = DspTemplateNumber, DspResourcesPercentage;
DspTemplates 0 = 0, 100;
[ \\DspTemplates ]
[ RoutingRuleGroups ]
FORMAT Index = LCREnable;
RoutingRuleGroups 0 = 0;
[ \\RoutingRuleGroups ]
`;

/** Puts an empty configuration into the state in which the device leaves the factory. */
export function fillFactory(store: ConfigStore, old: boolean): void {
  const ini = readIni(old ? FACTORY_INI + FACTORY_INI_OF_7_0 : FACTORY_INI);
  loadIncremental(ini, store, { tableMode: "replace", partialColumns: "keep", ignores: () => false });
  putUser(store, FACTORY_USER, old);
}

/** Adds the user, or sets password and level of the one with this name. */
export function putUser(store: ConfigStore, user: SimulatorUser, old: boolean): void {
  const index = userIndex(store, user.username) ?? firstFreeIndex(store);
  const cells: Row = {
    ...store.row("WebUsers", index),
    Username: user.username,
    Password: user.password,
    UserLevel: String(LEVEL_CODES[user.level]),
    // Later editions keep a nonce beside the password; what it does is not known.
    PwNonce: old ? "" : "4f1d0b6c2a9e8375c0de5eed71a2b394",
  };
  store.addRow("WebUsers", index, cells);
}

export function userIndex(store: ConfigStore, username: string): string | undefined {
  return store.indexes("WebUsers").find((index) => store.cell("WebUsers", index, "Username") === username);
}

function firstFreeIndex(store: ConfigStore): string {
  const taken = new Set(store.indexes("WebUsers"));
  let index = 0;
  while (taken.has(String(index))) index++;
  return String(index);
}
