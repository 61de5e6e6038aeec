/**
 * Tables that the simulated 7.0 firmware has and the later one has not. Its dumps print the read-only
 * columns, although a file that carries them cannot be loaded, and withhold the hidden tables.
 */
export const TABLES_OF_7_0: Record<string, string> = {
  PhysicalPortsTable: `
    Port, Mode = 1, NativeVlan = 1 [1..3999], SpeedDuplex = 4 [0..6], PortDescription, GroupMember,
    GroupStatus = "Active" readOnly`,
  PREFIX: `
    RouteName, DestinationPrefix = "*", DestAddress, SourcePrefix = "*", ProfileName -> IpProfile.ProfileName,
    MeteringCodeName, DestPort = 0 [0..65535], DestIPGroupName -> IPGroup.Name, TransportType = -1 [-1..2],
    SrcTrunkGroupID = -1, DestSIPInterfaceName -> SIPInterface.InterfaceName, CostGroup, ForkingGroup = -1,
    CallSetupRulesSetId = -1, ConnectivityStatus = "Not Available" readOnly`,
  CodersGroup0: "Name, pTime = 20, rate = 0, PayloadType = 255, Sce = 0 [0..2]",
  "DspTemplates hidden": "DspTemplateNumber = 0 [0..255], DspResourcesPercentage = 100 [0..100]",
  "RoutingRuleGroups hidden": "LCREnable = 0 [0..1], LCRAverageCallLength = 1, LCRDefaultCost = 0",
};
