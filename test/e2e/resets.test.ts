import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quickEngines } from "../engine";
import { hurriedDevice, openStage, ourLines } from "./stage";

const WHOLE = {
  parameters: { EnableSyslog: true, SyslogServerIP: "10.1.1.20", NTPServerIP: "10.1.1.9" },
  tables: {
    WebUsers: { 0: { Username: "Admin", Password: { secret: "Admin" }, UserLevel: 200 } },
    InterfaceTable: {
      0: {
        ApplicationTypes: 6,
        InterfaceMode: 10,
        IPAddress: "192.168.0.2",
        PrefixLength: 24,
        Gateway: "192.168.0.1",
        InterfaceName: "O+M+C",
        UnderlyingDevice: "vlan 1",
      },
    },
    DeviceTable: { 0: { VlanID: 1, UnderlyingInterface: "GROUP_1", DeviceName: "vlan 1" } },
  },
};

for (const kind of quickEngines()) {
  describe(`what resets a device, on the ${kind} engine`, () => {
    it("loads a whole configuration, waits out the reset, and names what returns to its default", async (t) => {
      const stage = await openStage(t, kind, { resetSeconds: 0.5 });
      await stage.declare({ type: "FullIniConfig", name: "whole", args: WHOLE });
      const preview = await stage.preview();
      assert.match(preview.output, /\[sbc1\] whole: applying this resets the device/);
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.match(up.output, /\[sbc1\] whole: waiting for the device to come back/);
      assert.equal(stage.simulator.flash.parameter("NTPServerIP"), "10.1.1.9");
      assert.equal((await stage.drift()).exitCode, 0);

      const { NTPServerIP, ...rest } = WHOLE.parameters;
      await stage.declare({ type: "FullIniConfig", name: "whole", args: { ...WHOLE, parameters: rest } });
      const dropped = await stage.preview();
      const lines = ourLines(dropped.output);
      assert.ok(
        lines.includes("[sbc1] whole: left out, so back to the default or gone: NTPServerIP"),
        dropped.output,
      );
      assert.ok(lines.some((line) => line.includes("resets the device")));
      assert.equal((await stage.up()).exitCode, 0);
      assert.equal(stage.simulator.flash.parameter("NTPServerIP"), undefined);
      const loads = stage.simulator.writes.length;
      assert.equal((await stage.up({ expectNoChanges: true })).exitCode, 0);
      assert.equal(stage.simulator.writes.length, loads);
    });

    it("sees what somebody added beside a whole configuration", async (t) => {
      const stage = await openStage(t, kind, { resetSeconds: 0.2 });
      await stage.declare({ type: "FullIniConfig", name: "whole", args: WHOLE });
      assert.equal((await stage.up()).exitCode, 0);
      stage.simulator.running.setParameter("NTPSecondaryServerIP", "192.0.2.1");
      const drift = await stage.drift();
      assert.equal(drift.exitCode, 7, drift.output);
      assert.ok(
        ourLines(drift.output).includes('[sbc1] whole: drift: NTPSecondaryServerIP: (none) => "192.0.2.1"'),
        drift.output,
      );
      assert.equal((await stage.up({ refresh: true })).exitCode, 0);
      assert.equal(stage.simulator.flash.parameter("NTPSecondaryServerIP"), undefined);
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("refuses a configuration that would lock us out, and a whole one beside an incremental one", async (t) => {
      const stage = await openStage(t, kind, { resetSeconds: 0.2 });
      const { WebUsers, ...tables } = WHOLE.tables;
      await stage.declare({ type: "FullIniConfig", name: "whole", args: { ...WHOLE, tables } });
      const lockout = await stage.up();
      assert.notEqual(lockout.exitCode, 0);
      assert.match(lockout.output, /leaves out WebUsers.*allowLossOfAccess/);
      await stage.declare(
        { type: "FullIniConfig", name: "whole", args: WHOLE },
        { name: "part", args: { parameters: { SyslogServerPort: 5514 } } },
      );
      const mixed = await stage.preview();
      assert.notEqual(mixed.exitCode, 0);
      assert.match(
        mixed.output,
        /declares? the whole configuration of (this|the) device|is the whole configuration/,
      );
      assert.equal(stage.simulator.writes.length, 0);
    });

    it("resets and saves beside other resources, one write at a time, without dependsOn", async (t) => {
      const stage = await openStage(t, kind, { resetSeconds: 0.5 });
      await stage.declare(
        { name: "a", args: { parameters: { EnableSyslog: true } } },
        { name: "b", args: { tables: { ProxySet: { 3: { ProxyName: "PS_T" } } } } },
        {
          type: "CliScriptConfig",
          name: "cli",
          args: { script: 'configure voip\n proxy-set 5\n  proxy-name "PS_Cli"\n  activate\n  exit\n' },
        },
        { type: "SavedConfiguration", name: "saved", args: { triggers: [1] } },
        { type: "DeviceReset", name: "reset", args: { triggers: ["first"] } },
      );
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.equal(stage.simulator.maxConcurrentWrites, 1);
      assert.equal(stage.simulator.running.parameter("EnableSyslog"), "1");
      assert.equal(stage.simulator.running.cell("ProxySet", "3", "ProxyName"), "PS_T");
      assert.equal(stage.simulator.running.cell("ProxySet", "5", "ProxyName"), "PS_Cli");
      assert.equal((await stage.drift()).exitCode, 0);
      const resets = () => stage.simulator.writes.filter(({ path }) => path.endsWith("/reset")).length;
      assert.equal(resets(), 1);
      assert.equal((await stage.up()).exitCode, 0);
      assert.equal(resets(), 1);
      assert.equal((await stage.destroy()).exitCode, 0);
    });

    it("loads a whole configuration beside a reset, without dependsOn", async (t) => {
      const stage = await openStage(t, kind, { resetSeconds: 0.6 });
      await stage.declare(
        { type: "DeviceReset", name: "reset", args: { triggers: [1] } },
        { type: "FullIniConfig", name: "whole", args: WHOLE },
      );
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.equal(stage.simulator.maxConcurrentWrites, 1);
      assert.equal(stage.simulator.flash.parameter("NTPServerIP"), "10.1.1.9");
      assert.equal((await stage.drift()).exitCode, 0);
    });

    it("finishes with the next up what a device that did not come back left open, without a second upload", async (t) => {
      const stage = await openStage(t, kind);
      const device = hurriedDevice(stage);
      stage.simulator.faults.atReset({ seconds: Number.POSITIVE_INFINITY });
      await stage.declare({ type: "FullIniConfig", name: "whole", args: { ...WHOLE, device } });
      const failed = await stage.up();
      assert.notEqual(failed.exitCode, 0);
      assert.match(failed.output, /did not come back within/);
      const kept = (await stage.state()).deployment.resources?.find(({ urn }) => urn.endsWith("::whole"));
      assert.equal(kept?.id, "sbc1/FullIniConfig/whole");
      stage.simulator.powerOn();
      await stage.declare({ type: "FullIniConfig", name: "whole", args: WHOLE });
      const up = await stage.up();
      assert.equal(up.exitCode, 0, up.output);
      assert.equal(stage.simulator.writes.filter(({ path }) => path.endsWith("/files/ini")).length, 1);
      assert.equal((await stage.drift()).exitCode, 0);
    });
  });
}
