import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { UNKNOWN } from "../../../src/declare/unknown";
import {
  type SoftwareLoadInputs,
  type SoftwareLoadState,
  softwareLoad,
} from "../../../src/reconcile/software/software-load";
import { newLife } from "../../shared/life";

const OLD = "7.40A.250.440";
const NEW = "7.40A.500.010";
let resources = 0;
const { check, diff } = newLife(softwareLoad);

/** A resource of its own, on a device of its own. */
function declared(args: object = {}): SoftwareLoadInputs {
  const name = `load${++resources}`;
  return {
    device: { name: "sbc1", url: `https://${name}.example.com`, username: "u", password: "p" },
    ...{ source: "sbc.cmp", sha256: "a".repeat(64), version: NEW },
    ...{ __mediantSize: 210_000_000, __mediantName: name },
    ...args,
  };
}

const stateOf = (inputs: SoftwareLoadInputs, more: object = {}): SoftwareLoadState => ({
  ...inputs,
  __mediantSchema: 1,
  ...more,
});

function logged(t: TestContext): string[] {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(line.replace(/^\[sbc1\] load\d+: /, "")));
  return lines;
}

describe("check of a software load", () => {
  it("names what cannot be meant, and shows none of its values", (t) => {
    const lines = logged(t);
    const refused: [object, string][] = [
      [{ version: "7.40A" }, "version must be written as the device's status gives it: 7.40A.250.440"],
      [{ version: 7.4 }, "version must be written as the device's status gives it: 7.40A.250.440"],
      [{ version: "latest" }, "version must be written as the device's status gives it: 7.40A.250.440"],
      [{ hitless: "yes" }, 'hitless must be true, false or "auto"'],
      [{ allowDowngrade: "yes" }, "allowDowngrade must be true or false"],
      [{ reinstall: 1 }, "reinstall must be true or false"],
      [{ device: {} }, "device: needs url, or a profile that has it"],
    ];
    for (const [args, reason] of refused) {
      const { failures } = check(declared(args), true);
      assert.deepEqual(failures, [{ property: "", reason }]);
    }
    assert.deepEqual(lines, []);
  });

  it("lets pass what is not known yet, and says of it what it can", (t) => {
    const lines = logged(t);
    const late = { version: UNKNOWN, sha256: UNKNOWN, source: UNKNOWN, __mediantSize: UNKNOWN };
    const flags = { hitless: UNKNOWN, allowDowngrade: UNKNOWN, reinstall: UNKNOWN };
    const inputs = declared({ ...late, ...flags });
    assert.deepEqual(check(inputs, true), { inputs, failures: [] });
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /^uploads a software load, resets .* unless it already runs the version$/);
    assert.deepEqual(check(declared({ ...late, device: UNKNOWN }), true).failures, []);
    assert.equal(diff("id", stateOf(declared()), inputs).changes, true);
  });

  it("speaks of a new resource only: diff does of the others", (t) => {
    const lines = logged(t);
    assert.deepEqual(check(declared(), false).failures, []);
    assert.deepEqual(lines, []);
  });
});

describe("diff of a software load", () => {
  it("minds neither the path, nor the spelling of a version, nor the thunk", (t) => {
    const lines = logged(t);
    const inputs = declared({ __provider: "now" });
    const state = stateOf(
      { ...inputs, source: "other.cmp", version: "7.40a.500.10", __provider: "then" },
      { previousVersion: OLD, __mediantPair: true },
    );
    const same = { changes: false, replaces: [], deleteBeforeReplace: true };
    assert.deepEqual(diff("id", state, inputs), same);
    assert.deepEqual(lines, []);
  });

  it("says what an update does by what is remembered of the device", (t) => {
    const lines = logged(t);
    const told = (state: object, args: object = {}) => {
      const inputs = declared(args);
      const { changes } = diff(inputs.__mediantName, stateOf({ ...inputs, ...state }, state), inputs);
      assert.equal(changes, true);
      return lines.splice(0);
    };
    const resets = "uploads 210 MB, resets the device (calls end, and it is away for some minutes)";
    const version = `version: "${OLD}" => "${NEW}"`;
    assert.deepEqual(told({ version: OLD, __mediantPair: false }), [version, resets]);
    assert.deepEqual(told({ version: OLD, __mediantPair: true }), [
      version,
      "uploads 210 MB, switchover, service kept",
    ]);
    assert.match(
      told({ version: OLD, __mediantPair: false }, { hitless: true })[1] ?? "",
      /^will be refused: hitless/,
    );
    assert.match(told({ version: "7.40A.600.203" })[1] ?? "", /^will be refused: .*allowDowngrade/);
    assert.deepEqual(
      told({ version: "7.40A.600.203", __mediantPair: false }, { allowDowngrade: true })[1],
      resets,
    );
    assert.match(told({ sha256: "b".repeat(64) })[1] ?? "", /recorded, not uploaded/);
    assert.equal(told({ sha256: "b".repeat(64), __mediantPair: false }, { reinstall: true })[1], resets);
    assert.match(told({ __mediantPending: true })[0] ?? "", /^the end of an earlier upload was not seen/);
    assert.deepEqual(told({ allowDowngrade: true }), [], "a setting alone");
  });

  it("tells one change once", (t) => {
    const lines = logged(t);
    const inputs = declared();
    const state = stateOf({ ...inputs, version: OLD });
    for (let time = 0; time < 3; time++) diff("twice", state, inputs);
    assert.equal(lines.length, 2);
  });

  it("replaces on a device of another name", (t) => {
    const lines = logged(t);
    const inputs = declared();
    const state = stateOf({ ...inputs, device: { ...inputs.device, name: "sbc2" } });
    const { changes, replaces } = diff("renamed", state, inputs);
    assert.deepEqual({ changes, replaces }, { changes: true, replaces: ["device"] });
    assert.match(lines.join("\n"), /^uploads 210 MB, .*, unless it already runs 7\.40A\.500\.010$/);
  });
});
