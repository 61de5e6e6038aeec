/**
 * What must compile of the classes, and what must not: the compiler judges this file (`npm run typecheck`, and a test). Nothing runs it.
 */
import type * as pulumi from "@pulumi/pulumi";
import {
  AuxiliaryFile,
  CliScriptConfig,
  type DeviceArgs,
  DeviceLicense,
  DeviceReset,
  FullCliScriptConfig,
  FullIniConfig,
  IncrementalIniConfig,
  SavedConfiguration,
  SoftwareLoad,
} from "../../src";

declare const device: DeviceArgs;
declare const any: pulumi.Resource;

export const tokens: Record<string, `pulumi-nodejs:dynamic/mediant:${string}`> = {
  a: IncrementalIniConfig.__pulumiType,
  b: FullIniConfig.__pulumiType,
  c: CliScriptConfig.__pulumiType,
  d: FullCliScriptConfig.__pulumiType,
  e: SoftwareLoad.__pulumiType,
  f: AuxiliaryFile.__pulumiType,
  g: DeviceLicense.__pulumiType,
  h: SavedConfiguration.__pulumiType,
  i: DeviceReset.__pulumiType,
};
export const token: "pulumi-nodejs:dynamic/mediant:FullIniConfig" = FullIniConfig.__pulumiType;
// @ts-expect-error: nobody changes the type of a class
FullIniConfig.__pulumiType = "pulumi-nodejs:dynamic/mediant:IniConfig";

export function outputOf(): pulumi.Output<unknown> | undefined {
  if (IncrementalIniConfig.isInstance(any)) return any.previous;
  if (FullIniConfig.isInstance(any)) return any.parameters;
  if (CliScriptConfig.isInstance(any)) return any.deleteScript;
  if (FullCliScriptConfig.isInstance(any)) return any.output;
  if (SoftwareLoad.isInstance(any)) return any.previousVersion;
  if (AuxiliaryFile.isInstance(any)) return any.fileName;
  if (DeviceLicense.isInstance(any)) return any.keyDescription;
  if (SavedConfiguration.isInstance(any)) return any.triggers;
  if (DeviceReset.isInstance(any)) return any.lastReset;
  // @ts-expect-error: a resource of another type has no such output
  return any.lastReset;
}

const base = new IncrementalIniConfig("base", { device, parameters: { EnableSyslog: true } });
// @ts-expect-error: how the state is kept is nobody's concern
base.__mediantSchema;
// @ts-expect-error: it is onRelease
new IncrementalIniConfig("base", { device, onDelete: "restore" });
// @ts-expect-error: a class that begins with Full replaces everything; there is no mode
new CliScriptConfig("all", { device, script: "", mode: "full" });
// @ts-expect-error: and nothing of it is given back
new FullIniConfig("all", { device, onRelease: "restore" });
new DeviceReset("reset", { device, triggers: [], gracefulTimeout: "untilCallsEnd" });
new DeviceReset("reset", { device, triggers: [], gracefulTimeout: 30 });
// @ts-expect-error: a word or a number of seconds
new DeviceReset("reset", { device, triggers: [], gracefulTimeout: "30" });
