import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InventoryError, parseInventory } from "../../src/inventory";

const FLEET = `
defaults:
  username: ops
  tls: { insecureSkipVerify: true }
  values: { ntp: 192.0.2.1, dns: 192.0.2.2 }
sites:
  london:
    window: { days: [sat, sun], from: 22:00, to: 04:00, timeZone: Europe/London }
    values: { ntp: 192.0.2.11 }
  oslo:
    frozen: carrier migration until June
roles:
  branch:
    firmware: 7.40A.250.440
    golden:
      - golden/common.ini
      - { file: golden/security.ini, severity: critical, ownTables: [AccessList] }
devices:
  sbc-lon-1:
    url: https://sbc-lon-1.example.com
    site: london
    role: branch
    values: { dns: 192.0.2.22, community: { env: LON_COMMUNITY }, trunks: [{ name: a }, { name: b }] }
  sbc-osl-1: { profile: oslo, site: oslo, role: branch, tls: { servername: sbc }, firmware: 7.40A.300.012 }
  sbc-osl-2: { profile: oslo2, site: oslo, frozen: false }
waivers:
  - { sites: oslo, names: SyslogServerIP, until: 2027-01-31, reason: no syslog yet }
`;

/** What is wrong with a text, in lines as a compiler prints them. */
function problemsOf(text: string): string[] {
  try {
    parseInventory(text, "fleet.yaml");
  } catch (error) {
    assert.ok(error instanceof InventoryError);
    return error.message.split("\n");
  }
  return [];
}

