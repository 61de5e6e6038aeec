import assert from "node:assert/strict";
import { test } from "node:test";
import { isSecretLine as isSecret } from "../../src/secrets/words";

test("a line is a secret by its name, by a word before the value, or as the device obscured it", () => {
  for (const [name, ...args] of [
    ["password", "x"],
    ["pw-nonce", "4f1d0b6c"],
    ["user", "Bob", "password", "x"],
    ["auth-key", "x"],
    ["community-string", "x"],
    ["whatever", "$1$gQ=="],
  ] as [string, ...string[]][])
    assert.ok(isSecret(name, args), [name, ...args].join(" "));
  for (const [name, ...args] of [
    ["proxy-name", "PS_Password"],
    ["announce", "on"],
    ["user", "password"],
  ] as [string, ...string[]][])
    assert.ok(!isSecret(name, args), [name, ...args].join(" "));
});
