import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines, withProcesses } from "../engine";
import { openStage } from "./stage";

/** Each stands at another place in which a user may put a secret. */
const CANARIES = {
  connection: "canary-connection-9f1",
  text: "canary-text-9f2",
  variable: "canary-variable-9f3",
  value: "canary-value-9f4",
  named: "canary-named-9f5",
  config: "canary-config-9f6",
  address: "canary-address-9fa",
};

for (const kind of quickEngines()) {
  describe(`secrets on the ${kind} engine`, () => {
    it("appear in no output and in no state, whatever happens", async (t) => {
      const stage = await openStage(t, withProcesses(kind), {
        device: { password: CANARIES.connection },
        users: [{ username: "Admin", password: CANARIES.connection, level: "Security Administrator" }],
        config: { note: "nothing secret" },
      });
      const args = {
        ini: [
          `SNMPReadOnlyCommunityString_0 = '${CANARIES.text}'`,
          "SyslogServerIP = 10.1.1.20",
          `IniFileURL = 'https://ops:${CANARIES.address}@192.0.2.1/own.ini'`,
          "[ Account ]",
          "FORMAT Index = AccountName, Password;",
          'Account 0 = "trunk", "{{trunk}}";',
          "[ \\Account ]",
        ].join("\n"),
        variables: { trunk: { secret: CANARIES.variable } },
        tables: {
          Account: { 1: { AccountName: { secret: CANARIES.value } } },
          ProxySet: { 3: { ProxyName: CANARIES.named } },
        },
        secretNames: ["ProxySet.ProxyName"],
        onRelease: "restore",
      };
      let output = "";
      const run = async (what: Promise<{ exitCode: number; output: string }>) => {
        const result = await what;
        output += result.output;
        return result.exitCode;
      };
      await stage.declare({ name: "base", args });
      await run(stage.preview({ diff: true }));
      assert.equal(await run(stage.up()), 0, output);
      stage.simulator.running.setCell("Account", "0", "Password", "canary-by-hand-9f7");
      stage.simulator.running.setParameter("IniFileURL", "https://ops:canary-by-hand-9fb@192.0.2.1/live.ini");
      stage.simulator.running.setCell("ProxySet", "3", "ProxyName", "canary-by-hand-9f8");
      stage.simulator.running.setCell("Account", "1", "AccountName", "canary-by-hand-9f9");
      assert.equal(await run(stage.preview({ refresh: true, expectNoChanges: true, diff: true })), 7, output);
      // A refused upload, whose answer repeats the line, and a name that is misspelt.
      stage.simulator.faults.refuseUploadContaining("canary");
      assert.notEqual(await run(stage.up({ refresh: true })), 0);
      stage.simulator.faults.clear();
      await stage.declare({
        name: "base",
        args: { ...args, parameters: { SyslogServrPassword: CANARIES.value } },
      });
      assert.notEqual(await run(stage.up({ refresh: true })), 0);
      await stage.declare({ name: "base", args });
      assert.equal(await run(stage.up({ refresh: true })), 0, output);
      const state = JSON.stringify(await stage.state());
      assert.equal(await run(stage.destroy()), 0, output);
      for (const canary of [...Object.values(CANARIES), "canary-by-hand"]) {
        const forms = [canary, Buffer.from(canary).toString("base64").replace(/=+$/, "").slice(0, -1)];
        for (const form of forms) {
          assert.ok(!output.includes(form), `${canary} in the output: ${context(output, form)}`);
          assert.ok(!state.includes(form), `${canary} in the state: ${context(state, form)}`);
        }
      }
      assert.match(output, /Account 0 Password: \(secret\) changed/);
      assert.match(
        output,
        /drift: IniFileURL: "https:\/\/\[secret\]@192\.0\.2\.1\/own\.ini" => "https:\/\/\[secret\]@192\.0\.2\.1\/live\.ini"/,
      );
      assert.match(output, /Account 1 AccountName: \(secret\) changed/);
    });
  });
}

function context(text: string, found: string): string {
  const at = text.indexOf(found);
  return text.slice(Math.max(0, at - 200), at + 100);
}
