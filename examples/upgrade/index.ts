import * as pulumi from "@pulumi/pulumi";
import { assertHealthyOutput, DeviceLicense, deviceFromConfig, SoftwareLoad } from "pulumi-mediant";

const config = new pulumi.Config();
const source = config.require("software");
const version = config.require("version");
/** A licence file for all devices; each takes the key with its own serial number. Without it the licences stay. */
const license = config.get("license");

/** Names in `mediant:devices`. The first is the canary: no other is touched before it runs the version and is healthy. */
const [canary, ...rest] = config.requireObject<string[]>("devices");
if (canary === undefined) throw new Error("devices must name the canary first");

/** Licence first: a device resets for it, and the new software may need it. */
function upgrade(name: string, after: pulumi.Input<pulumi.Resource[]> = []): SoftwareLoad {
  const device = deviceFromConfig(name);
  const dependsOn =
    license === undefined
      ? after
      : new DeviceLicense(name, { device, licenseFile: license }, { dependsOn: after });
  return new SoftwareLoad(name, { device, source, version }, { dependsOn });
}

const first = upgrade(canary);
/** After a change of the canary the rest waits until it runs the version without alarms. In a preview nothing changed yet. */
const healthy = assertHealthyOutput(
  {
    device: deviceFromConfig(canary),
    version,
    maxSeverity: "minor",
    waitSeconds: config.getNumber("waitSeconds") ?? 300,
  },
  { dependsOn: first },
);
const others = rest.map((name) =>
  upgrade(
    name,
    healthy.apply(() => [first]),
  ),
);

/** What each device ran before its upgrade. */
export const replaced = [first, ...others].map((load) => load.previousVersion);
