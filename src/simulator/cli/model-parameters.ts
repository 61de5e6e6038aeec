/**
 * Sub-modes of parameters as the CLI Reference Guide (LTRT-17940) names them: mode and sub-mode, then parameters
 * as `IniName [cli-name [value:keyword ...]]`, the name by the rule of `cliName` where it is left out.
 */
export const CLI_SUB_MODES: Record<string, string> = {
  "system /": "HostName hostname",
  "system / automatic-update": `
    CmpFileURL firmware, IniFileURL voice-configuration, AutoUpdateCmpFile update-firmware,
    AutoUpdatePredefinedTime predefined-time, AupdHttpUserAgent http-user-agent,
    AUPDCheckIfIniChanged crc-check 0:off 1:regular 2:voice-conf-and-dial-plan,
    AUPDDigestUsername credentials-user-name, AUPDDigestPassword credentials-password,
    CallProgressTonesFilename, PrerecordedTonesFileName, VoicePromptsFileName, DialPlanFileName,
    AMDSensitivityFileName, CoderTblFilename, CASFileName_0`,
  "system / cli-settings": `
    TelnetServerEnable telnet 0:off 1:on 2:on-secured, SSHServerEnable ssh 0:off 1:on, SSHServerPort ssh-port`,
  "system / clock": "NTPServerUTCOffset utc-offset, DayLightSavingTimeEnable summer-time",
  "system / ntp": `
    NTPServerIP primary-server, NTPSecondaryServerIP secondary-server, NTPUpdateInterval update-interval`,
  "system / web": "HTTPport http-port, HTTPSOnly secured-connection, DenyAuthenticationTimer deny-auth-timer",
  "system / snmp settings": "DisableSNMP disable, SNMPPort port, SNMPSysOid sys-oid",
  "network / dns settings": `
    DefaultPrimaryDnsServerIp dns-default-primary-server-ip,
    DefaultSecondaryDnsServerIp dns-default-secondary-server-ip`,
  "voip / media security": `
    ENABLEMEDIASECURITY media-security-enable, ENABLESYMMETRICMKI symmetric-mki,
    SRTPTxPacketMKISize srtp-tx-packet-mki-size`,
  "voip / media rtp-rtcp": "UdpPortSpacing udp-port-spacing, VQMONENABLE voice-quality-monitoring-enable",
  "voip / sbc settings": `
    ENABLESBCAPPLICATION sbc-enable, SBCMAXFORWARDSLIMIT sbc-max-forwards-limit,
    SBCPREFERENCESMODE sbc-preferences, SBCENFORCEMEDIAORDER enforce-media-order`,
  "troubleshoot / activity-log": "ActivityListToLog",
  "troubleshoot / syslog": `
    EnableSyslog syslog, SyslogServerIP syslog-ip, SyslogServerPort syslog-port, SyslogLogLevel log-level,
    GWDEBUGLEVEL debug-level, SYSLOGOPTIMIZATION syslog-optimization`,
};

/** Where the other parameters stand, by the section of the ini file that has them. */
export const CLI_SUB_MODE_OF_SECTION: Record<string, string> = {
  "SYSTEM Params": "system /",
  "BSP Params": "system / sbc-performance-settings",
  "ControlProtocols Params": "voip / sip-definition settings",
  "Voice Engine Params": "voip / media settings",
  "WEB Params": "system / web",
  "SIP Params": "voip / sip-definition settings",
  "SNMP Params": "system / snmp settings",
};
