import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { DeviceClient } from "../../src/device/client";
import { resolveConnection } from "../../src/device/connect/connection";
import { Transport } from "../../src/device/http/transport";
import { probe } from "../../src/probe/probe";
import { type FirmwareProfile, parseProfile, renderProfile } from "../../src/probe/profile";
import { QUESTIONS } from "../../src/probe/questions";
import type { Simulator, SimulatorOptions } from "../../src/simulator";
import { CHOICES } from "../../src/simulator/behaviour";
import { bench } from "../simulator/harness";

/** What no harmless request can tell: docs/evidence.md says so of each. */
const NOT_ASKED = ["statusColumns", "expectContinue"];

function clientOf(simulator: Simulator, log: (line: string) => void = () => {}): DeviceClient {
  const connection = resolveConnection({ url: simulator.url, username: "Admin", password: "Admin" });
  return new DeviceClient(connection, new Transport(connection, { log }));
}

/** Probes a simulator; nothing of it may be left, and nothing may have been saved. */
async function probed(t: TestContext, options: SimulatorOptions): Promise<FirmwareProfile> {
  const { simulator } = await bench(t, options);
  const before = [simulator.running.dump(), JSON.stringify(simulator.running.snapshot())];
  const flash = JSON.stringify(simulator.flash.snapshot());
  const profile = await probe(clientOf(simulator), { log: () => {} });
  if (options.obscuring !== "anew")
    assert.equal(withoutClock(simulator.running.dump()), withoutClock(before[0] ?? ""));
  assert.equal(JSON.stringify(simulator.running.snapshot()), before[1]);
  assert.equal(JSON.stringify(simulator.flash.snapshot()), flash);
  assert.ok(simulator.requests.every(({ path }) => !path.includes("/actions/")));
  assert.deepEqual(parseProfile(renderProfile(profile)), profile);
  assert.doesNotMatch(renderProfile(profile), /\$1\$/);
  return profile;
}

const withoutClock = (dump: string): string => dump.replace(/^;Time & Date.*$/m, "");

/** Modes that a harmless request can tell, each of their values on one of these devices at least. */
const DEVICES = [0, 1, 2, 3, 4].map((device) =>
  Object.fromEntries(
    Object.entries(CHOICES)
      .filter(([name]) => !NOT_ASKED.includes(name))
      .map(([name, choices]) => [name, choices[device % choices.length] ?? ""]),
  ),
);

/** What of the modes shows: some hide others. */
function shown({ base64Parts, ...modes }: Readonly<Record<string, string>>): Record<string, string> {
  const ignoresSecond = modes["faultyLines"] === "ignored" && modes["duplicateRows"] === "refused";
  return {
    ...modes,
    ...(modes["upload"] === "raw" || base64Parts === undefined ? {} : { base64Parts }),
    ...(ignoresSecond ? { duplicateRows: "first" } : {}),
  };
}

describe("the probe names the modes of the simulator:", () => {
  for (const modes of DEVICES)
    it(Object.values(modes).join(", "), async (t) => {
      const { answers } = await probed(t, modes);
      for (const [name, mode] of Object.entries(shown(modes))) assert.equal(answers[name], mode, name);
    });

  it("all values of all modes are on some device", () => {
    for (const [name, choices] of Object.entries(CHOICES))
      if (!NOT_ASKED.includes(name))
        assert.deepEqual(new Set(DEVICES.map((modes) => shown(modes)[name] ?? choices[0])), new Set(choices));
  });

  it("largestBodyBytes: the largest file that it sent and that was taken", async (t) => {
    const { answers } = await probed(t, { largestBodyBytes: 500_000 });
    assert.equal(answers["largestBodyBytes"], 256 * 1024);
    assert.equal((await probed(t, {})).answers["largestBodyBytes"], undefined);
  });

  it("7.0, whose status does not tell what is unsaved", async (t) => {
    const { answers, notes, firmware } = await probed(t, { firmware: "7.00A.018.005", tableMode: "merge" });
    assert.equal(firmware, "7.00A.018.005");
    assert.deepEqual(
      [answers["upload"], answers["cliAnswer"], answers["tableMode"]],
      ["raw", "manual", "merge"],
    );
    assert.ok(notes.some((note) => note.startsWith("unsavedChange: the status has no saveNeeded")));
  });
});

