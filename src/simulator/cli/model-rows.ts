/** A row command of the CLI: the table that it edits, and how its columns are called there. */
export interface RowTerm {
  table: string;
  /** Mode, and the command inside it; a third part is a row inside the row of that command. */
  path: string;
  /** The column whose value stands after the command, where that is not the row's index. */
  key?: string;
  /** Of a row inside a row: the column that refers to the outer one. */
  parent?: string;
  /** Columns that the rule of `cliName` does not name, and keywords: `cli-name value:keyword ...`. */
  names?: Record<string, string>;
}

const TRANSPORT = "transport-type -1:not-configured 0:udp 1:tcp 2:tls";

/**
 * Row commands as the CLI Reference Guide (LTRT-17940) and the exports of devices name them. A table that is
 * missing here is edited in `configure voip` by the name that `cliName` gives it.
 */
export const CLI_ROWS: readonly RowTerm[] = [
  {
    table: "WebUsers",
    path: "system / user",
    key: "Username",
    names: {
      UserLevel: "privilege 50:user 100:admin 200:sec-admin",
      Status: "status 0:new 1:valid 2:failed-login 3:inactivity",
      PwAgeInterval: "password-age",
      BlockTime: "block-duration",
    },
  },
  { table: "SNMPUsers", path: "system / snmp v3-users" },
  {
    table: "DeviceTable",
    path: "network / network-dev",
    names: {
      UnderlyingInterface: "underlying-if",
      DeviceName: "name",
      Tagging: "tagging 0:untagged 1:tagged",
    },
  },
  {
    table: "InterfaceTable",
    path: "network / interface network-if",
    names: {
      ApplicationTypes: "application-type",
      InterfaceMode: "mode",
      IPAddress: "ip-address",
      InterfaceName: "name",
      PrimaryDNSServerIPAddress: "primary-dns",
      SecondaryDNSServerIPAddress: "secondary-dns",
      UnderlyingDevice: "underlying-dev",
    },
  },
  { table: "StaticRouteTable", path: "network / static" },
  { table: "AccessList", path: "network / access-list" },
  { table: "WelcomeMessage", path: "system / welcome-msg" },
  {
    table: "NATTranslation",
    path: "network / nat-translation",
    names: {
      SrcIPInterfaceName: "src-interface-name",
      TargetIPAddress: "target-ip-address",
      SourceStartPort: "src-start-port",
      SourceEndPort: "src-end-port",
    },
  },
  {
    table: "TLSContexts",
    path: "network / tls",
    names: {
      TLSVersion: "tls-version",
      DTLSVersion: "dtls-version",
      ServerCipherString: "ciphers-server",
      ClientCipherString: "ciphers-client",
      OcspEnable: "ocsp-server",
      OcspServerPort: "ocsp-port",
      DHKeySize: "dh-key-size",
    },
  },
  { table: "PhysicalPortsTable", path: "network / physical-port" },
  { table: "AudioCodersGroups", path: "voip / coders-and-profiles audio-coders-groups" },
  {
    table: "AudioCoders",
    path: "voip / coders-and-profiles audio-coders-groups / audio-coders",
    parent: "AudioCodersGroupId",
    key: "AudioCodersIndex",
  },
  { table: "AllowedAudioCodersGroups", path: "voip / coders-and-profiles allowed-audio-coders-groups" },
  {
    table: "AllowedAudioCoders",
    path: "voip / coders-and-profiles allowed-audio-coders-groups / allowed-audio-coders",
    parent: "AllowedAudioCodersGroupName",
    key: "AllowedAudioCodersIndex",
    names: { CoderID: "coder" },
  },
  { table: "IpProfile", path: "voip / coders-and-profiles ip-profile" },
  {
    table: "CpMediaRealm",
    path: "voip / realm",
    names: {
      MediaRealmName: "name",
      IPv4IF: "ipv4if",
      IPv6IF: "ipv6if",
      RemoteIPv4IF: "remote-ipv4if",
      RemoteIPv6IF: "remote-ipv6if",
      MediaSessionLeg: "session-leg",
      BWProfile: "bw-profile",
      TopologyLocation: "topology-location 0:down 1:up",
    },
  },
  { table: "SBCRoutingPolicy", path: "voip / sbc routing sbc-routing-policy" },
  { table: "GwRoutingPolicy", path: "voip / gateway routing gw-routing-policy" },
  { table: "SRD", path: "voip / srd" },
  {
    table: "MessagePolicy",
    path: "voip / message message-policy",
    names: { UseMaliciousSignatureDB: "signature-db-enable" },
  },
  {
    table: "SIPInterface",
    path: "voip / sip-interface",
    names: {
      ApplicationType: "application-type 0:gw 1:sas 2:sbc",
      TLSContext: "tls-context-name",
      TLSMutualAuthentication: "tls-mutual-auth",
      TCPKeepaliveEnable: "tcp-keepalive-enable",
      ClassificationFailureResponseType: "classification-fail-response-type",
      PreClassificationManSet: "pre-classification-manset",
      MediaRealm: "media-realm-name",
      MaxNumOfRegUsers: "max-reg-users",
      EnableUnAuthenticatedRegistrations: "enable-un-auth-registrs",
      TopologyLocation: "topology-location 0:down 1:up",
    },
  },
  {
    table: "ProxySet",
    path: "voip / proxy-set",
    names: {
      EnableProxyKeepAlive: "proxy-enable-keep-alive 0:disable 1:using-options 2:using-register",
      ProxyLoadBalancingMethod: "proxy-load-balancing-method 0:disable 1:round-robin 2:random-weights",
      ProxyRedundancyMode: "proxy-redundancy-mode -1:not-configured 0:parking 1:homing",
      KeepAliveFailureResp: "keepalive-fail-resp",
      GWIPv4SIPInterfaceName: "gwipv4-sip-int-name",
      SBCIPv4SIPInterfaceName: "sbcipv4-sip-int-name",
      GWIPv6SIPInterfaceName: "gwipv6-sip-int-name",
      SBCIPv6SIPInterfaceName: "sbcipv6-sip-int-name",
      MinActiveServersLB: "min-active-serv-lb",
      SuccessDetectionRetries: "success-detect-retries",
      SuccessDetectionInterval: "success-detect-int",
      FailureDetectionRetransmissions: "fail-detect-rtx",
    },
  },
  {
    table: "ProxyIp",
    path: "voip / proxy-set / proxy-ip",
    parent: "ProxySetId",
    key: "ProxyIpIndex",
    names: { IpAddress: "proxy-address", TransportType: TRANSPORT },
  },
  {
    table: "IPGroup",
    path: "voip / ip-group",
    names: {
      Type: "type 0:server 1:user 2:gateway",
      SIPGroupName: "sip-group-name",
      MediaRealm: "media-realm-name",
      InternalMediaRealm: "internal-media-realm-name",
      ProfileName: "ip-profile-name",
      InboundManSet: "inbound-mesg-manipulation-set",
      OutboundManSet: "outbound-mesg-manipulation-set",
      SourceUriInput: "src-uri-input",
      DestUriInput: "dst-uri-input",
      UUIFormat: "uui-format",
      QOEProfile: "qoe-profile",
      BWProfile: "bandwidth-profile",
      MsgManUserDef1: "msg-man-user-defined-string1",
      MsgManUserDef2: "msg-man-user-defined-string2",
      TopologyLocation: "topology-location 0:down 1:up",
    },
  },
  {
    table: "Account",
    path: "voip / sip-definition account",
    names: {
      ServedIPGroupName: "served-ip-group-name",
      ServingIPGroupName: "serving-ip-group-name",
      Username: "user-name",
    },
  },
  {
    table: "MessageManipulations",
    path: "voip / message message-manipulations",
    names: { ManSetID: "manipulation-set-id" },
  },
  { table: "ConditionTable", path: "voip / sbc routing condition-table" },
  {
    table: "Classification",
    path: "voip / sbc classification",
    names: {
      SrcTransportType: "src-transport-type -1:any 0:udp 1:tcp 2:tls",
      ActionType: "action-type 0:deny 1:allow",
    },
  },
  {
    table: "IP2IPRouting",
    path: "voip / sbc routing ip2ip-routing",
    names: {
      RoutingPolicyName: "sbc-routing-policy-name",
      ReRouteIPGroupName: "reroute-ip-group-name",
      DestType: "dst-type",
      DestIPGroupName: "dst-ip-group-name",
      DestSIPInterfaceName: "dst-sip-interface-name",
      DestAddress: "dst-address",
      DestPort: "dst-port",
      DestTransportType: "dst-transport-type -1:not-configured 0:udp 1:tcp 2:tls",
      IPGroupSetName: "ipgroup-set-name",
    },
  },
  { table: "PREFIX", path: "voip / gateway routing tel2ip-routing" },
];
