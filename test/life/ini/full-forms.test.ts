import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Configuration, readConfiguration } from "../../../src/ini/configuration";
import { parseIni } from "../../../src/ini/parse";
import { type FullIniConfigState, fullIniConfig } from "../../../src/reconcile/full-ini/full-ini-config";
import { ProviderProcess } from "../../../src/reconcile/life/provider-process";
import { newLife } from "../../shared/life";
import { onTheWire } from "../../shared/on-the-wire";
import { bench } from "./bench";

const process = new ProviderProcess();
const life = newLife(fullIniConfig, process);

const OWN = `
SyslogServerPort = 1514
[ ProxySet ]
FORMAT Index = ProxyName, ProxyKeepAliveTime;
ProxySet 3 = "PS", 30;
[ \\ProxySet ]
`;

/** A device that holds what is declared, in forms of its own: what a person has taken from it and edited. */
async function stage(t: TestContext) {
  const b = await bench(t, { ini: OWN, resetSeconds: 0.5 });
  const { simulator, device } = b;
  const { configuration } = readConfiguration({ document: parseIni(simulator.running.dump()) });
  const inputs = (port: string, seconds: string) => {
    const { parameters, tables }: Configuration = structuredClone(configuration);
    const row = tables["ProxySet"]?.["3"];
    assert.ok(row);
    row["ProxyKeepAliveTime"] = seconds;
    parameters["SyslogServerPort"] = port;
    return onTheWire({ device, parameters, tables, __mediantName: "whole" });
  };
  const loads = () => simulator.writes.filter(({ path }) => path.endsWith("/files/ini")).length;
  /** What a refresh gives, in a run of its own. */
  const refreshed = async (id: string, state: FullIniConfigState) => {
    process.devices.at(simulator.url).cache.drop();
    return onTheWire(await life.read(id, state)).props;
  };
  return { ...b, inputs, loads, refreshed };
}

test("a device that holds a whole configuration in its own form is loaded once, and not at every run", async (t) => {
  const { inputs, loads, refreshed, lines } = await stage(t);
  const declared = inputs("01514", "030");
  const { id, outs } = await life.create(declared);
  assert.equal(loads(), 1);
  assert.ok(
    lines.some((line) => line.endsWith('SyslogServerPort: the device shows "1514" for what is declared')),
  );
  const state = await refreshed(id, onTheWire(outs));
  assert.equal(life.diff(id, state, declared).changes, false);
  await life.update(id, state, declared);
  assert.equal(loads(), 1, "a second run resets nothing");

  const edited = inputs("001514", "0030");
  assert.equal(life.diff(id, state, edited).changes, true);
  const { outs: later } = await life.update(id, state, edited);
  assert.equal(loads(), 2);
  assert.equal(life.diff(id, await refreshed(id, onTheWire(later)), edited).changes, false);
  await life.update(id, onTheWire(later), edited);
  assert.equal(loads(), 2);
});

test("a state that a killed run lost costs one load", async (t) => {
  const { inputs, loads, refreshed } = await stage(t);
  const declared = inputs("01514", "030");
  await life.create(declared);
  const { id, outs } = await life.create(declared);
  assert.equal(loads(), 2);
  await life.update(id, await refreshed(id, onTheWire(outs)), declared);
  assert.equal(loads(), 2);
});

test("drift that is put back by hand is no change, in the device's form too", async (t) => {
  const { inputs, loads, refreshed, simulator } = await stage(t);
  const declared = inputs("01514", "030");
  const { id, outs } = await life.create(declared);
  simulator.running.setCell("ProxySet", 3, "ProxyKeepAliveTime", "99");
  const drifted = await refreshed(id, onTheWire(outs));
  assert.equal(life.diff(id, drifted, declared).changes, true);
  simulator.running.setCell("ProxySet", 3, "ProxyKeepAliveTime", "30");
  const back = await refreshed(id, drifted);
  assert.equal(life.diff(id, back, declared).changes, false);
  await life.update(id, back, declared);
  assert.equal(loads(), 1);
});
