import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Configuration, readConfiguration } from "../../../src/ini/configuration";
import { parseIni } from "../../../src/ini/parse";
import {
  type FullIniConfigInputs,
  type FullIniConfigState,
  fullIniConfig,
} from "../../../src/reconcile/full-ini/full-ini-config";
import type { Simulator } from "../../../src/simulator";
import { startFresh } from "../../shared/simulated";
import { drive } from "../drive";

const OWN = `
[ ProxySet ]
FORMAT Index = ProxyName, ProxyKeepAliveTime;
ProxySet 3 = "PS", 30;
[ \\ProxySet ]
`;

/** A device, and its own configuration with another name as what is declared. */
async function open(t: TestContext) {
  const simulator = await startFresh({ ini: OWN, resetSeconds: 1 });
  t.after(() => simulator.close());
  const device = { name: "sbc1", url: simulator.url, username: "Admin", password: "Admin" };
  const { configuration } = readConfiguration({ document: parseIni(simulator.running.dump()) });
  const { tables, parameters }: Configuration = structuredClone(configuration);
  const inputs = (name: string): FullIniConfigInputs => ({
    device,
    parameters,
    tables: {
      ...tables,
      ProxySet: { ...tables["ProxySet"], 3: { ...tables["ProxySet"]?.["3"], ProxyName: name } },
    },
    __mediantName: "whole",
  });
  const resource = drive<FullIniConfigInputs, FullIniConfigState>(t, fullIniConfig);
  const loads = () => simulator.writes.filter(({ path }) => path.endsWith("/files/ini")).length;
  return { simulator, inputs, resource, loads };
}

/** From now on the device starts with what it had before: what a load writes never reaches its flash. */
function losesLoads(t: TestContext, { flash }: Pick<Simulator, "flash">) {
  return t.mock.method(flash, "assign", () => undefined);
}

for (const refresh of [false, true]) {
  const how = refresh ? "with a refresh" : "without a refresh";

  test(`a configuration with which the device does not come back resets it once in three runs, ${how}`, async (t) => {
    const { simulator, inputs, resource, loads } = await open(t);
    const flash = losesLoads(t, simulator);
    assert.match((await resource.up(inputs("PS_NEW"), { refresh })) ?? "", /ProxySet 3 ProxyName/);
    for (let run = 2; run <= 3; run++) {
      const { changes, lines } = await resource.preview(inputs("PS_NEW"), { refresh });
      assert.equal(changes, true);
      assert.match(
        lines.join("\n"),
        /will be refused, unless the device holds it by then: this configuration was sent/,
      );
      const again = (await resource.up(inputs("PS_NEW"), { refresh })) ?? "";
      assert.match(
        again,
        /^this configuration was sent before, and the device came back with other content \(.*ProxySet 3 ProxyName/,
      );
    }
    assert.equal(loads(), 1);

    flash.mock.restore();
    resource.forget();
    assert.equal(await resource.up(inputs("PS_NEW"), { refresh }), undefined, "a replacement sends it again");
    assert.equal(loads(), 2);
    assert.equal(simulator.running.cell("ProxySet", "3", "ProxyName"), "PS_NEW");
  });

  test(`what somebody put right after a failed load is no failure any more, ${how}`, async (t) => {
    const { simulator, inputs, resource, loads } = await open(t);
    const flash = losesLoads(t, simulator);
    assert.match((await resource.up(inputs("PS_NEW"), { refresh })) ?? "", /ProxySet 3 ProxyName/);
    flash.mock.restore();
    simulator.running.setCell("ProxySet", 3, "ProxyName", "PS_NEW");
    assert.equal(await resource.up(inputs("PS_NEW"), { refresh }), undefined);
    assert.equal(resource.state()?.__mediantPending, undefined);
    assert.equal(loads(), 1);
    simulator.running.setCell("ProxySet", 3, "ProxyName", "PS_HAND");
    assert.equal(await resource.up(inputs("PS_NEW"), { refresh: true }), undefined, "drift heals");
    assert.equal(loads(), 2);
  });
}

test("another setting alone does not reset a device that drifted unseen", async (t) => {
  const { simulator, inputs, resource, loads } = await open(t);
  assert.equal(await resource.up(inputs("PS")), undefined, "adopted");
  simulator.running.setCell("ProxySet", 3, "ProxyName", "PS_HAND");
  const { changes, lines } = await resource.preview({ ...inputs("PS"), allowLossOfAccess: true });
  assert.equal(changes, true);
  assert.doesNotMatch(lines.join("\n"), /resets/);
  assert.equal(await resource.up({ ...inputs("PS"), allowLossOfAccess: true }), undefined);
  assert.equal(loads(), 0);
});

test("a name that the device does not show after a load is an error, and resets it once", async (t) => {
  for (const name of ["NTPServerIP", "NTPSreverIP"]) {
    const { simulator, inputs, resource, loads } = await open(t);
    const whole = inputs("PS");
    const declared = { ...whole, parameters: { ...whole.parameters, [name]: "192.0.2.9" } };
    const lost = losesLoads(t, simulator);
    for (let run = 0; run < 3; run++) {
      const why = await resource.up(declared, { refresh: run === 2 });
      assert.match(why ?? "", new RegExp(`does not show ${name}: misspelt, not taken, or at its default`));
      assert.equal(loads(), 1);
    }
    lost.mock.restore();
    assert.equal(await resource.up(whole), undefined, "without the name");
    assert.equal(loads(), 1);
  }
});

test("a value that a whole configuration brings to its default is no error", async (t) => {
  const { simulator, inputs, resource, loads } = await open(t);
  simulator.running.setParameter("SyslogServerPort", "6514");
  simulator.flash.setParameter("SyslogServerPort", "6514");
  const whole = inputs("PS");
  const declared = { ...whole, parameters: { ...whole.parameters, SyslogServerPort: "514" } };
  assert.equal(await resource.up(declared), undefined);
  assert.equal(await resource.up(declared, { refresh: true }), undefined);
  assert.equal(loads(), 1);
});