describe("an inventory", () => {
  it("gives each device what the defaults, its role, its site and its own entry say", () => {
    const { devices, sites, roles, waivers } = parseInventory(FLEET);
    const [london, oslo, free] = devices;
    assert.deepEqual(sites, ["london", "oslo"]);
    assert.deepEqual(london, {
      name: "sbc-lon-1",
      site: "london",
      role: "branch",
      firmware: "7.40A.250.440",
      frozen: undefined,
      windows: [{ days: ["sat", "sun"], from: 1320, to: 240, timeZone: "Europe/London" }],
      values: {
        ntp: "192.0.2.11",
        dns: "192.0.2.22",
        community: { env: "LON_COMMUNITY" },
        trunks: [{ name: "a" }, { name: "b" }],
      },
      connection: {
        name: "sbc-lon-1",
        username: "ops",
        tls: { insecureSkipVerify: true },
        url: "https://sbc-lon-1.example.com",
      },
      line: 19,
    });
    assert.equal(oslo?.firmware, "7.40A.300.012");
    assert.equal(oslo?.frozen, "carrier migration until June");
    assert.deepEqual(oslo?.connection, {
      name: "sbc-osl-1",
      username: "ops",
      tls: { servername: "sbc" },
      profile: "oslo",
    });
    assert.equal(free?.frozen, undefined);
    assert.deepEqual(roles[0]?.golden, [
      { file: "golden/common.ini", severity: "major", ownTables: [], atDefault: [] },
      { file: "golden/security.ini", severity: "critical", ownTables: ["AccessList"], atDefault: [] },
    ]);
    assert.deepEqual(waivers, [
      {
        devices: [],
        sites: ["oslo"],
        roles: [],
        names: ["SyslogServerIP"],
        until: "2027-01-31",
        reason: "no syslog yet",
      },
    ]);
  });

  it("says how a change goes through the sites, and has an answer to all that it leaves out", () => {
    const { rollout } = parseInventory(`
sites: { lab: , london: }
devices: {}
rollout: { canary: lab, wave: 3, maxFailures: 1, waitSeconds: 0, health: { maxSeverity: major } }
`);
    assert.deepEqual(rollout, {
      canary: ["lab"],
      wave: 3,
      atOnce: 3,
      maxFailures: 1,
      health: { maxSeverity: "major" },
      waitSeconds: 0,
    });
    assert.deepEqual(parseInventory("devices: {}").rollout, {
      canary: [],
      wave: 5,
      atOnce: 4,
      maxFailures: 0,
      health: { maxSeverity: "minor", unlocked: true },
      waitSeconds: 120,
    });
  });

  it("is JSON as well", () => {
    const { devices } = parseInventory('{"devices": {"sbc1": {"url": "https://sbc1.example.com"}}}');
    assert.equal(devices[0]?.connection.url, "https://sbc1.example.com");
  });

  it("takes shared parts by anchor and merge key", () => {
    const { devices } = parseInventory(`
devices:
  a: &a { profile: a, values: { x: 1 } }
  b: { <<: *a, profile: b }
`);
    assert.deepEqual(devices[1]?.values, { x: 1 });
    assert.equal(devices[1]?.connection.profile, "b");
  });

  const cases: [title: string, text: string, ...problems: (string | RegExp)[]][] = [
    ["no YAML", "devices:\n  a: [1\n", /^fleet\.yaml:\d:\d+: is no YAML: /],
    ["an empty file", "", "fleet.yaml:1:1: the inventory must be an object with devices"],
    [
      "a name that is there twice",
      "devices:\n  a: { profile: a }\n  a: { profile: b }\n",
      /^fleet\.yaml:3:3: is no YAML: Map keys must be unique/,
    ],
    [
      "a key that it does not know",
      "devices:\n  a:\n    profile: a\n    rolle: x\n",
      "fleet.yaml:4:5: devices.a.rolle: is not a key; did you mean role?",
    ],
    [
      "a password",
      "devices:\n  a:\n    profile: a\n    password: hunter2\n",
      "fleet.yaml:4:5: devices.a.password: keep passwords out of the inventory: name a section of the credentials file with profile, or set MEDIANT_USERNAME and MEDIANT_PASSWORD",
    ],
    [
      "a password in the url",
      "devices:\n  a: { url: 'https://ops:hunter2@sbc1' }\n",
      "fleet.yaml:2:13: devices.a.url: must hold no user name or password; use username and password",
    ],
    [
      "a secret among the values, by its name and by its look",
      'devices:\n  a:\n    profile: a\n    values:\n      snmpCommunityString: hunter2\n      x: "$1$S3p+fno="\n      list: [{ password: hunter2 }]\n',
      "fleet.yaml:5:28: devices.a.values.snmpCommunityString: keep secrets out of the inventory: refer to a variable of the environment with { env: NAME }",
      "fleet.yaml:6:10: devices.a.values.x: keep secrets out of the inventory: refer to a variable of the environment with { env: NAME }",
      /^fleet\.yaml:7:\d+: devices\.a\.values\.list\.0\.password: keep secrets out/,
    ],
    [
      "a site and a role that do not exist",
      "sites:\n  london:\ndevices:\n  a: { profile: a, site: londn, role: core }\n",
      'fleet.yaml:4:26: devices.a.site: there is no site "londn" under sites; did you mean london?',
      'fleet.yaml:4:39: devices.a.role: there is no role "core" under roles',
    ],
    [
      "a device that cannot be reached",
      "devices:\n  a:\n",
      "fleet.yaml:2:3: devices.a: needs url, or a profile that has it",
    ],
    [
      "settings of the connection, once, where they stand",
      "defaults:\n  tls:\n    fingerprint256: AB\ndevices:\n  a: { profile: a }\n  b: { profile: b }\n",
      "fleet.yaml:3:21: defaults.tls.fingerprint256: must be 64 hex digits, with or without colons",
    ],
    [
      "a version that YAML takes for a number",
      "devices:\n  a: { profile: a, firmware: 7.40 }\n",
      'fleet.yaml:2:30: devices.a.firmware: must be a version in quotes, such as "7.40A.250.440"',
    ],
    [
      "a window, in a list as well",
      "devices:\n  a:\n    profile: a\n    window:\n      - { days: [sat], from: 25:00, to: 04:00 }\n      - { days: [so], from: 01:00, to: 02:00, timeZone: Europa }\n",
      'fleet.yaml:5:30: devices.a.window[0].from: must be a time such as "22:00"',
      "fleet.yaml:6:18: devices.a.window[1].days[0]: must be one of mon, tue, wed, thu, fri, sat, sun",
      "fleet.yaml:6:57: devices.a.window[1].timeZone: must be the name of a time zone, such as Europe/London",
    ],
    [
      "half a window",
      "devices:\n  a: { profile: a, window: { from: 01:00 } }\n",
      /^fleet\.yaml:2:\d+: devices\.a\.window: needs to$/,
    ],
    [
      "golden files",
      "roles:\n  r:\n    golden: [a.txt, { file: a.ini, severity: bad }]\ndevices: {}\n",
      "fleet.yaml:3:46: roles.r.golden[1].severity: must be one of critical, major, minor",
    ],
    [
      "the ending of a golden file",
      "roles:\n  r:\n    golden: [a.txt]\ndevices: {}\n",
      "fleet.yaml:3:14: roles.r.golden[0]: must end in .ini or .cli",
    ],
    [
      "a waiver without an end",
      "devices: {}\nwaivers:\n  - { names: X, reason: because }\n  - { names: X, reason: because, until: soon }\n",
      "fleet.yaml:3:5: waivers[0]: needs until",
      "fleet.yaml:4:41: waivers[1].until: must be a day such as 2027-01-31",
    ],
    [
      "a rollout",
      "sites: { lab: }\ndevices: {}\nrollout:\n  canary: [lab, labb]\n  health: { maxSeverity: bad, monitors: [{ name: a }] }\n",
      'fleet.yaml:4:17: rollout.canary[1]: there is no site "labb" under sites; did you mean lab?',
      /^fleet\.yaml:5:26: rollout\.health\.maxSeverity: must be one of/,
      "fleet.yaml:5:42: rollout.health.monitors[0]: checks nothing: give min or max",
    ],
    [
      "numbers and names of a rollout",
      "devices: {}\nrollout:\n  wave: 0\n  maxFailure: 1\n",
      "fleet.yaml:3:9: rollout.wave: must be a number of sites from 1",
      "fleet.yaml:4:3: rollout.maxFailure: is not a key; did you mean maxFailures?",
    ],
    [
      "names that JavaScript keeps for itself",
      "devices:\n  constructor: { profile: a }\n  a: { profile: a, values: { __proto__: 1 } }\n",
      "fleet.yaml:2:3: devices.constructor: cannot be a name here",
      "fleet.yaml:3:30: devices.a.values.__proto__: cannot be a name here",
    ],
  ];
  for (const [title, text, ...expected] of cases) {
    it(`tells line and column: ${title}`, () => {
      const found = problemsOf(text);
      assert.equal(found.length, expected.length, found.join("\n"));
      for (const [at, each] of expected.entries()) {
        if (typeof each === "string") assert.equal(found[at], each);
        else assert.match(found[at] ?? "", each);
      }
    });
  }

  it("shows no value that may be a secret", () => {
    for (const [, text] of cases) assert.doesNotMatch(problemsOf(text).join("\n"), /hunter2|S3p/);
  });
});
