/**
 * The parameters that the device knows, by the section under which its dump prints them.
 * The form of a term is told at `readTerm`; the defaults are plausible, not every release's own.
 */
export const PARAMETER_SECTIONS: Record<string, string> = {
  "SYSTEM Params": `
    SyslogServerIP = 0.0.0.0, SyslogServerPort = 514 [0..65535], EnableSyslog = 0 [0..1],
    SyslogLogLevel = 7 [0..7], NTPServerUTCOffset = 0 [-43200..50400], NTPUpdateInterval = 86400,
    NTPServerIP, NTPSecondaryServerIP, DayLightSavingTimeEnable = 0 [0..1],
    ENABLEPARAMETERSMONITORING = 0 [0..1], ActivityListToLog list, HostName,
    DefaultPrimaryDnsServerIp = 0.0.0.0, DefaultSecondaryDnsServerIp = 0.0.0.0,
    TelnetServerEnable = 0 [0..2], SSHServerEnable = 0 [0..2], SSHServerPort = 22 [0..65535],
    SSHAdminKey hidden, AwsEc2Endpoint, IniFileURL, CmpFileURL, AutoUpdateCmpFile = 0 [0..1] needsReset,
    AutoUpdatePredefinedTime, AupdHttpUserAgent, AUPDCheckIfIniChanged = 0 [0..2], AUPDDigestUsername,
    AUPDDigestPassword secret,
    CallProgressTonesFilename, PrerecordedTonesFileName, VoicePromptsFileName, DialPlanFileName,
    AMDSensitivityFileName, CoderTblFilename, CASFileName_0`,
  "BSP Params": `
    PCMLawSelect = 1 [1..3], UdpPortSpacing = 10 [4..10] needsReset, ARPTableMaxEntries = 1024,
    EnterCpuOverloadPercent = 90 [0..100], ExitCpuOverloadPercent = 80 [0..100],
    SbcPerformanceProfile = 1 [0..3] needsReset, TDMBusClockSource = 1, INIFileVersion = 0`,
  "ControlProtocols Params": `
    AdminStateLockControl = -1, AdminState = 2 [0..2], EnableTls1 = 1 [0..1]`,
  "Voice Engine Params": `
    NatMode = 1 [0..3], EnableDSPIPMDetectors = 0 [0..1] needsReset, ENABLEMEDIASECURITY = 0 [0..1] needsReset,
    SRTPTxPacketMKISize = 0 [0..4], VQMONENABLE = 0 [0..1], SbcClusterMode = -1, SbcDeviceRole = -1,
    IdleABCDPattern = -1, FaxTransportMode = 1 [0..3],
    PLThresholdLevelsPerMille_0 = -1, PLThresholdLevelsPerMille_1 = -1,
    PLThresholdLevelsPerMille_2 = -1, PLThresholdLevelsPerMille_3 = -1`,
  "WEB Params": `
    LogoFileName, WebLogoText, UserProductName, LogoWidth = "145", HTTPSCipherString = "DEFAULT",
    HTTPSCertFileName hidden, HTTPSRootFileName hidden, HTTPSPkeyFileName hidden,
    HTTPSOnly = 0 [0..2] needsReset, HTTPport = 80 [1..65535] needsReset,
    DenyAccessOnFailCount = 3 [0..10], DenyAuthenticationTimer = 60,
    SharedSecret secret, UpLabelName, DownLabelName, Languages list`,
  "SIP Params": `
    SIPGatewayName, SIPTRANSPORTTYPE = 0 [0..2], MEDIACHANNELS = -1 needsReset, GWDEBUGLEVEL = 0 [0..7],
    IsProxyUsed = 0 [0..1], ProxyName, UserName, Password secret, MAXDIGITS = 30, TIMEBETWEENDIGITS = 4,
    SIPSESSIONEXPIRES = 0, SIPT1RTX = 500, SIPT2RTX = 4000, ENABLEEARLYMEDIA = 0 [0..1], CHANNELSELECTMODE = 0,
    MSLDAPPRIMARYKEY, ENABLESYMMETRICMKI = 0 [0..1], GWINBOUNDMANIPULATIONSET = -1,
    GWOUTBOUNDMANIPULATIONSET = -1, ENFORCEMEDIAORDER = 0 [0..1], SBCENFORCEMEDIAORDER = 0 [0..1],
    SBCMAXFORWARDSLIMIT = 10 [1..70], SBCPREFERENCESMODE = 0 [0..1], ENABLESBCAPPLICATION = 0 [0..1] needsReset,
    ENERGYDETECTORCMD = 0, ANSWERDETECTORCMD = 0, SYSLOGOPTIMIZATION = 0 [0..1]`,
  "SNMP Params": `
    DisableSNMP = 0 [0..1] needsReset, SNMPPort = 161 [100..4999], SNMPSysOid,
    SNMPTrustedMgr_0 = 0.0.0.0, SNMPManagerIsUsed_0 = 0 [0..1], SNMPManagerTableIP_0 = 0.0.0.0,
    SNMPReadOnlyCommunityString_0 secret, SNMPReadWriteCommunityString_0 secret`,
};

/** Where a dump prints the names that only the configuration at start brought in. */
export const SECTION_OF_LEARNED_PARAMETERS = "SIP Params";
