import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fleetDevice, readInventory } from "../../examples/fleet/devices";
import { fingerprints } from "../../examples/fleet/rollout/progress";
import { EXIT } from "../../examples/fleet/rollout/summary";
import { declareSite } from "../../examples/fleet/site";
import { parseInventory } from "../../src/inventory";
import { docsBlocks } from "../e2e/readme";

const EXAMPLE = join(__dirname, "../../examples/fleet");
const GUIDE = readFileSync(join(__dirname, "../../docs/fleet.md"), "utf8");

describe("the fleet of the example", () => {
  const inventory = readInventory(join(EXAMPLE, "fleet.yaml"));

  it("has a template and all values for each of its devices", () => {
    assert.deepEqual([...fingerprints(inventory, {}).keys()].sort(), [...inventory.sites].sort());
  });

  it("is described with the options, exit codes and settings that it has", () => {
    const command = readFileSync(join(EXAMPLE, "fleet.ts"), "utf8");
    for (const [flag] of GUIDE.matchAll(/(?<=`)--[\w-]+/g)) assert.ok(command.includes(`${flag} `), flag);
    const codes = [...GUIDE.matchAll(/^\| (\d+) /gm)].map(([, code]) => Number(code));
    assert.deepEqual(codes, Object.values(EXIT));
    for (const code of codes) assert.match(command, new RegExp(`\\b${code} `));
    const [rollout = ""] = docsBlocks("yaml").filter((block) => block.startsWith("rollout:"));
    const read = parseInventory(`sites: { lab: }\ndevices: {}\n${rollout}`).rollout;
    const usual = parseInventory("devices: {}").rollout;
    assert.deepEqual(read, { ...usual, canary: ["lab"] });
  });

  it("refuses an update by hand that could write to a device that is held back", () => {
    assert.throws(
      () => declareSite(inventory, "oslo", []),
      /nothing was changed: sbc-osl-1 is frozen: carrier/,
    );
    const night = new Date("2027-01-16T23:00:00Z");
    const noon = new Date("2027-01-16T12:00:00Z");
    assert.throws(() => declareSite(inventory, "madrid", [], noon), /sbc-mad-1 is outside its window/);
    assert.throws(() => declareSite(inventory, "nowhere", [], night), /no device at a site "nowhere"/);
  });
});

describe("a device of the fleet", () => {
  const { devices } = parseInventory(`
devices:
  sbc1: { profile: a, values: { ntp: 192.0.2.1, community: { env: COMMUNITY }, list: [1] } }
`);
  const [sbc1] = devices;
  assert.ok(sbc1 !== undefined);
  const device = fleetDevice(sbc1, { COMMUNITY: "canary" }, (text) => ({ sealed: text.length }));

  it("gives a template its values, and secrets only as secrets", () => {
    assert.equal(device.text("ntp"), "192.0.2.1");
    assert.deepEqual(device.secret("community"), { sealed: 6 });
    assert.throws(() => device.text("community"), /community comes from the environment: ask for secret/);
    assert.throws(() => device.secret("ntp"), /ntp must come from the environment/);
    assert.throws(() => device.text("list"), /has no value list, which its template needs/);
    assert.throws(() => device.text("constructor"), /has no value constructor/);
  });
});
