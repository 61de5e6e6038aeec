import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  type SoftwareLoadInputs,
  type SoftwareLoadState,
  softwareLoad,
} from "../../../src/reconcile/software/software-load";
import { digestOf, NEW, OLD, writeLoad } from "../../e2e/software-stage";
import { temporaryFolder } from "../../shared/files";
import { startFresh } from "../../shared/simulated";
import { drive } from "../drive";

const OTHER = "7.40A.600.203";
const SIZE = 20_000;

async function open(t: TestContext, options: Parameters<typeof startFresh>[0] = {}) {
  // Long enough to be seen: a device that starts with the version of before shows its reset by nothing else.
  const simulator = await startFresh({ resetSeconds: 1, ...options });
  t.after(() => simulator.close());
  const folder = await temporaryFolder(t, "load-");
  let files = 0;
  const fileOf = async (version: string) => {
    const source = join(folder, `${++files}.cmp`);
    await writeLoad(source, version, SIZE);
    return { source, sha256: await digestOf(source) };
  };
  const device = { name: "sbc1", url: simulator.url, username: "Admin", password: "Admin" };
  const inputs: SoftwareLoadInputs = {
    device,
    ...(await fileOf(NEW)),
    version: NEW,
    __mediantSize: SIZE,
    __mediantName: "load",
  };
  const resource = drive<SoftwareLoadInputs, SoftwareLoadState>(t, softwareLoad);
  const uploads = () => simulator.softwareUploads.length;
  return { simulator, inputs, resource, uploads, fileOf };
}

for (const refresh of [false, true]) {
  const how = refresh ? "with a refresh" : "without a refresh";

  test(`a file of another version resets the device once in three runs, ${how}`, async (t) => {
    const { simulator, inputs, resource, uploads, fileOf } = await open(t);
    const wrong = { ...inputs, version: OTHER };
    assert.match(
      (await resource.up(wrong, { refresh })) ?? "",
      /not 7\.40A\.600\.203: source and version do not/,
    );
    for (let run = 2; run <= 3; run++) {
      const { changes, lines } = await resource.preview(wrong, { refresh });
      assert.equal(changes, true);
      assert.match(lines.join("\n"), /will be refused: this load of 7\.40A\.600\.203 was sent before/);
      const again = await resource.up(wrong, { refresh });
      const said = `afterwards the device ran ${NEW} (source and version do not belong together)`;
      assert.ok(again?.includes(said), again);
      assert.match(again ?? "", /reinstall: true sends it again/);
    }
    assert.equal(uploads(), 1);
    assert.equal(simulator.writes.length, 1);

    assert.equal(await resource.up({ ...wrong, ...(await fileOf(OTHER)) }, { refresh }), undefined);
    assert.equal(uploads(), 2);
    assert.equal(simulator.firmware, OTHER);
    assert.equal(resource.state()?.__mediantTried, undefined);
  });

  test(`a load that the device does not take is sent again only when that is said, ${how}`, async (t) => {
    const { simulator, inputs, resource, uploads } = await open(t);
    simulator.faults.softwareOutcome("unchanged", 2);
    assert.match((await resource.up(inputs, { refresh })) ?? "", /the device did not take it/);
    assert.match((await resource.up(inputs, { refresh })) ?? "", /was sent before/);
    assert.equal(uploads(), 1);
    const forced = { ...inputs, reinstall: true };
    assert.match((await resource.up(forced, { refresh })) ?? "", /the device did not take it/);
    assert.equal(uploads(), 2);
    // A setting that stays in the program is not said anew.
    for (let run = 0; run < 3; run++)
      assert.match((await resource.up(forced, { refresh })) ?? "", /pulumi up --replace/);
    assert.equal(uploads(), 2);
    resource.forget();
    assert.equal(await resource.up(forced, { refresh }), undefined);
    assert.equal(simulator.firmware, NEW);
  });

  test(`a load whose end was not seen and that did not come true is not sent again, ${how}`, async (t) => {
    const { simulator, inputs, resource, uploads } = await open(t);
    simulator.faults.softwareOutcome("unchanged");
    simulator.faults.atReset({ seconds: Number.POSITIVE_INFINITY });
    const hurried = { ...inputs, device: { ...inputs.device, timeouts: { resetSeconds: 1 } } };
    assert.match((await resource.up(hurried, { refresh })) ?? "", /did not come back/);
    simulator.powerOn();
    for (let run = 2; run <= 3; run++)
      assert.match(
        (await resource.up(inputs, { refresh })) ?? "",
        /was sent before, and its result was not seen/,
      );
    assert.equal(uploads(), 1);
  });

  test(`a load that came true in the end is no failure any more, ${how}`, async (t) => {
    const { simulator, inputs, resource, uploads } = await open(t);
    simulator.faults.atReset({ seconds: Number.POSITIVE_INFINITY });
    const hurried = { ...inputs, device: { ...inputs.device, timeouts: { resetSeconds: 1 } } };
    assert.match((await resource.up(hurried, { refresh })) ?? "", /did not come back/);
    simulator.powerOn();
    // What must succeed has all the time it needs.
    assert.equal(await resource.up(inputs, { refresh }), undefined);
    assert.equal(resource.state()?.__mediantTried, undefined);
    simulator.firmware = OLD;
    assert.equal(await resource.up(inputs, { refresh: true }), undefined, "drift heals");
    assert.equal(uploads(), 2);
  });

  test(`a pair that lost its partner since the preview is not reset by auto, ${how}`, async (t) => {
    const { simulator, inputs, resource, uploads } = await open(t, { highAvailability: true });
    const first = { ...inputs, version: OLD };
    assert.equal(await resource.up(first), undefined, "adopted");
    const before = await resource.preview(inputs, { refresh });
    assert.match(before.lines.join("\n"), /switchover, service kept/);
    simulator.partnerMissing = true;
    for (let run = 1; run <= 2; run++)
      assert.match(
        (await resource.up(inputs, { refresh })) ?? "",
        /was a high-availability pair.*hitless: false/,
      );
    assert.deepEqual(simulator.writes, []);
    const after = await resource.preview(inputs, { refresh });
    if (refresh)
      assert.match(after.lines.join("\n"), /will be refused: the device was a high-availability pair/);

    simulator.partnerMissing = false;
    assert.match((await resource.preview(inputs, { refresh })).lines.join("\n"), /service kept/);
    simulator.partnerMissing = true;
    assert.equal(await resource.up({ ...inputs, hitless: false }, { refresh }), undefined);
    assert.equal(uploads(), 1);
    assert.equal(simulator.firmware, NEW);
    assert.deepEqual(
      simulator.softwareUploads.map(({ hitless }) => hitless),
      [false],
    );
  });
}

test("a partner that is lost while the configuration is saved: no reset", async (t) => {
  const { simulator, inputs, resource } = await open(t, { highAvailability: true });
  simulator.running.setParameter("EnableSyslog", "1");
  const save = simulator.flash.assign.bind(simulator.flash);
  t.mock.method(simulator.flash, "assign", (...args: Parameters<typeof save>) => {
    save(...args);
    simulator.partnerMissing = true;
  });
  const device = { ...inputs.device, timeouts: { conflictSeconds: 0 } };
  assert.match((await resource.up({ ...inputs, device })) ?? "", /hitless.*409|409/s);
  assert.equal(simulator.firmware, OLD);
  assert.equal(resource.state(), undefined);
  assert.ok(simulator.writes.every(({ path }) => !path.endsWith("/software")));
});
