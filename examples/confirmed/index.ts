import * as pulumi from "@pulumi/pulumi";
import { deviceFromConfig, IncrementalIniConfig } from "pulumi-mediant";

const config = new pulumi.Config();

new IncrementalIniConfig("trunk", {
  device: deviceFromConfig("sbc1"),
  tables: { ProxySet: { 3: { ProxyName: "PS_Trunk", EnableProxyKeepAlive: 1, ProxyKeepAliveTime: 60 } } },
  // The change goes to the running configuration, is watched, and is saved only then; else it is put back.
  confirm: {
    checks: { unlocked: true, newAlarms: "warning" },
    holdSeconds: config.getNumber("holdSeconds") ?? 30,
  },
});
