import { Config } from "@pulumi/pulumi";
import { CliScriptConfig, deviceFromConfig } from "pulumi-mediant";

const trunk = new CliScriptConfig("trunk", {
  device: deviceFromConfig("sbc1"),
  script: `
    configure voip
     proxy-set 3
      proxy-name "PS_Trunk"
      proxy-keep-alive-time {{keepAlive}}
      activate
     exit
    exit
    show system uptime
  `,
  // 60 is the device's default, and a device does not show what is at its default.
  atDefault: ["configure voip / proxy-set 3 / proxy-keep-alive-time"],
  variables: { keepAlive: new Config().getNumber("keepAlive") ?? 60 },
  deleteScript: `
    configure voip
     no proxy-set 3
  `,
});

/** What `show` printed, a secret. */
export const uptime = trunk.output;
