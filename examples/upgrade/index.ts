import { Config } from "@pulumi/pulumi";
import { deviceFromConfig, SoftwareLoad } from "pulumi-mediant";

const config = new Config();
const source = config.require("software");
const version = config.require("version");
/** Names in `mediant:devices`. The first is the canary: where it does not come up with the version, no other is touched. */
const [canary, ...rest] = config.requireObject<string[]>("devices");
if (canary === undefined) throw new Error("devices must name the canary first");

const upgrade = (name: string, after: SoftwareLoad[] = []) =>
  new SoftwareLoad(name, { device: deviceFromConfig(name), source, version }, { dependsOn: after });

const first = upgrade(canary);
const others = rest.map((name) => upgrade(name, [first]));

/** What each device ran before its upgrade. */
export const replaced = [first, ...others].map((load) => load.previousVersion);
