import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import * as mediant from "../../../src";

const device = { url: "https://sbc1.example.com", username: "a", password: "canary" };
const whole = { device, ini: "P = 1" };

/** What is wrong, and how the error says it: whose arguments they are first, and no value. */
const faults: [string, () => unknown, RegExp][] = [
  [
    "a misspelt argument",
    () => new mediant.IncrementalIniConfig("berlin1", { ...whole, parmeters: { P: "canary" } } as never),
    /^IncrementalIniConfig "berlin1": parmeters is not an argument; did you mean parameters\?$/,
  ],
  [
    "an argument of another class",
    () => new mediant.FullIniConfig("berlin1", { ...whole, ownTables: ["T"] } as never),
    /^FullIniConfig "berlin1": ownTables is not an argument$/,
  ],
  [
    "a misspelt argument of a script",
    () => new mediant.CliScriptConfig("berlin1", { device, scrpt: "canary" } as never),
    /^CliScriptConfig "berlin1": scrpt is not an argument; did you mean script\?$/,
  ],
  [
    "a misspelt argument of a reset",
    () => new mediant.DeviceReset("berlin1", { device, trigers: [] } as never),
    /^DeviceReset "berlin1": trigers is not an argument; did you mean triggers\?$/,
  ],
  [
    "a device that is none",
    () => new mediant.SavedConfiguration("berlin1", { device: "canary" as never, triggers: [] }),
    /^SavedConfiguration "berlin1": device: must be an object$/m,
  ],
  [
    "a line of a text",
    () => new mediant.IncrementalIniConfig("berlin1", { device, ini: "P = 1\n\ncanary" }),
    /^IncrementalIniConfig "berlin1": ini line 3, column 1: /,
  ],
  [
    "no declaration",
    () => new mediant.IncrementalIniConfig("berlin1", { device }),
    /^IncrementalIniConfig "berlin1": declares nothing: give ini, parameters or tables$/,
  ],
  [
    "an empty text",
    () => new mediant.FullIniConfig("berlin1", { device, ini: "; only a comment\n" }),
    /^FullIniConfig "berlin1": declares nothing: an empty file would take everything from the device$/,
  ],
  [
    "a script without a command",
    () => new mediant.CliScriptConfig("berlin1", { device, script: "! nothing\n" }),
    /^CliScriptConfig "berlin1": script: has no command$/,
  ],
  [
    "a variable of a script that nothing asks for",
    () =>
      new mediant.CliScriptConfig("berlin1", {
        device,
        script: "configure system\n a {{x}}\n",
        variables: { x: "1", y: "canary" },
      }),
    /^CliScriptConfig "berlin1": variables\.y is not used: nothing asks for \{\{y\}\}$/,
  ],
  [
    "a file that is not there",
    () => new mediant.SoftwareLoad("berlin1", { device, source: "none.cmp", version: "7.40A.005.314" }),
    /^SoftwareLoad "berlin1": source: "none\.cmp" does not exist/,
  ],
  ["half a licence", () => new mediant.DeviceLicense("berlin1", { device }), /^DeviceLicense "berlin1": /],
];

for (const [what, make, message] of faults) {
  test(`an error of arguments names the resource: ${what}`, () => {
    assert.throws(make, (error) => {
      assert.ok(error instanceof pulumi.RunError);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });
  });
}
