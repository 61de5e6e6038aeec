import assert from "node:assert/strict";
import { test } from "node:test";
import { setCommand } from "../../src/declare/stack-setting";

test("a setting of a device goes into the stack by one command", () => {
  assert.equal(
    setCommand("sbc-1", "url", "https://sbc1.example.com"),
    "pulumi config set --path 'mediant:devices.sbc-1.url' https://sbc1.example.com",
  );
  assert.equal(setCommand("sbc1", "username"), "pulumi config set --path 'mediant:devices.sbc1.username'");
});

test("a password is asked for and kept as a secret", () => {
  assert.equal(
    setCommand("sbc1", "password"),
    "pulumi config set --secret --path 'mediant:devices.sbc1.password'",
  );
});

test("a name with a dot or a blank stands in brackets", () => {
  for (const name of ["sbc 1", "sbc.1", 'a"b'])
    assert.equal(
      setCommand(name, "url"),
      `pulumi config set --path 'mediant:devices[${JSON.stringify(name)}].url'`,
    );
});