describe("the probe", () => {
  it("has a question for each switch of the simulator that a request can tell", () => {
    const asked = QUESTIONS.map(({ id }) => id).sort();
    assert.deepEqual([...asked, ...NOT_ASKED].sort(), [...Object.keys(CHOICES), "largestBodyBytes"].sort());
  });

  it("learns from a simulator with a profile what the profile says", async (t) => {
    const profile = await probed(t, {
      tableMode: "merge",
      rowOrder: "sent",
      cliAnswer: "refused",
      obscuring: "anew",
    });
    const again = await probed(t, { profile, obscuring: "anew" });
    assert.deepEqual(again.answers, profile.answers);
    assert.equal(again.incrementalTables, "rows");
  });

  it("names what a dump obscures, and no value of it", async (t) => {
    assert.deepEqual((await probed(t, {})).obscured, ["WebUsers.Password"]);
  });

  const inUse =
    '[ ConditionTable ]\nFORMAT Index = Name, Condition;\nConditionTable 0 = "mine", "x";\n[ \\ConditionTable ]\n';

  it("takes another table where the first has rows, and none that has", async (t) => {
    assert.equal((await probed(t, { ini: inUse })).table, "MessagePolicy");
    const both = `${inUse}[ MessagePolicy ]\nFORMAT Index = Name;\nMessagePolicy 0 = "mine";\n[ \\MessagePolicy ]\n`;
    const { simulator } = await bench(t, { ini: both });
    await assert.rejects(probe(clientOf(simulator), { log: () => {} }), /have rows.*empty one of them/);
    assert.deepEqual(simulator.writes, []);
  });

  it("puts back what it wrote if it fails in the middle, and says so", async (t) => {
    const { simulator } = await bench(t);
    const before = JSON.stringify(simulator.running.snapshot());
    let seen = 0;
    const log = (): void => {
      if (++seen === 4) simulator.faults.fail(403, "PUT /api/v1/files/ini/incremental");
    };
    await assert.rejects(probe(clientOf(simulator), { log }), /403.*put back, nothing was saved/);
    assert.equal(JSON.stringify(simulator.running.snapshot()), before);
  });

  it("puts back what it wrote if it is interrupted", async (t) => {
    const { simulator } = await bench(t);
    const before = JSON.stringify(simulator.running.snapshot());
    const stop = new AbortController();
    const log = (line: string): void => void (line.startsWith("partialColumns") && stop.abort());
    await assert.rejects(probe(clientOf(simulator), { log, signal: stop.signal }), /interrupted; .*put back/);
    assert.equal(JSON.stringify(simulator.running.snapshot()), before);
  });

  it("says what remains if it cannot put it back", async (t) => {
    const { simulator } = await bench(t);
    const log = (line: string): void => {
      if (line.startsWith("rowOrder")) simulator.faults.fail(403, /^PUT /, 20);
    };
    await assert.rejects(
      probe(clientOf(simulator), { log }),
      /could not be put back.*rows named pulumi-mediant-probe-… may remain in ConditionTable.*reset without saving/,
    );
    assert.deepEqual(simulator.running.indexes("ConditionTable"), ["8", "9"]);
  });

  it("says so if the device is not as it was", async (t) => {
    const { simulator } = await bench(t);
    const log = (line: string): void => {
      if (line.startsWith("rowOrder")) simulator.running.setParameter("EnableSyslog", "1");
    };
    await assert.rejects(probe(clientOf(simulator), { log }), /not as it was before: EnableSyslog differ/);
  });
});
