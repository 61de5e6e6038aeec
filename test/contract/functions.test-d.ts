/**
 * What must compile of the functions, and what must not: the compiler judges this file (`npm run typecheck`, and a test). Nothing runs it.
 */
import type * as pulumi from "@pulumi/pulumi";
import {
  type AlarmList,
  assertHealthyOutput,
  type DeviceArgs,
  type DeviceStatus,
  type GetAlarmsArgs,
  type GetAlarmsOutputArgs,
  getAlarms,
  getAlarmsOutput,
  getCliDiff,
  getCliDiffOutput,
  getIniDiff,
  getIniDiffOutput,
  getPerformanceMonitorOutput,
  getStatus,
  getStatusOutput,
  type PerformanceMonitor,
  type PerformanceValue,
  show,
  showOutput,
} from "../../src";

declare const device: DeviceArgs;
declare const late: pulumi.Output<DeviceArgs>;
declare const text: pulumi.Output<string>;
declare const resource: pulumi.Resource;

const plain: GetAlarmsArgs = { device, kind: "active", limit: 5 };
export const alarms: Promise<AlarmList> = getAlarms(plain);
// @ts-expect-error: the plain form takes no device that is known only later
getStatus({ device: late });
// @ts-expect-error: nor any other value
getAlarms({ device, kind: "active", after: text });
// @ts-expect-error: nor a command
show({ device, command: text });
// @ts-expect-error: nor a text to compare
getIniDiff({ device, ini: text });
// @ts-expect-error: nor a variable
getCliDiff({ device, script: "", variables: { a: text } });
// @ts-expect-error: a kind is one of two words
getAlarms({ device, kind: "old" });

const inputs: GetAlarmsOutputArgs = { device: late, kind: "active", after: text };
export const later: pulumi.Output<AlarmList> = getAlarmsOutput(inputs, { dependsOn: resource });
export const status: pulumi.Output<DeviceStatus> = getStatusOutput(
  { device: late },
  { parent: resource, dependsOn: [resource] },
);
export const shown: pulumi.Output<string> = showOutput({ device, command: text }, { dependsOn: resource });
export const healthy: pulumi.Output<DeviceStatus> = assertHealthyOutput({ device }, { dependsOn: resource });
getIniDiffOutput({ device, ini: text }, { dependsOn: resource });
getCliDiffOutput({ device: late, script: text, variables: { a: text } }, { parent: resource });
export const monitor: pulumi.Output<PerformanceMonitor> = getPerformanceMonitorOutput({ device, name: text });
export const value: pulumi.Output<PerformanceValue> = getPerformanceMonitorOutput({
  device,
  name: "a",
  index: 0,
});
// @ts-expect-error: options are those of Pulumi's functions
getStatusOutput({ device }, { dependsOn: "base" });
