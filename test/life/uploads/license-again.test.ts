import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  type DeviceLicenseInputs,
  type DeviceLicenseState,
  deviceLicense,
} from "../../../src/reconcile/license/device-license";
import { sha256, temporaryFolder } from "../../shared/files";
import { startFresh } from "../../shared/simulated";
import { drive } from "../drive";

const SERIAL = "10245678";
const KEY = "canaryNewKey9f2BBBB1";
const OTHER_KEY = "canaryNewKey9f3CCCC1";

async function open(t: TestContext, options: Parameters<typeof startFresh>[0] = {}) {
  const simulator = await startFresh({ resetSeconds: 1, ...options });
  t.after(() => simulator.close());
  const device = { name: "sbc1", url: simulator.url, username: "Admin", password: "Admin" };
  const resource = drive<DeviceLicenseInputs, DeviceLicenseState>(t, deviceLicense);
  t.after(() => assert.doesNotMatch(resource.lines.join("\n"), /canary/));
  const loads = () => simulator.writes.filter(({ path }) => path === "/api/v1/license").length;
  return { simulator, inputs: { device, __mediantName: "licence" }, resource, loads };
}

async function licenceFile(t: TestContext, key: string, comment = "") {
  const text = `${comment}S/N ${SERIAL}\n${key}\n`;
  const licenseFile = join(await temporaryFolder(t, "licence-"), "licence.txt");
  await writeFile(licenseFile, text);
  return { licenseFile, sha256: sha256(text) };
}

for (const firmware of ["7.00A.018.005", "7.40A.250.440"]) {
  for (const refresh of [false, true]) {
    const how = `${refresh ? "with" : "without"} a refresh, firmware ${firmware}`;

    test(`a key that is accepted and not installed resets the device once in three runs, ${how}`, async (t) => {
      const { simulator, inputs, resource, loads } = await open(t, { firmware });
      simulator.faults.ignoreLicense(10);
      const declared = { ...inputs, key: KEY };
      assert.match(
        (await resource.up(declared, { refresh })) ?? "",
        /shows another key than the declared one$/,
      );
      for (let run = 2; run <= 3; run++) {
        const { changes, lines } = await resource.preview(declared, { refresh });
        assert.equal(changes, true);
        assert.match(lines.join("\n"), /will be refused, unless.*this licence was sent before/);
        const again = (await resource.up(declared, { refresh })) ?? "";
        assert.match(again, /^this licence was sent before, and the device .* shows another key/);
        assert.match(again, /pulumi up --replace/);
        assert.doesNotMatch(again, /canary/);
      }
      assert.equal(loads(), 1);
      simulator.faults.clear();
      assert.equal(await resource.up({ ...inputs, key: OTHER_KEY }, { refresh }), undefined);
      assert.equal(simulator.license.key, OTHER_KEY);
      assert.equal(loads(), 2);
      assert.equal(resource.state()?.__mediantTried, undefined);
    });

    test(`a file that is accepted and not installed resets the device once in three runs, ${how}`, async (t) => {
      const { simulator, inputs, resource, loads } = await open(t, { firmware });
      simulator.faults.ignoreLicense();
      const declared = { ...inputs, ...(await licenceFile(t, KEY)) };
      assert.match(
        (await resource.up(declared, { refresh })) ?? "",
        /shows another key than the declared one$/,
      );
      for (let run = 2; run <= 3; run++)
        assert.match((await resource.up(declared, { refresh })) ?? "", /Declare another licence file/);
      assert.equal(loads(), 1);
      const changed = { ...inputs, ...(await licenceFile(t, KEY, "; once more\n")) };
      assert.equal(await resource.up(changed, { refresh }), undefined);
      assert.equal(simulator.license.key, KEY);
    });

    test(`a key that the device shows with blanks in it is the same key, ${how}`, async (t) => {
      const { inputs, resource, loads } = await open(t, { firmware, licenseKeyInGroups: true });
      const declared = { ...inputs, key: KEY };
      for (let run = 1; run <= 3; run++) {
        assert.equal(await resource.up(declared, { refresh }), undefined);
        assert.equal((await resource.preview(declared, { refresh })).changes, false);
      }
      assert.equal(loads(), 1);
      resource.forget();
      assert.equal(await resource.up({ ...inputs, ...(await licenceFile(t, KEY)) }, { refresh }), undefined);
      assert.equal(loads(), 1);
    });
  }
}

test("a key that is installed by hand after a failure is done", async (t) => {
  const { simulator, inputs, resource, loads } = await open(t);
  simulator.faults.ignoreLicense();
  const declared = { ...inputs, key: KEY };
  assert.match((await resource.up(declared)) ?? "", /shows another key/);
  simulator.license = { key: KEY };
  assert.equal(await resource.up(declared, { refresh: true }), undefined);
  assert.equal(loads(), 1);
  assert.equal(resource.state()?.__mediantTried, undefined);
});

test("a replacement sends the licence again", async (t) => {
  const { simulator, inputs, resource, loads } = await open(t);
  simulator.faults.ignoreLicense();
  const declared = { ...inputs, key: KEY };
  assert.match((await resource.up(declared)) ?? "", /shows another key/);
  resource.forget();
  assert.equal(await resource.up(declared), undefined);
  assert.equal(loads(), 2);
});

test("a licence whose answer was lost in a reset that it caused is not sent a second time", async (t) => {
  const { simulator, inputs, resource, loads } = await open(t, { resetSeconds: 1 });
  simulator.faults.ignoreLicense();
  simulator.faults.loseAnswer("PUT /api/v1/license", { applied: true });
  assert.notEqual(await resource.up({ ...inputs, key: KEY }), undefined);
  assert.equal(loads(), 1);
  assert.match((await resource.up({ ...inputs, key: KEY })) ?? "", /was sent before/);
  assert.equal(loads(), 1);
});
