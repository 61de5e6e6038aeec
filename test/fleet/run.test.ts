import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it, type TestContext } from "node:test";
import { type SiteResult, type Summary, summaryLines } from "../../examples/fleet/rollout/summary";
import { Fleet, type FleetOptions } from "./stage";

async function openFleet(t: TestContext, options: FleetOptions): Promise<Fleet> {
  const fleet = await Fleet.open(options);
  t.after(() => fleet.close());
  return fleet;
}

const siteNames = (count: number) =>
  Array.from({ length: count }, (_, at) => `s${String(at).padStart(2, "0")}`);

function sitesThat({ sites }: Summary, result: SiteResult["result"]): string[] {
  return sites.filter((site) => site.result === result).map(({ site }) => site);
}

describe("50 devices at 25 sites, in waves", () => {
  // s00 is the canary; the waves after it are s01-s06, s07-s12, s13-s18, s19-s24.
  const names = siteNames(25);
  const options: FleetOptions = {
    sites: Object.fromEntries(names.map((name) => [name, 2])),
    ofSite: { s03: "frozen: carrier migration", s05: 'window: { from: "01:00", to: "02:00" }' },
    rollout: "canary: s00, wave: 6, atOnce: 6, maxFailures: 0, waitSeconds: 0",
  };
  const noon = new Date("2027-01-15T12:00:00Z");
  const night = new Date("2027-01-15T01:30:00Z");

  it("stop after the wave with a failure, keep what was done, and go on from there", async (t) => {
    const fleet = await openFleet(t, options);
    const requestsOf = (...sites: string[]) =>
      [...fleet.devices].flatMap(([name, { requests }]) =>
        sites.includes(name.slice(0, 3)) ? requests.map(({ method }) => method) : [],
      );
    // It takes the file and keeps the old value: the read-back finds that.
    fleet.device("s08-2").faults.noEffectFor("NTPServerIP");
    const first = await fleet.run({ now: noon });

    assert.equal(first.result, "stopped", summaryLines(first).join("\n"));
    assert.equal(first.exitCode, 1);
    assert.equal(first.stopped, "1 site failed, and maxFailures is 0");
    assert.deepEqual(sitesThat(first, "failed"), ["s08"]);
    assert.deepEqual(sitesThat(first, "held"), ["s03", "s05"]);
    assert.deepEqual(sitesThat(first, "not begun"), names.slice(13));
    const converged = names.slice(0, 13).filter((name) => !["s03", "s05", "s08"].includes(name));
    assert.deepEqual(sitesThat(first, "converged"), converged);
    const broken = first.sites
      .find(({ site }) => site === "s08")
      ?.devices.find(({ device }) => device === "s08-2");
    assert.equal(broken?.result, "failed");
    assert.match(broken.error ?? "", /NTPServerIP/);
    // A wave begins when the one before it has ended.
    const waves = fleet.events
      .join(" ")
      .split(/wave \d /)
      .slice(1);
    assert.equal(waves.length, 3);
    for (const wave of waves) {
      const begun = [...wave.matchAll(/begin (\w+)/g)].map(([, site]) => site);
      const ended = [...wave.matchAll(/(?:converged|held|failed) (\w+)/g)].map(([, site]) => site);
      assert.deepEqual(ended.sort(), begun.sort());
    }
    // What later waves have was never asked, what is held back was read and no more.
    assert.deepEqual(requestsOf(...names.slice(13)), []);
    const held = requestsOf("s03", "s05");
    assert.ok(held.length >= 4);
    assert.deepEqual(new Set(held), new Set(["GET"]));
    const frozen = first.sites.find(({ site }) => site === "s03")?.devices[0];
    assert.equal(frozen?.held, "frozen: carrier migration");
    assert.ok(frozen.differences?.includes("NTPServerIP"));
    // Both devices of the failed site are in its state: the next run goes on with them.
    assert.match(readFileSync(fleet.stateOf("s08"), "utf8"), /s08-1[\s\S]*s08-2|s08-2[\s\S]*s08-1/);
    for (const site of converged) {
      for (const at of [1, 2]) {
        assert.equal(fleet.device(`${site}-${at}`).flash.parameter("NTPServerIP"), "192.0.2.1");
      }
    }

    const before = new Map(converged.map((site) => [site, requestsOf(site).length]));
    fleet.device("s08-2").faults.clear();
    fleet.operations.length = 0;
    const second = await fleet.run({ now: noon });
    assert.equal(second.result, "waiting");
    assert.equal(second.exitCode, 3);
    assert.equal(second.totals.waiting, 2);
    assert.deepEqual(sitesThat(second, "done before"), [...converged, "s03", "s05"].sort());
    assert.deepEqual(sitesThat(second, "converged"), ["s08", ...names.slice(13)]);
    assert.deepEqual(
      fleet.operations.toSorted(),
      ["s08", ...names.slice(13)].map((site) => `up ${site}`),
    );
    for (const site of converged) assert.equal(requestsOf(site).length, before.get(site), site);
    assert.equal(fleet.device("s08-2").flash.parameter("NTPServerIP"), "192.0.2.1");

    // The window opens: its site is changed, no other is asked, and the rollout is over.
    fleet.operations.length = 0;
    const third = await fleet.run({ now: night });
    assert.equal(third.result, "done");
    assert.deepEqual(fleet.operations, ["up s05"]);
    assert.equal(fleet.device("s05-2").flash.parameter("NTPServerIP"), "192.0.2.1");
    assert.deepEqual(fleet.progress.read(), {});
    assert.deepEqual(new Set(requestsOf("s03")), new Set(["GET"]));
  });
});
