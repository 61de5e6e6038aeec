import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { CliScriptConfig, type CliScriptConfigArgs } from "../../src/resources/cli-script-config";
import { FullCliScriptConfig } from "../../src/resources/full-cli-script-config";

pulumi.runtime.setMocks({
  newResource: ({ inputs }) => ({ id: "id", state: inputs }),
  call: ({ inputs }) => inputs,
});

const device = { url: "https://sbc1.example.com", username: "u", password: "p" };
let made = 0;

function declare(args: Omit<CliScriptConfigArgs, "device">): CliScriptConfig {
  return new CliScriptConfig(`script${++made}`, { device, ...args });
}

async function known<T>(output: pulumi.Output<T>): Promise<{ value: T; secret: boolean }> {
  const value = await new Promise<T>((resolve) => {
    output.apply((come) => resolve(come as T));
  });
  return { value, secret: await pulumi.isSecret(output) };
}

const SCRIPT = "configure system\n user {{who}}\n  password {{pw}}\n";

test("the script stays readable with its placeholders, and the variables of secrets are secrets", async () => {
  const { script, variables } = declare({
    script: SCRIPT,
    variables: { who: "Bob", pw: "plain-in-program" },
  });
  assert.deepEqual(await known(script), { value: SCRIPT, secret: false });
  assert.deepEqual(await known(variables), { value: { who: "Bob", pw: "plain-in-program" }, secret: true });
  const open = declare({
    script: SCRIPT.replace("password {{pw}}", "status valid"),
    variables: { who: "Bob" },
  });
  assert.equal((await known(open.variables)).secret, false);
});

test("a script with a secret in plain text is a secret as a whole, early or late", async () => {
  const plain = SCRIPT.replace("{{who}}", "Bob").replace("{{pw}}", "in-plain-text");
  for (const script of [plain, pulumi.output(plain)])
    assert.deepEqual(await known(declare({ script }).script), { value: plain, secret: true });
  const obscured = "configure voip\n x $1$abcdefgh\n";
  assert.equal((await known(declare({ script: obscured }).script)).secret, true);
  assert.equal(
    (await known(declare({ script: "configure system\n password-policy enable\n" }).script)).secret,
    false,
  );
});

test("what is known to be wrong is refused in the program, in a sentence without values", () => {
  const refused = (args: Omit<CliScriptConfigArgs, "device">, message: RegExp) =>
    assert.throws(
      () => declare(args),
      (error) => error instanceof pulumi.RunError && message.test(error.message),
    );
  refused(
    { script: SCRIPT, variables: { who: "Bob" } },
    /script line 3, column 3: variables has no value for \{\{pw\}\}/,
  );
  refused({ script: Buffer.from("x") as unknown as string }, /script must be a text/);
  refused(
    { script: "configure voip\n x y", atDefault: "*" as unknown as string[] },
    /atDefault must be a list/,
  );
  refused({ script: "reload now\n" }, /use DeviceReset/);
  refused({ script: SCRIPT, variables: { who: 'B"', pw: "x" } }, /variables\.who has a quote/);
  refused(
    { script: "configure voip\n x a{{y}}\n", variables: { y: "b c" } },
    /variables\.y is empty or has a blank/,
  );
});

test("a whole script takes no queries, no mode and no argument of an incremental one", () => {
  const refused = (args: object, message: RegExp) =>
    assert.throws(
      () => new FullCliScriptConfig(`whole${++made}`, { device, ...args } as never),
      (error) => error instanceof pulumi.RunError && message.test(error.message),
    );
  refused({ script: "# nothing\n" }, /would take everything from the device/);
  refused({ script: "configure voip\n x y\nshow system uptime\n" }, /run in a CliScriptConfig only/);
  refused(
    { script: "configure voip\n x y\n", allowLossOfAccess: 1 },
    /allowLossOfAccess must be true or false/,
  );
});

test("a whole script keeps its secrets as an incremental one does", async () => {
  const { script, variables } = new FullCliScriptConfig(`whole${++made}`, {
    device,
    script: SCRIPT,
    variables: { who: "Bob", pw: "plain-in-program" },
  });
  assert.deepEqual(await known(script), { value: SCRIPT, secret: false });
  assert.equal((await known(variables)).secret, true);
});
