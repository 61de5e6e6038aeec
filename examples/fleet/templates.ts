/** What the devices of each role are to hold: plain functions of a device and its values. */
import type { Input } from "@pulumi/pulumi";
import type { IncrementalIniConfigArgs } from "pulumi-mediant";
import type { FleetDevice } from "./devices";

export type Declaration = Omit<IncrementalIniConfigArgs, "device">;
export type Template = (device: FleetDevice<Input<string>>) => Declaration;

/** What all devices have. */
function common({ text }: FleetDevice<Input<string>>) {
  return { EnableSyslog: true, SyslogServerIP: text("syslog"), NTPServerIP: text("ntp") };
}

function branch(device: FleetDevice<Input<string>>): Declaration {
  return {
    parameters: common(device),
    tables: {
      ProxySet: { 3: { ProxyName: "PS_Trunk", EnableProxyKeepAlive: 1, ProxyKeepAliveTime: 60 } },
      ProxyIp: { 3: { ProxySetId: 3, ProxyIpIndex: 0, IpAddress: device.text("trunk") } },
    },
  };
}

/** A hub has a second trunk, and asks it more often. */
function hub(device: FleetDevice<Input<string>>): Declaration {
  const { parameters, tables } = branch(device);
  return {
    parameters,
    tables: {
      ...tables,
      ProxySet: {
        3: { ProxyName: "PS_Trunk", EnableProxyKeepAlive: 1, ProxyKeepAliveTime: 30 },
        4: { ProxyName: "PS_Branches", EnableProxyKeepAlive: 1, ProxyKeepAliveTime: 60 },
      },
    },
  };
}

const TEMPLATES: Readonly<Record<string, Template>> = { branch, hub };

/** @throws Error if no template has the name of the device's role */
export function declarationOf(device: FleetDevice<Input<string>>): Declaration {
  const template = Object.hasOwn(TEMPLATES, device.role) ? TEMPLATES[device.role] : undefined;
  if (template !== undefined) return template(device);
  const known = Object.keys(TEMPLATES).join(", ");
  throw new Error(`device ${device.name}: no template for the role "${device.role}" (there are ${known})`);
}
