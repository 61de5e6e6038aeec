import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  isDone,
  nextSites,
  type Plan,
  planOf,
  standingAt,
  stopReason,
} from "../../examples/fleet/rollout/plan";
import { parseInventory } from "../../src/inventory";

const rollout = (given: Partial<ReturnType<typeof parseInventory>["rollout"]> = {}) => ({
  ...parseInventory("devices: {}").rollout,
  ...given,
});

/** A course of a rollout: which site ends next, and how. */
const courses = fc.record({
  sites: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 25 }),
  canaries: fc.nat({ max: 3 }),
  wave: fc.integer({ min: 1, max: 6 }),
  atOnce: fc.integer({ min: 1, max: 6 }),
  maxFailures: fc.nat({ max: 3 }),
  ends: fc.infiniteStream(fc.record({ which: fc.nat(), well: fc.boolean() })),
});

interface Step {
  begun: readonly string[];
  underWay: readonly string[];
  ended: ReadonlyMap<string, boolean>;
}

/** Plays a rollout to its end. */
function play(plan: Plan, ends: Iterator<{ which: number; well: boolean }>, allWell = false) {
  const begun = new Set<string>();
  const ended = new Map<string, boolean>();
  const steps: Step[] = [];
  for (;;) {
    const next = nextSites(plan, { begun, ended });
    for (const site of next) {
      assert.ok(!begun.has(site), `${site} begins twice`);
      begun.add(site);
    }
    const underWay = [...begun].filter((site) => !ended.has(site));
    steps.push({ begun: next, underWay, ended: new Map(ended) });
    if (underWay.length === 0) return { steps, begun, ended };
    const { which, well } = ends.next().value;
    ended.set(underWay[which % underWay.length] ?? "", allWell || well);
  }
}

describe("the plan of a rollout", () => {
  it("has each site in one wave, the canaries in the first, the others in their order", () => {
    fc.assert(
      fc.property(courses, ({ sites, canaries, wave }) => {
        const canary = sites.slice(-canaries);
        const { waves, ...plan } = planOf(sites, rollout({ canary, wave }));
        assert.deepEqual(waves.flat().sort(), [...sites].sort());
        const rest = plan.canary ? waves.slice(1) : waves;
        if (plan.canary) assert.deepEqual(waves[0], canary);
        assert.deepEqual(
          rest.flat(),
          sites.filter((site) => !canary.includes(site)),
        );
        for (const each of waves) assert.ok(each.length > 0);
        for (const each of rest.slice(0, -1)) assert.equal(each.length, wave);
      }),
    );
  });

  it("begins a wave when the one before has ended, never more sites than allowed, and none after a stop", () => {
    fc.assert(
      fc.property(courses, ({ sites, canaries, wave, atOnce, maxFailures, ends }) => {
        const plan = planOf(sites, rollout({ canary: sites.slice(0, canaries), wave, atOnce, maxFailures }));
        const { steps, begun, ended } = play(plan, ends);
        for (const step of steps) {
          assert.ok(step.underWay.length <= atOnce);
          for (const site of step.begun) {
            const its = plan.waves.findIndex((each) => each.includes(site));
            const before = plan.waves.slice(0, its).flat();
            assert.ok(before.every((each) => step.ended.has(each)));
          }
          const failed = [...step.ended].filter(([, well]) => !well);
          const canaryFailed = plan.canary && failed.some(([site]) => plan.waves[0]?.includes(site));
          if (failed.length > maxFailures || canaryFailed) assert.deepEqual(step.begun, []);
        }
        // What had begun ends, and a rollout that is not stopped reaches every site.
        assert.deepEqual([...ended.keys()].sort(), [...begun].sort());
        if (stopReason(plan, { begun, ended }) === undefined) assert.equal(begun.size, sites.length);
        // No more can fail than those that were under way when the last allowed failure came.
        const failures = [...ended.values()].filter((well) => !well).length;
        assert.ok(failures <= maxFailures + atOnce);
      }),
    );
  });

  it("reaches every site if none fails", () => {
    fc.assert(
      fc.property(courses, ({ sites, canaries, wave, atOnce, ends }) => {
        const plan = planOf(sites, rollout({ canary: sites.slice(0, canaries), wave, atOnce }));
        const { begun, ended } = play(plan, ends, true);
        assert.equal(begun.size, sites.length);
        assert.equal(stopReason(plan, { begun, ended }), undefined);
      }),
    );
  });

  it("says why it stopped", () => {
    const plan = planOf(["lab", "a", "b"], rollout({ canary: ["lab"], maxFailures: 1 }));
    const stopped = (ended: Record<string, boolean>) =>
      stopReason(plan, { begun: new Set(Object.keys(ended)), ended: new Map(Object.entries(ended)) });
    assert.equal(stopped({ lab: false }), "the canary failed (lab)");
    assert.equal(stopped({ lab: true, a: false }), undefined);
    assert.equal(stopped({ lab: true, a: false, b: false }), "2 sites failed, and maxFailures is 1");
  });
});

describe("the devices of a site", () => {
  const { devices } = parseInventory(`
devices:
  open: { profile: a }
  frozen: { profile: a, frozen: until June, window: { from: "00:00", to: "24:00" } }
  night: { profile: a, window: { from: "22:00", to: "04:00" } }
`);
  const noon = new Date("2027-01-15T12:00:00Z");
  const night = new Date("2027-01-15T23:00:00Z");

  it("are held back if they are frozen, or outside their window", () => {
    const { open, held } = standingAt(devices, noon);
    assert.deepEqual(
      open.map(({ name }) => name),
      ["open"],
    );
    assert.deepEqual(
      held.map(({ device, why, waits }) => [device.name, why, waits]),
      [
        ["frozen", "frozen: until June", false],
        ["night", "outside its window (22:00-04:00 UTC)", true],
      ],
    );
    assert.deepEqual(
      standingAt(devices, night).open.map(({ name }) => name),
      ["open", "night"],
    );
  });

  it("make a site done until its declaration changes, or one more of them may be written to", () => {
    const done = { fingerprint: "f", devices: ["open"], at: "" };
    assert.equal(isDone(standingAt(devices, noon), "f", undefined), false);
    assert.equal(isDone(standingAt(devices, noon), "f", done), true);
    assert.equal(isDone(standingAt(devices, noon), "g", done), false);
    assert.equal(isDone(standingAt(devices, night), "f", done), false);
  });
});
