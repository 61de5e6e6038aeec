/**
 * Tables of conditions, routes and manipulations, in the order of a dump: a table comes after those it refers to.
 * The form of a term is told at `readTerm`.
 */
export const ROUTING_TABLES: Record<string, string> = {
  MessageManipulations: `
    ManipulationName, ManSetID = 0, MessageType, Condition, ActionSubject, ActionType = 0 [0..6], ActionValue,
    RowRole = 0 [0..1]`,
  ConditionTable: "Name, Condition",
  Classification: `
    ClassificationName, MessageConditionName -> ConditionTable.Name, SRDName -> SRD.Name,
    SrcSIPInterfaceName -> SIPInterface.InterfaceName, SrcAddress, SrcPort = 0 [0..65535],
    SrcTransportType = -1, SrcUsernamePrefix = "*", SrcHost = "*", DestUsernamePrefix = "*", DestHost = "*",
    ActionType = 1 [0..1], SrcIPGroupName -> IPGroup.Name, DestRoutingPolicy -> SBCRoutingPolicy.Name,
    IpProfileName -> IpProfile.ProfileName, IPGroupSelection = 0 [0..1], IpGroupTagName = "default"`,
  IP2IPRouting: `
    RouteName, RoutingPolicyName -> SBCRoutingPolicy.Name, SrcIPGroupName = "Any" -> IPGroup.Name,
    SrcUsernamePrefix = "*", SrcHost = "*", DestUsernamePrefix = "*", DestHost = "*", RequestType = 0,
    MessageConditionName -> ConditionTable.Name, ReRouteIPGroupName = "Any" -> IPGroup.Name, Trigger = 0,
    CallSetupRulesSetId = -1, DestType = 0, DestIPGroupName -> IPGroup.Name,
    DestSIPInterfaceName -> SIPInterface.InterfaceName, DestAddress, DestPort = 0 [0..65535],
    DestTransportType = -1, AltRouteOptions = 0, GroupPolicy = 0, CostGroup, DestTags, ModifiedDestUserName,
    SrcTags, IPGroupSetName, RoutingTagName = "default", InternalAction`,
};
