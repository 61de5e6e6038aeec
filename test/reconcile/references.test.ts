import assert from "node:assert/strict";
import { test } from "node:test";
import { seemsToName } from "../../src/ini/references/columns";

/* What columns seem to refer to, by their names alone. */

const at = (text: string) => {
  const [table = "", column = ""] = text.split(".");
  return { table, column };
};

const REFERENCES = [
  ["IPGroup.ProxySetName", "ProxySet.ProxyName"],
  ["IPGroup.MediaRealm", "CpMediaRealm.MediaRealmName"],
  ["IPGroup.InternalMediaRealm", "CpMediaRealm.MediaRealmName"],
  ["IPGroup.ProfileName", "IpProfile.ProfileName"],
  ["SIPInterface.NetworkInterface", "InterfaceTable.InterfaceName"],
  ["SIPInterface.TLSContext", "TLSContexts.Name"],
  ["CpMediaRealm.IPv4IF", "InterfaceTable.InterfaceName"],
  ["ProxySet.SBCIPv4SIPInterfaceName", "SIPInterface.InterfaceName"],
  ["ProxySet.SRDName", "SRD.Name"],
  ["IpProfile.CodersGroupName", "AudioCodersGroups.Name"],
  ["IpProfile.SBCExtensionCodersGroupName", "AudioCodersGroups.Name"],
  ["IP2IPRouting.DestIPGroupName", "IPGroup.Name"],
  ["SRD.SBCRoutingPolicyName", "SBCRoutingPolicy.Name"],
  ["Account.ServingIPGroupName", "IPGroup.Name"],
] as const;

const OTHERS = [
  ["IPGroup.SIPGroupName", "IPGroup.Name"],
  ["IPGroup.SIPGroupName", "ProxySet.ProxyName"],
  ["IPGroup.Name", "ProxySet.ProxyName"],
  ["IPGroup.ProxySetName", "IPGroup.Name"],
  ["Account.HostName", "IPGroup.Name"],
  ["Account.UserName", "WebUsers.Username"],
  ["ProxySet.SBCIPv4SIPInterfaceName", "InterfaceTable.InterfaceName"],
  ["ProxyIp.IpAddress", "ProxySet.ProxyName"],
] as const;

for (const [column, name] of REFERENCES)
  test(`${column} refers to ${name}`, () => assert.ok(seemsToName(at(column), at(name))));
for (const [column, name] of OTHERS)
  test(`${column} does not refer to ${name}`, () => assert.ok(!seemsToName(at(column), at(name))));
