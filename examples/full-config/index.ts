import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { deviceFromConfig, FullIniConfig } from "pulumi-mediant";

const config = new pulumi.Config();

// What the file leaves out returns to its default, and loading it resets the device.
new FullIniConfig("whole", {
  device: deviceFromConfig("sbc1"),
  ini: readFileSync(join(__dirname, "sbc1.ini"), "utf8"),
  variables: { adminPassword: config.requireSecret("adminPassword") },
});
