import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { UNKNOWN } from "../../src/declare/unknown";
import { compareVersions } from "../../src/device/answers/version";
import {
  createWords,
  planSoftware,
  type RecordedSoftware,
  type SoftwareOrder,
  uploadWords,
} from "../../src/reconcile/software/plan";

const OLD = "7.40A.250.440";
const NEW = "7.40A.500.010";
const A = "a".repeat(64);
const B = "b".repeat(64);

const plan = (
  version: string | undefined,
  order: Partial<SoftwareOrder> = {},
  recorded?: RecordedSoftware,
  isPair = false,
) => planSoftware({ version, isPair }, { version: NEW, sha256: A, ...order }, recorded);

const reasonOf = (given: ReturnType<typeof plan>) =>
  given.action === "refuse" ? given.reason : given.action;

describe("the plan of a software load", () => {
  it("uploads what the device does not run, and leaves alone what it runs", () => {
    assert.deepEqual(plan(OLD), { action: "upload", hitless: false });
    assert.deepEqual(plan(NEW), { action: "adopt" });
    assert.deepEqual(plan("7.40a.500.10"), { action: "adopt" }, "numbers count, not their digits");
    assert.deepEqual(plan("7.40A.99.999"), { action: "upload", hitless: false }, "99 is less than 500");
  });

  it("records another file of the same version, and uploads it where that is wanted", () => {
    const recorded = { version: NEW, sha256: B };
    assert.deepEqual(plan(NEW, {}, recorded), { action: "record" });
    assert.deepEqual(plan(NEW, { reinstall: true }, recorded), { action: "upload", hitless: false });
    assert.deepEqual(plan(NEW, { reinstall: true, sha256: B }, recorded), { action: "adopt" });
    assert.deepEqual(plan(NEW, { reinstall: true }), { action: "upload", hitless: false });
  });

  it("refuses an older version, unless it is allowed", () => {
    const reason = reasonOf(plan(NEW, { version: OLD }));
    for (const part of [OLD, NEW, "allowDowngrade"]) assert.ok(reason.includes(part), reason);
    assert.deepEqual(plan(NEW, { version: OLD, allowDowngrade: true }), {
      action: "upload",
      hitless: false,
    });
  });

  it("does not send again what failed, unless that is said anew or something else is declared", () => {
    const tried = { digest: A, version: NEW, outcome: "afterwards the device ran X", reinstall: false };
    const recorded = { version: OLD, sha256: A, __mediantTried: tried };
    const upload = { action: "upload", hitless: false };
    const reason = reasonOf(plan(OLD, {}, recorded));
    for (const part of [NEW, "afterwards the device ran X", "reinstall: true"])
      assert.ok(reason.includes(part), reason);
    assert.match(reasonOf(plan(OLD, { version: "7.40a.500.10" }, recorded)), /sent before/);
    assert.deepEqual(plan(OLD, { reinstall: true }, recorded), upload);
    assert.deepEqual(plan(OLD, { sha256: B }, recorded), upload);
    assert.deepEqual(plan(OLD, { version: "7.40A.501.000" }, recorded), upload);
    assert.deepEqual(plan(NEW, {}, recorded), { action: "adopt" });
    const forced = { ...recorded, __mediantTried: { ...tried, reinstall: true } };
    assert.match(reasonOf(plan(OLD, { reinstall: true }, forced)), /pulumi up --replace/);
  });

  it("resets no device of which a preview has said that the service is kept", () => {
    const recorded = { version: OLD, sha256: B, __mediantPair: true };
    for (const hitless of [undefined, "auto", true] as const)
      assert.match(reasonOf(plan(OLD, { hitless }, recorded)), /pair/);
    assert.deepEqual(plan(OLD, { hitless: false }, recorded), { action: "upload", hitless: false });
    assert.deepEqual(plan(OLD, {}, recorded, true), { action: "upload", hitless: true });
    assert.deepEqual(plan(NEW, {}, recorded), { action: "record" });
  });

  it("switches a pair over, unless it is told to reset, and refuses to switch over what is no pair", () => {
    assert.deepEqual(plan(OLD, {}, undefined, true), { action: "upload", hitless: true });
    assert.deepEqual(plan(OLD, { hitless: false }, undefined, true), { action: "upload", hitless: false });
    assert.deepEqual(plan(OLD, { hitless: true }, undefined, true), { action: "upload", hitless: true });
    assert.match(reasonOf(plan(OLD, { hitless: true })), /no high-availability pair in operation/);
    assert.deepEqual(plan(NEW, { hitless: true }), { action: "adopt" }, "nothing has to be switched over");
  });

  it("sends nothing to a device whose version it cannot read", () => {
    assert.match(reasonOf(plan(undefined)), /does not say which version/);
    assert.match(reasonOf(plan("SW 8")), /"SW 8", a version that cannot be read/);
  });

  it("uploads at most what is allowed, and never again once it came true", () => {
    const version = fc
      .tuple(fc.nat(9), fc.constantFrom("00", "20", "40"), fc.nat(999), fc.nat(999))
      .map(([major, minor, stream, build]) => `${major}.${minor}A.${stream}.${build}`);
    const order = fc.record({
      version,
      sha256: fc.constantFrom(A, B),
      hitless: fc.constantFrom(undefined, true, false, "auto" as const),
      allowDowngrade: fc.boolean(),
      reinstall: fc.boolean(),
    });
    const recorded = fc.option(fc.record({ version, sha256: fc.constantFrom(A, B) }), { nil: undefined });
    fc.assert(
      fc.property(version, fc.boolean(), order, recorded, (version, isPair, wanted, known) => {
        const planned = planSoftware({ version, isPair }, wanted, known);
        if (planned.action === "refuse") return;
        const steps = compareVersions(version, wanted.version) ?? Number.NaN;
        if (planned.action === "upload") {
          assert.ok(steps < 0 || wanted.allowDowngrade || (steps === 0 && wanted.reinstall));
          assert.ok(isPair || !planned.hitless);
          assert.ok(wanted.hitless !== true || planned.hitless);
        } else {
          assert.equal(steps, 0);
        }
        const after = { version: wanted.version, sha256: wanted.sha256 };
        const again = planSoftware({ version: wanted.version, isPair }, wanted, after);
        assert.deepEqual(again, { action: "adopt" });
      }),
    );
  });
});

