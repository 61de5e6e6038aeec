import { deviceFromConfig, IncrementalIniConfig } from "pulumi-mediant";

new IncrementalIniConfig("base", {
  device: deviceFromConfig("sbc1"),
  ini: `
    EnableSyslog = 1
    SyslogServerIP = 10.1.1.20

    [ ProxySet ]
    FORMAT Index = ProxyName, EnableProxyKeepAlive, ProxyKeepAliveTime;
    ProxySet 3 = "PS_Trunk", 1, 60;
    [ \\ProxySet ]
  `,
});
