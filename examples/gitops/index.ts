import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { assertHealthyOutput, deviceFromConfig, IncrementalIniConfig } from "pulumi-mediant";

const canary = new pulumi.Config().require("canary");
const devices = Object.keys(new pulumi.Config("mediant").requireObject<Record<string, unknown>>("devices"));

const first = declare(canary);

// After a change of the canary, the rest waits until that device is healthy. In a preview nothing was changed yet.
const healthy = assertHealthyOutput(
  { device: deviceFromConfig(canary), maxSeverity: "minor", unlocked: true, waitSeconds: 120 },
  { dependsOn: first },
);

for (const name of devices.filter((device) => device !== canary)) {
  declare(name, { dependsOn: healthy.apply(() => first) });
}

/** What all devices have, and what this one has for itself. */
function declare(name: string, options?: pulumi.CustomResourceOptions): IncrementalIniConfig {
  const ini = ["common", name]
    .map((part) => join(__dirname, "config", `${part}.ini`))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  return new IncrementalIniConfig(name, { device: deviceFromConfig(name), ini }, options);
}