describe("what a preview says of a software load", () => {
  const forecast = { version: NEW, size: 210_000_000 };

  it("names the size, and what the device goes through", () => {
    const resets = "uploads 210 MB, resets the device (calls end, and it is away for some minutes)";
    const switches = "uploads 210 MB, switchover, service kept";
    assert.equal(uploadWords({ ...forecast, isPair: false }), resets);
    assert.equal(uploadWords({ ...forecast, isPair: true, hitless: false }), resets);
    assert.equal(uploadWords({ ...forecast, isPair: true }), switches);
    assert.equal(uploadWords({ ...forecast, hitless: true }), switches);
    const both = "uploads 210 MB, resets the device (a high-availability pair: switchover, service kept)";
    assert.equal(uploadWords(forecast), both);
    assert.equal(uploadWords({ ...forecast, hitless: UNKNOWN as "auto" }), both);
    assert.equal(
      createWords({ ...forecast, hitless: true }, false),
      `${switches}, unless it already runs ${NEW}`,
    );
    assert.equal(createWords({ ...forecast, hitless: true }, true), switches);
  });

  it("says nothing of what is not known yet", () => {
    const late = { version: UNKNOWN, size: UNKNOWN as unknown as number, hitless: true };
    const words = "uploads a software load, switchover, service kept, unless it already runs the version";
    assert.equal(createWords(late, false), words);
  });
});
