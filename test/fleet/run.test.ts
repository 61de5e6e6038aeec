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

const noon = new Date("2027-01-15T12:00:00Z");
const night = new Date("2027-01-15T01:30:00Z");

const siteNames = (count: number) => Array.from({ length: count }, (_, at) => `s${at}`);

function sitesThat({ sites }: Summary, result: SiteResult["result"]): string[] {
  return sites.filter((site) => site.result === result).map(({ site }) => site);
}

describe("50 devices at 10 sites, in waves", () => {
  // s0 is the canary; the waves after it are s1-s3, s4-s6, s7-s9.
  const names = siteNames(10);
  const options: FleetOptions = {
    sites: Object.fromEntries(names.map((name) => [name, 5])),
    ofSite: { s2: "frozen: carrier migration", s3: 'window: { from: "01:00", to: "02:00" }' },
    rollout: "canary: s0, wave: 3, atOnce: 3, maxFailures: 0, waitSeconds: 0",
  };

  it("stop after the wave with a failure, keep what was done, and go on from there", async (t) => {
    const fleet = await openFleet(t, options);
    const requestsOf = (...sites: string[]) =>
      [...fleet.devices].flatMap(([name, { requests }]) =>
        sites.includes(name.slice(0, 2)) ? requests.map(({ method }) => method) : [],
      );
    // It takes the file and keeps the old value: the read-back finds that.
    fleet.device("s5-2").faults.noEffectFor("NTPServerIP");
    const first = await fleet.run({ now: noon });

    assert.equal(first.result, "stopped", summaryLines(first).join("\n"));
    assert.equal(first.exitCode, 1);
    assert.equal(first.stopped, "1 site failed, and maxFailures is 0");
    assert.deepEqual(sitesThat(first, "failed"), ["s5"]);
    assert.deepEqual(sitesThat(first, "held"), ["s2", "s3"]);
    assert.deepEqual(sitesThat(first, "not begun"), names.slice(7));
    const converged = names.slice(0, 7).filter((name) => !["s2", "s3", "s5"].includes(name));
    assert.deepEqual(sitesThat(first, "converged"), converged);
    const broken = first.sites
      .find(({ site }) => site === "s5")
      ?.devices.find(({ device }) => device === "s5-2");
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
    assert.deepEqual(requestsOf(...names.slice(7)), []);
    const held = requestsOf("s2", "s3");
    assert.ok(held.length >= 10);
    assert.deepEqual(new Set(held), new Set(["GET"]));
    const frozen = first.sites.find(({ site }) => site === "s2")?.devices[0];
    assert.equal(frozen?.held, "frozen: carrier migration");
    assert.ok(frozen.differences?.includes("NTPServerIP"));
    // Both devices of the failed site are in its state: the next run goes on with them.
    assert.match(readFileSync(fleet.stateOf("s5"), "utf8"), /s5-1[\s\S]*s5-2|s5-2[\s\S]*s5-1/);
    for (const site of converged) {
      for (const at of [1, 2, 3, 4, 5]) {
        assert.equal(fleet.device(`${site}-${at}`).flash.parameter("NTPServerIP"), "192.0.2.1");
      }
    }

    const before = new Map(converged.map((site) => [site, requestsOf(site).length]));
    fleet.device("s5-2").faults.clear();
    fleet.operations.length = 0;
    const second = await fleet.run({ now: noon });
    assert.equal(second.result, "waiting");
    assert.equal(second.exitCode, 3);
    assert.equal(second.totals.waiting, 5);
    assert.deepEqual(sitesThat(second, "done before"), [...converged, "s2", "s3"].toSorted());
    assert.deepEqual(sitesThat(second, "converged"), ["s5", ...names.slice(7)]);
    assert.deepEqual(
      fleet.operations.toSorted(),
      ["s5", ...names.slice(7)].map((site) => `up ${site}`),
    );
    for (const site of converged) assert.equal(requestsOf(site).length, before.get(site), site);
    assert.equal(fleet.device("s5-2").flash.parameter("NTPServerIP"), "192.0.2.1");

    // The window opens: its site is changed, no other is asked, and the rollout is over.
    fleet.operations.length = 0;
    const third = await fleet.run({ now: night });
    assert.equal(third.result, "done");
    assert.deepEqual(fleet.operations, ["up s3"]);
    assert.equal(fleet.device("s3-2").flash.parameter("NTPServerIP"), "192.0.2.1");
    assert.deepEqual(fleet.progress.read(), {});
    assert.deepEqual(new Set(requestsOf("s2")), new Set(["GET"]));
  });
});

