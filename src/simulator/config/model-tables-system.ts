/**
 * Tables of the system and the network, in the order of a dump: a table comes after those it refers to.
 * The form of a term is told at `readTerm`.
 */
export const SYSTEM_TABLES: Record<string, string> = {
  WebUsers: `
    Username, Password secret, Status = 1 [0..3], PwAgeInterval = 0 [0..10000], SessionLimit = 5 [0..5],
    CliSessionLimit = -1 [-1..100], SessionTimeout = 15 [0..100000], BlockTime = 60 [0..100000],
    UserLevel = 50 [50..220], PwNonce`,
  SNMPUsers: `
    Username, AuthProtocol = 0 [0..2], PrivProtocol = 0 [0..3], AuthKey secret, PrivKey secret,
    Group = 0 [0..2]`,
  DeviceTable: `
    VlanID = 1 [1..3999], UnderlyingInterface, DeviceName, Tagging = 0 [0..1], MTU = 1500 [68..2000]`,
  InterfaceTable: `
    ApplicationTypes = 0 [0..99], InterfaceMode = 10 [3..10], IPAddress = 0.0.0.0, PrefixLength = 16 [0..128],
    Gateway = 0.0.0.0, InterfaceName, PrimaryDNSServerIPAddress = 0.0.0.0,
    SecondaryDNSServerIPAddress = 0.0.0.0, UnderlyingDevice -> DeviceTable.DeviceName`,
  StaticRouteTable: `
    Destination = 0.0.0.0, PrefixLength = 16 [0..128], DeviceName -> DeviceTable.DeviceName,
    Gateway = 0.0.0.0, Description`,
  AccessList: `
    Source_IP, Net_Mask, Source_Port, PrefixLen = 0 [0..128], Start_Port = 0 [0..65535],
    End_Port = 65535 [0..65535], Protocol = "any", Use_Specific_Interface = 0 [0..1], Interface_ID,
    Packet_Size = 0, Byte_Rate = 0, Byte_Burst = 0, Allow_Type = "allow"`,
  WelcomeMessage: "Text",
  NATTranslation: `
    SrcIPInterfaceName -> InterfaceTable.InterfaceName, RemoteInterfaceName, TargetIpMode = 0 [0..1],
    TargetIPAddress, SourceStartPort, SourceEndPort, TargetStartPort, TargetEndPort`,
  TLSContexts: `
    Name, TLSVersion = 0, DTLSVersion = 0, ServerCipherString = "DEFAULT", ClientCipherString = "DEFAULT",
    RequireStrictCert = 0 [0..1], TlsRenegotiation = 1 [0..1], OcspEnable = 0 [0..1],
    OcspServerPrimary = 0.0.0.0, OcspServerSecondary = 0.0.0.0, OcspServerPort = 2560 [1..32767],
    OcspDefaultResponse = 0 [0..1], DHKeySize = 1024`,
};
