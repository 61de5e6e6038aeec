import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { getLicense, getLicenseOutput } from "../../src";
import type { SimulatorOptions } from "../../src/simulator";
import { bench } from "./bench";

const KEY = "jCx6r5tovCIKaBBbhPtT53Yj";

const open = (t: TestContext, options: SimulatorOptions) => bench(t, { license: { key: KEY }, ...options });

test("getLicense reads the four fields of the manual, line breaks in the JSON and all", async (t) => {
  const { simulator, device } = await open(t, { firmware: "7.00A.018.005" });
  const { keyDescription, ...license } = await getLicense({ device });
  assert.deepEqual(license, { licenseVersion: 1, serialNumber: "10245678", key: KEY, other: {} });
  assert.match(keyDescription ?? "", /^Key features: Board Type: .*\nSecurity: .*\nCoders: /);
  assert.deepEqual(
    simulator.requests.map(({ method, path }) => `${method} ${path}`),
    ["GET /api/v1/license"],
  );
});

test("getLicense reads both units of a pair where the firmware shows them", async (t) => {
  const { device } = await open(t, { firmware: "7.40A.250.440", highAvailability: true });
  const { serialNumber, serialNumberRedundant, key, keyRedundant, keyDescriptionRedundant } =
    await getLicense({
      device,
    });
  assert.deepEqual([serialNumber, serialNumberRedundant, key], ["10245678", "10245679", KEY]);
  assert.notEqual(keyRedundant, KEY);
  assert.match(keyDescriptionRedundant ?? "", /^Key features/);
});

test("getLicenseOutput is a secret", async (t) => {
  const { device } = await open(t, {});
  const output = getLicenseOutput({ device });
  const key = await new Promise((resolve) => output.apply((license) => resolve(license.key)));
  assert.equal(key, KEY);
  assert.equal(await pulumi.isSecret(output), true);
  const plain = getLicenseOutput({ device: { ...device, password: "Admin" } });
  assert.equal(await pulumi.isSecret(plain), true);
});