describe("a site", () => {
  const SITES = { lab: 1, oslo: 2, rome: 1 };
  const writesOf = (fleet: Fleet) =>
    [...fleet.devices].filter(([, { writes }]) => writes.length > 0).map(([name]) => name);
  const errorsOf = ({ sites }: Summary, name: string) =>
    sites
      .find(({ site }) => site === name)
      ?.devices.flatMap(({ device, error }) => (error ? [`${device}: ${error}`] : []));

  it("is not touched if one of its devices is ill, and is nobody's failure but its own if that is allowed", async (t) => {
    const fleet = await openFleet(t, {
      sites: SITES,
      rollout: "canary: lab, maxFailures: 1, waitSeconds: 0",
    });
    fleet.device("oslo-2").alarms.raise({ severity: "critical", description: "Trunk is down" });
    const summary = await fleet.run();
    assert.equal(summary.result, "failed");
    assert.equal(summary.exitCode, 1);
    assert.deepEqual(sitesThat(summary, "converged"), ["lab", "rome"]);
    assert.match(
      errorsOf(summary, "oslo")?.join() ?? "",
      /^oslo-2: before any change: not healthy:[^,]*Trunk is down/,
    );
    assert.deepEqual(writesOf(fleet), ["lab-1", "rome-1"]);
  });

  it("that makes the canary ill stops all others", async (t) => {
    const fleet = await openFleet(t, {
      sites: SITES,
      rollout: "canary: lab, maxFailures: 9, waitSeconds: 0",
    });
    const lab = fleet.device("lab-1");
    lab.faults.afterChange(() => void lab.alarms.raise({ severity: "major", description: "No calls" }));
    const summary = await fleet.run();
    assert.equal(summary.stopped, "the canary failed (lab)");
    assert.match(
      errorsOf(summary, "lab")?.join() ?? "",
      /^lab-1: after the change: not healthy:[^,]*No calls/,
    );
    assert.deepEqual(sitesThat(summary, "not begun"), ["oslo", "rome"]);
    assert.deepEqual(writesOf(fleet), ["lab-1"]);
    for (const name of ["oslo-1", "oslo-2", "rome-1"]) assert.equal(fleet.device(name).requests.length, 0);
  });

  it("is previewed with GETs only, also if a device that is held back does not answer", async (t) => {
    const fleet = await openFleet(t, {
      sites: SITES,
      ofSite: { rome: "frozen: switched off" },
      rollout: "canary: lab, waitSeconds: 0",
    });
    await fleet.device("rome-1").close();
    const summary = await fleet.run({ command: "preview" });
    assert.equal(summary.exitCode, 7);
    assert.equal(summary.totals.changed, 3);
    assert.match(errorsOf(summary, "rome")?.join() ?? "", /^rome-1: .*ECONNREFUSED/);
    assert.deepEqual(writesOf(fleet), []);
    assert.deepEqual(fleet.progress.read(), {});
  });

  it("that is run alone leaves what others still wait for", async (t) => {
    const fleet = await openFleet(t, {
      sites: SITES,
      ofSite: { rome: 'window: { from: "01:00", to: "02:00" }' },
      rollout: "canary: lab, waitSeconds: 0",
    });
    assert.equal((await fleet.run({ now: noon })).result, "waiting");
    const one = await fleet.run({ now: noon, sites: ["oslo"] });
    assert.deepEqual([one.exitCode, one.totals.waiting, sitesThat(one, "done before")], [0, 0, ["oslo"]]);
    assert.deepEqual(Object.keys(fleet.progress.read()).toSorted(), ["lab", "oslo", "rome"]);
  });

  it("is finished when a run is interrupted, and no other begins", async (t) => {
    const fleet = await openFleet(t, { sites: SITES, rollout: "wave: 3, atOnce: 1, waitSeconds: 0" });
    const stop = new AbortController();
    const onStep = (_: string, text: string) => text === "changing" && stop.abort();
    const summary = await fleet.run({ stop: stop.signal, onStep });
    assert.equal(summary.result, "interrupted");
    assert.equal(summary.exitCode, 130);
    assert.deepEqual(sitesThat(summary, "converged"), ["lab"]);
    assert.deepEqual(Object.keys(fleet.progress.read()), ["lab"]);
    const again = await fleet.run();
    assert.equal(again.exitCode, 0);
    assert.deepEqual(sitesThat(again, "done before"), ["lab"]);
    // Another declaration makes it undone, and a run from anew looks at all.
    assert.deepEqual(fleet.progress.read(), {});
  });
});
