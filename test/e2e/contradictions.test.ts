import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { openStage, ourLines } from "./stage";

for (const kind of quickEngines()) {
  describe(`what a preview finds and says, on the ${kind} engine`, () => {
    it("children of one name below two components are two resources, and may not contradict each other", async (t) => {
      const stage = await openStage(t, kind);
      const below = (type: string, parameters: Record<string, string>) => ({
        name: "base",
        parent: { type, name: "rack1" },
        args: { parameters },
      });
      await stage.declare(
        below("site:Berlin", { EnableSyslog: "1" }),
        below("site:Madrid", { EnableSyslog: "0" }),
      );
      const refused = await stage.preview();
      assert.equal(refused.exitCode === 0, false, refused.output);
      assert.match(
        refused.output,
        /EnableSyslog is declared with another value by IncrementalIniConfig site:(Berlin|Madrid)\/rack1\/base/,
      );
      assert.equal(stage.simulator.requests.length, 0);

      await stage.declare(
        below("site:Berlin", { EnableSyslog: "1" }),
        below("site:Madrid", { SyslogServerIP: "10.1.1.1" }),
      );
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      const { resources = [] } = (await stage.state()).deployment;
      const ids = resources.flatMap(({ id, urn }) => (urn.endsWith("::base") ? [id] : []));
      assert.deepEqual(ids.sort(), [
        "sbc1/IncrementalIniConfig/site:Berlin/rack1/base",
        "sbc1/IncrementalIniConfig/site:Madrid/rack1/base",
      ]);
      assert.equal((await stage.up({ expectNoChanges: true })).exitCode, 0);
    });

    it("says what stays on the device, and what the device holds under a new name", async (t) => {
      const stage = await openStage(t, kind);
      stage.simulator.running.setParameter("SyslogServerIP", "192.0.2.1");
      const base = (parameters: Record<string, string>) => ({ name: "base", args: { parameters } });
      await stage.declare(base({ EnableSyslog: "1", NTPServerIP: "10.1.1.1" }));
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);

      await stage.declare(base({ EnableSyslog: "1", SyslogServerIP: "10.1.1.1" }));
      const preview = await stage.preview({ refresh: true });
      assert.equal(preview.exitCode, 0, preview.output);
      assert.deepEqual(ourLines(preview.output), [
        '[sbc1] base: SyslogServerIP: "192.0.2.1" => "10.1.1.1"',
        "[sbc1] base: NTPServerIP: no longer managed, stays on the device",
      ]);
    });
  });
}
