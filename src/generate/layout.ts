import { nameKey } from "../ini/names";

/** A file of the program, as a person would divide a device's configuration. */
export interface Group {
  /** Of the file, the resource and the variable. */
  name: string;
  /** The first line of the file. */
  about: string;
  /** The dump's headings whose parameters go here, without " Params". */
  sections: readonly string[];
  /** The tables that go here, in the order of their references. */
  tables: readonly string[];
  /** The groups whose rows this one's rows refer to. */
  after: readonly string[];
}

/**
 * A table that refers to another stands behind it, or in a group that comes after (LTRT-41760 section 6.1 leaves
 * the order to the device manuals: device, interface, realm, SIP interface, proxy set, IP group, routes).
 */
const GROUPS: readonly Group[] = [
  {
    name: "system",
    about: "The system: syslog, time, DNS, hardware",
    sections: ["SYSTEM", "BSP", "NFS"],
    tables: ["LoggingFilters"],
    after: [],
  },
  {
    name: "security",
    about: "Security: TLS contexts, access lists, intrusion detection",
    sections: ["IPsec"],
    tables: [
      ...["TLSContexts", "AccessList", "IPsecProposalTable", "IPsecSATable"],
      ...["IDSPolicy", "IDSRule", "IDSMatch", "MaliciousSignatureDB"],
    ],
    after: [],
  },
  {
    name: "network",
    about: "The network: ports, VLANs, interfaces, routes, NAT, DNS",
    sections: [],
    tables: [
      ...["PhysicalPortsTable", "EtherGroupTable", "DeviceTable", "InterfaceTable", "StaticRouteTable"],
      ...["NATTranslation", "DNS2IP", "SRV2IP", "DiffServTable"],
    ],
    after: [],
  },
  {
    name: "management",
    about: "Management: the web page, users, SNMP, LDAP, RADIUS",
    sections: ["WEB", "SNMP"],
    tables: [
      ...["WebUsers", "SNMPUsers", "LdapServerGroups", "LdapConfiguration", "LdapServersSearchDNs"],
      ...["MgmntLDAPGroups", "RadiusServers", "HTTPRemoteServices", "HTTPRemoteHosts"],
    ],
    after: ["security", "network"],
  },
  {
    name: "media",
    about: "Media: coders, IP profiles, media realms",
    sections: ["Voice Engine"],
    tables: [
      ...["DspTemplates", "AudioCodersGroups", "AudioCoders"],
      ...["AllowedAudioCodersGroups", "AllowedAudioCoders", "AllowedVideoCodersGroups", "AllowedVideoCoders"],
      ...["IpProfile", "TelProfile", "BandwidthProfile", "QOEProfile", "QOEColorRules", "QOERules"],
      ...["CpMediaRealm", "MediaRealmExtension", "RemoteMediaSubnet"],
    ],
    after: ["security", "network"],
  },
  {
    name: "dialplans",
    about: "Dial plans",
    sections: [],
    tables: ["DialPlans", "DialPlanRule"],
    after: [],
  },
  {
    name: "sip",
    about: "SIP: interfaces, proxy sets, IP groups, accounts",
    sections: ["SIP", "ControlProtocols", "MGCP", "MEGACO"],
    tables: [
      ...["CostGroupTable", "CostGroupTimebands", "SBCRoutingPolicy", "GwRoutingPolicy"],
      ...["SBCAdmissionProfile", "SRD", "MessagePolicy", "SIPInterface", "ProxySet", "ProxyIp", "IPGroup"],
      ...["IPGroupSet", "IPGroupSetMember", "Account", "SBCAdmissionControl", "SBCUserInfoTable"],
    ],
    after: ["security", "network", "management", "media", "dialplans"],
  },
  {
    name: "gateway",
    about: "The gateway: trunks, trunk groups, routes between IP and telephone",
    sections: ["PSTN", "Analog"],
    tables: [
      ...["TrunkGroup", "TrunkGroupSettings", "GWUserInfoTable", "RoutingRuleGroups", "PREFIX", "PstnPrefix"],
      ...["NumberMapIp2Tel", "NumberMapTel2Ip", "SourceNumberMapIp2Tel", "SourceNumberMapTel2Ip"],
      ...["RedirectNumberMapTel2Ip", "RedirectNumberMapIp2Tel", "CallingNameMapIp2Tel"],
      ...["CallingNameMapTel2Ip"],
    ],
    after: ["media", "sip"],
  },
  {
    name: "manipulations",
    about: "Manipulations: SIP messages, call setup rules, numbers",
    sections: [],
    tables: [
      ...["MessageManipulations", "CallSetupRules", "IPInboundManipulation", "IPOutboundManipulation"],
    ],
    after: ["sip"],
  },
  {
    name: "routing",
    about: "Routing: conditions, classification, routes between IP groups",
    sections: [],
    tables: ["ConditionTable", "Classification", "SBCAlternativeRoutingReasons", "IP2IPRouting"],
    after: ["sip"],
  },
];

/** What the groups above do not know. */
const OTHER: Group = {
  name: "other",
  about: "What belongs to none of the other files",
  sections: [],
  tables: [],
  after: GROUPS.map(({ name }) => name),
};

/** All groups, each behind those that it refers to. */
export const ALL_GROUPS: readonly Group[] = [...GROUPS, OTHER];

const bySection = new Map(
  GROUPS.flatMap((group) => group.sections.map((section) => [nameKey(`${section} Params`), group] as const)),
);
const byTable = new Map(
  GROUPS.flatMap((group) => group.tables.map((table) => [nameKey(table), group] as const)),
);

/** The group of the parameters that the dump prints under a heading; undefined stands for none. */
export function groupOfSection(heading: string | undefined): Group {
  return bySection.get(nameKey(heading ?? "")) ?? OTHER;
}

export function groupOfTable(table: string): Group {
  return byTable.get(nameKey(table)) ?? OTHER;
}

/** Where a table stands in its group; those that it does not name come last, in the order in which they were met. */
export function positionInGroup(group: Group, table: string): number {
  const at = group.tables.findIndex((name) => nameKey(name) === nameKey(table));
  return at < 0 ? group.tables.length : at;
}

/** The groups among `present` on which one of them depends, without those on which another of its own depends. */
export function dependencies(group: Group, present: readonly Group[]): Group[] {
  const reached = (from: Group): Group[] =>
    from.after.flatMap((name) => {
      const next = ALL_GROUPS.find((one) => one.name === name);
      if (next === undefined) return [];
      // A group without a file hands its own dependencies on.
      return present.includes(next) ? [next] : reached(next);
    });
  const direct = [...new Set(reached(group))];
  const implied = new Set(direct.flatMap((one) => dependencies(one, present)));
  return present.filter((one) => direct.includes(one) && !implied.has(one));
}
