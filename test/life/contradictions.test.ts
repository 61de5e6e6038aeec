import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "../shared/files";
import { newRun } from "../shared/life";

const DEVICE = { url: "https://sbc1.example.com", username: "u", password: "p" };

interface Declared {
  type?: keyof typeof lives;
  name?: string;
  [input: string]: unknown;
}

const provider = newRun();
const lives = {
  ini: provider.incrementalIniConfig,
  cli: provider.cliScriptConfig,
  software: provider.softwareLoad,
  license: provider.deviceLicense,
};
let runs = 0;

/** The reasons for which each of these is refused, checked one after the other. `sbc1` is a device of its own each time. */
async function declare(...resources: Declared[]): Promise<string[][]> {
  runs++;
  const reasons: string[][] = [];
  for (const [at, { type = "ini", name = `r${at}`, ...inputs }] of resources.entries()) {
    const declared = { device: DEVICE, __mediantName: name, ...inputs };
    const text = JSON.stringify(declared).replace(/sbc1/gi, (host) => `${host}${runs}`);
    const { failures = [] } = await lives[type].check({}, JSON.parse(text));
    reasons.push(failures.map(({ reason }) => reason));
  }
  return reasons;
}

const logging = (value: string) => ({ parameters: { EnableSyslog: value } });
const at = (url: string) => ({ ...DEVICE, url });
const TWO_VALUES = "EnableSyslog is declared with another value by IncrementalIniConfig r0";

function silent(t: TestContext): void {
  t.mock.method(console, "log", () => {});
}

test("one device is one device, however its url is spelt", async () => {
  for (const [one, other] of [
    ["https://sbc1.example.com", "https://sbc1.example.com:443"],
    ["https://sbc1.example.com", "HTTPS://SBC1.Example.COM/"],
    ["https://sbc1.example.com", "https://sbc1.example.com."],
    ["http://127.1:80", "http://127.0.0.1"],
    ["https://0x7f000002:8443", "https://127.0.0.2:8443"],
    ["https://[::1]", "https://[0:0:0:0:0:0:0:1]:443"],
  ] as const) {
    const reasons = await declare(
      { device: at(one), ...logging("1") },
      { device: at(other), ...logging("0") },
    );
    assert.deepEqual(reasons, [[], [TWO_VALUES]], `${one} and ${other}`);
  }
  const reasons = await declare(
    { device: at("https://127.0.0.3:8443"), ...logging("1") },
    { device: at("https://127.0.0.3:8444"), ...logging("0") },
  );
  assert.deepEqual(reasons, [[], []]);
});

async function withCredentials(t: TestContext, text: string): Promise<void> {
  const folder = await temporaryFolder(t, "credentials-");
  const file = join(folder, "credentials");
  await writeFile(file, text, { mode: 0o600 });
  const earlier = process.env["MEDIANT_CREDENTIALS"];
  process.env["MEDIANT_CREDENTIALS"] = file;
  t.after(() => {
    if (earlier === undefined) delete process.env["MEDIANT_CREDENTIALS"];
    else process.env["MEDIANT_CREDENTIALS"] = earlier;
  });
}

test("two profiles with one url, and a profile beside its url, are one device", async (t) => {
  const section = (host: string) => `url = https://${host}.example.com\nusername = u\npassword = p\n`;
  await withCredentials(t, `[a]\n${section("one")}[b]\n${section("one")}[c]\n${section("two")}`);
  const refused = [[], [TWO_VALUES]];
  const on = (device: object, value: string) => ({ device, ...logging(value) });
  assert.deepEqual(await declare(on({ profile: "a" }, "1"), on({ profile: "b" }, "0")), refused);
  const url = at("https://two.example.com:443");
  assert.deepEqual(await declare(on({ profile: "c" }, "1"), on(url, "0")), refused);
});

test("resources of one name below different parents are two", async () => {
  const below = (parent: string, value: string) => ({
    name: "base",
    __mediantParent: parent,
    ...logging(value),
  });
  const [first, second] = await declare(below("site:Berlin/rack1", "1"), below("site:Madrid/rack1", "0"));
  assert.deepEqual(first, []);
  assert.deepEqual(second, [
    "EnableSyslog is declared with another value by IncrementalIniConfig site:Berlin/rack1/base",
  ]);
});

test("the licence and the software of a device belong to one resource, however its url is spelt", async (t) => {
  silent(t);
  const load = { source: "a.cmp", sha256: "a".repeat(64), version: "7.40A.500.010", __mediantSize: 1 };
  const other = { device: at("https://sbc1.example.com:443") };
  assert.deepEqual(await declare({ type: "software", ...load }, { type: "software", ...load, ...other }), [
    [],
    ["the software of this device is declared by SoftwareLoad r0 already"],
  ]);
  assert.deepEqual(await declare({ type: "license", key: "k" }, { type: "license", key: "l", ...other }), [
    [],
    ["the licence of this device is declared by DeviceLicense r0 already"],
  ]);
});

const script = (...lines: string[]) => ({ type: "cli" as const, script: lines.join("\n") });
const inProxySet = (...lines: string[]) =>
  script("configure voip", "proxy-set 3", ...lines, "activate", "exit", "exit");
const proxySet = (cells: Record<string, string>) => ({ tables: { ProxySet: { 3: cells } } });

/** Both orders, since the program decides which one is checked second. */
async function bothWays(a: Declared, b: Declared): Promise<[string[] | undefined, string[] | undefined]> {
  const [, second] = await declare({ name: "a", ...a }, { name: "b", ...b });
  const [, first] = await declare({ name: "b", ...b }, { name: "a", ...a });
  return [second, first];
}

