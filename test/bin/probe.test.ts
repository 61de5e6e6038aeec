import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parseProfile } from "../../src/probe/profile";
import { bench } from "../simulator/harness";
import { ADMIN, command, scratch } from "./command";

describe("probe", () => {
  it("sends nothing without --lab", async (t) => {
    const { simulator } = await bench(t);
    const { code, stderr } = await command(["probe", "--url", simulator.url], ADMIN);
    assert.equal(code, 2);
    assert.match(stderr, /add --lab if the device is in a lab/);
    assert.deepEqual(simulator.requests, []);
  });

  it("writes the profile of a firmware, which doctor then names", async (t) => {
    const { simulator } = await bench(t, { tableMode: "merge" });
    const before = JSON.stringify(simulator.running.snapshot());
    const out = scratch(t);
    const ended = await command(["probe", "--url", simulator.url, "--lab", "--out", out], ADMIN);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(
      ended.stdout,
      /7\.40A\.250\.440\.profile\.json\n.*incrementalTables of this firmware: rows\n$/,
    );
    assert.equal(JSON.stringify(simulator.running.snapshot()), before);
    assert.deepEqual(readdirSync(out), ["7.40A.250.440.profile.json"]);
    const profile = parseProfile(readFileSync(join(out, "7.40A.250.440.profile.json"), "utf8"));
    assert.equal(profile.answers["tableMode"], "merge");
    const doctor = await command(["doctor", "--url", simulator.url, "--profiles", out], ADMIN);
    assert.match(
      doctor.stdout,
      /ok +profile +.*7\.40A\.250\.440\.profile\.json fits: incrementalTables can be rows/,
    );
  });

  it("writes no profile if it fails, and says what is left", async (t) => {
    const { simulator } = await bench(t);
    simulator.faults.fail(403, "PUT /api/v1/files/cliScript/incremental", 20);
    const out = scratch(t);
    const ended = await command(["probe", "--url", simulator.url, "--lab", "--out", out], ADMIN);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /403.*what was written is put back, nothing was saved/);
    assert.deepEqual(readdirSync(out), []);
  });

  it("documents itself", async () => {
    const { code, stdout } = await command(["probe", "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /--lab[\s\S]*never saves[\s\S]*Exit codes:/);
  });
});

describe("simulate --profile", () => {
  it("refuses what is no profile", async (t) => {
    const file = join(scratch(t), "x.profile.json");
    for (const [text, message] of [
      ["{", /it is not JSON/],
      ["{}", /profile/],
    ] as const) {
      writeFileSync(file, text);
      const { code, stderr } = await command(["simulate", "--port", "0", "--profile", file]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    }
  });
});
