import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { deviceFromConfig } from "../../src";

const KEY = "mediant:devices";

afterEach(() => pulumi.runtime.setAllConfig({}));

const refusal = (name: string): string => {
  try {
    deviceFromConfig(name);
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing";
};

test("a stack without devices is told the command that names the first", () => {
  assert.equal(
    refusal("sbc1"),
    "the stack's configuration has no mediant:devices; name the first device: " +
      "pulumi config set --path 'mediant:devices.sbc1.url' https://sbc1.example.com",
  );
});

test("a device that is missing among others is told the command that adds it, whatever it is called", () => {
  pulumi.runtime.setAllConfig({ [KEY]: JSON.stringify({ sbc1: { url: "https://a" } }) });
  assert.equal(
    refusal("sbc2"),
    'mediant:devices has no device "sbc2" (it has: sbc1); add it: ' +
      "pulumi config set --path 'mediant:devices.sbc2.url' https://sbc2.example.com",
  );
  assert.match(refusal("it's 2"), /--path 'mediant:devices\["it'\\''s 2"\]\.url' https:\/\/…$/);
});