test("a cell that a script and an ini both declare is refused, whichever comes first", async () => {
  assert.deepEqual(await bothWays(proxySet({ ProxyName: "PS_X" }), inProxySet('proxy-name "PS_Y"')), [
    [
      "configure voip / proxy-set 3 / proxy-name is declared by IncrementalIniConfig a too, as ProxySet 3 ProxyName: declare it in one place",
    ],
    [
      "ProxySet 3 ProxyName is declared by CliScriptConfig b too, as configure voip / proxy-set 3 / proxy-name: declare it in one place",
    ],
  ]);
});

test("the words of a field may stand in another order", async () => {
  const [second] = await bothWays(
    proxySet({ EnableProxyKeepAlive: "1" }),
    inProxySet("proxy-enable-keep-alive using-options"),
  );
  assert.match(second?.[0] ?? "", /as ProxySet 3 EnableProxyKeepAlive: declare it in one place$/);
});

test("a row whose fields cannot be matched belongs to one language", async () => {
  const [second, first] = await bothWays(proxySet({ ProxyName: "PS_X" }), inProxySet("some-short-name 1"));
  assert.deepEqual(second, [
    "configure voip / proxy-set 3 is declared by IncrementalIniConfig a too, as ProxySet 3: the names of its fields cannot all be matched between ini and CLI, so declare the row in one of them",
  ]);
  assert.equal(first?.length, 1);
});

test("what agrees, another row, and a row that is only entered are no contradiction", async () => {
  const nothing = [[], []];
  assert.deepEqual(await bothWays(proxySet({ ProxyName: "X" }), inProxySet("proxy-name X")), nothing);
  assert.deepEqual(
    await bothWays(proxySet({ ProxyName: "X" }), script("configure voip", "proxy-set 4", "proxy-name Y")),
    nothing,
  );
  const inner = inProxySet("proxy-ip 0", "proxy-address 192.0.2.1", "activate", "exit");
  assert.deepEqual(await bothWays(proxySet({ ProxyName: "X" }), inner), nothing);
  assert.deepEqual(
    await bothWays({ tables: { NoTableOfTheCli: { 3: { A: "1" } } } }, inProxySet("proxy-name X")),
    nothing,
    "a table whose command is not known is not promised",
  );
});

test("a row that is found by a cell is the same row", async () => {
  const user = { tables: { WebUsers: { 7: { Username: "Bob", UserLevel: "100" } } } };
  const [second] = await bothWays(
    user,
    script("configure system", "user Bob", "user-level admin", "activate", "exit"),
  );
  assert.match(second?.[0] ?? "", /^configure system \/ user Bob \/ user-level is declared by .* too/);
});

test("a row that a script takes away is no place for another's fields, in either language", async () => {
  const gone = script("configure voip", "no proxy-set 3", "exit");
  for (const [kept, name] of [
    [inProxySet("proxy-name X"), "CliScriptConfig a"],
    [inProxySet("proxy-ip 0", "proxy-address 192.0.2.1"), "CliScriptConfig a"],
    [proxySet({ ProxyName: "X" }), "IncrementalIniConfig a"],
    [
      { tables: { ProxyIp: { 0: { ProxySetId: "3", ProxyIpIndex: "0", IpAddress: "192.0.2.1" } } } },
      "IncrementalIniConfig a",
    ],
  ] as const) {
    const [second, first] = await bothWays(kept, gone);
    assert.deepEqual(second, [
      `configure voip / no proxy-set 3 takes away a row in which ${name} declares something`,
    ]);
    assert.equal(first?.length, 1);
    assert.match(first?.[0] ?? "", / is a row that CliScriptConfig b takes away$/);
  }
  const again = script("configure voip", "no proxy-set 3", "proxy-set 3", "proxy-name X", "exit", "exit");
  const [second] = await bothWays(proxySet({ ProxyName: "X" }), again);
  assert.deepEqual(second, [], "what is taken away and made again is there");
});

test("a table that an ini owns has no rows of a script", async () => {
  const [second, first] = await bothWays({ ownTables: ["ProxySet"] }, inProxySet("proxy-name X"));
  assert.deepEqual(second, [
    "configure voip / proxy-set 3 is a row of a table that is owned by IncrementalIniConfig a (ownTables)",
  ]);
  assert.deepEqual(first, [
    "table ProxySet cannot be owned (ownTables): CliScriptConfig b declares rows in it",
  ]);
});

test("the check of a resource looks at what it declares itself, however many others there are", async () => {
  const { check } = lives.ini;
  let looks = 0;
  const watched = <T extends object>(value: T): T =>
    new Proxy(value, {
      get: (target, key, receiver) => {
        looks++;
        const found = Reflect.get(target, key, receiver);
        return typeof found === "object" && found !== null ? watched(found) : found;
      },
      ownKeys: (target) => {
        looks++;
        return Reflect.ownKeys(target);
      },
    });
  const costs: number[] = [];
  for (let n = 0; n < 1_000; n++) {
    const inputs = watched({
      device: at("https://many.example.com"),
      __mediantName: `r${n}`,
      parameters: { Shared: "1", [`Own${n}`]: "1" },
      tables: { ProxySet: { [n]: { ProxyName: `PS_${n}` } } },
    });
    const before = looks;
    const { failures } = await check({}, inputs);
    assert.deepEqual(failures, []);
    costs.push(looks - before);
  }
  // The first one is not looked into before there is a second one.
  assert.equal(costs.at(-1), costs[2], "the last of 1,000 looks as often as the third");
});
