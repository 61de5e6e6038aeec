import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { behaviourOf } from "../../src/simulator/behaviour";
import { type CliField, CliModel, cliName, type RowCommand } from "../../src/simulator/cli/model";
import { readItems } from "../../src/simulator/cli/values";
import { quoteWord, readWords } from "../../src/simulator/cli/words";
import type { FieldModel } from "../../src/simulator/config/model";
import { isForeign } from "../../src/simulator/config/secrets";
import type { ConfigStore, Row } from "../../src/simulator/config/store";
import { Device } from "../../src/simulator/device/device";
import { type Bench, bench, descriptionOf, untilBack, upload } from "./harness";

const SCRIPT = "/api/v1/files/cliScript";
const RUNS = { numRuns: 200 };

const newDevice = (firmware = "7.40A.250.440"): Device =>
  new Device({
    firmware,
    ini: undefined,
    users: undefined,
    eol: "\r\n",
    noise: false,
    behaviour: behaviourOf({ obscuring: "anew" }),
    ignores: () => false,
    now: () => 0,
  });

const exported = async ({ ask }: Bench): Promise<string> => (await ask(`GET ${SCRIPT}`)).text;

test("the running script has the layout of a device, without what is at its default", async (t) => {
  const device = await bench(t, {
    ini: 'EnableSyslog = 1\n[ ProxySet ]\nFORMAT Index = ProxyName, ProxyKeepAliveTime;\nProxySet 3 = "PS_A", 60;\n[ \\ProxySet ]\n',
  });
  const script = await exported(device);
  assert.ok(
    script.startsWith(
      "# Running Configuration Mediant SW\r\n\r\n## System Configuration\r\n\r\nconfigure system\r\n",
    ),
  );
  assert.match(script, /\r\n {2}proxy-set 3\r\n {4}proxy-name "PS_A"\r\n {4}activate\r\n {2}exit\r\n/);
  assert.ok(
    script.endsWith(
      "## Troubleshoot Configuration\r\n\r\nconfigure troubleshoot\r\n  syslog\r\n    syslog on\r\n  exit\r\nexit\r\n\r\n",
    ),
  );
  assert.match(script, /\r\n {2}user "Admin"\r\n {4}password "\$1\$[A-Za-z0-9+/]+=*"\r\n/);
  assert.doesNotMatch(script, /password "Admin"/);
  const noisy = await bench(t, { noise: true, eol: "\n" });
  assert.match(await exported(noisy), /exit\n\nGET \/topAreaStaus\.json\n$/);
});

test("a whole script replaces all, is saved, and resets the device", async (t) => {
  const device = await bench(t);
  const { ask, put, simulator } = device;
  await put("NTPServerIP = 'gone'\n");
  await put('[ ConditionTable ]\nFORMAT Index = Name;\nConditionTable 0 = "gone";\n[ \\ConditionTable ]\n');
  const script = "configure system\nhostname x\nconfigure voip\nsrd 6\nname only\nexit\n";
  const reply = await ask(`PUT ${SCRIPT}`, upload(simulator, {}, script));
  assert.equal(descriptionOf(reply), "Device will reset now to activate new configuration");
  await assert.rejects(ask("GET /api/v1/status"));
  await untilBack(device);
  const { running, flash } = simulator;
  assert.equal(running.parameter("NTPServerIP"), undefined);
  assert.equal(running.parameter("HostName"), "x");
  assert.deepEqual(running.indexes("ConditionTable"), []);
  assert.deepEqual(running.indexes("SRD"), ["6"]);
  assert.deepEqual(running.indexes("InterfaceTable"), ["0"], "left out: as it left the factory");
  assert.deepEqual(flash.snapshot(), running.snapshot());
});

test("a whole script with a refused line changes nothing, and nothing resets", async (t) => {
  const { ask, simulator } = await bench(t);
  const before = simulator.running.snapshot();
  const script = "configure system\nhostname x\nconfigure voip\nwhat is this\n";
  const reply = await ask(`PUT ${SCRIPT}`, upload(simulator, {}, script));
  assert.equal(reply.status, 400);
  assert.equal(descriptionOf(reply), "Invalid command: what is this");
  assert.equal((await ask("GET /api/v1/status")).status, 200);
  assert.deepEqual(simulator.running.snapshot(), before);
});

test("a whole script keeps what no script can carry", async (t) => {
  const device = await bench(t, { firmware: "7.00A.018.005" });
  const { ask, simulator } = device;
  const script = await exported(device);
  assert.doesNotMatch(script, /dsp-templates|group-status|ServerCert/);
  await ask(`PUT ${SCRIPT}`, upload(simulator, { firmware: "7.00A.018.005" }, script));
  await untilBack(device);
  assert.equal(simulator.running.parameter("HTTPSCertFileName"), "ServerCert.pem");
  assert.deepEqual(simulator.running.indexes("DspTemplates"), ["0"]);
  assert.equal(simulator.running.cell("PhysicalPortsTable", 1, "GroupStatus"), "Active");
});

test("names follow one rule, and none is used twice in one place", () => {
  assert.equal(cliName("ProxyKeepAliveTime"), "proxy-keep-alive-time");
  assert.equal(cliName("SRDName"), "srd-name");
  assert.equal(cliName("PLThresholdLevelsPerMille_0"), "pl-threshold-levels-per-mille-0");
  for (const firmware of ["7.40A.250.440", "7.00A.018.005"]) {
    const { model } = newDevice(firmware);
    const { modes } = new CliModel(model);
    const rows = modes.flatMap((mode) => mode.rows.flatMap((row) => [row, ...row.rows]));
    const visible = model.tables().filter(({ hidden }) => !hidden);
    assert.deepEqual(rows.map(({ table }) => table.name).sort(), visible.map(({ name }) => name).sort());
    for (const { table, fields, key, parent, rows: inner } of rows) {
      const shown = table.columns.values().filter((column) => !column.hidden && !column.readOnly);
      const placed = shown.filter((column) => column !== key && column !== parent);
      assert.deepEqual(fieldNames(fields.values()), placed.map(({ name }) => name).sort(), table.name);
      for (const { command } of inner) assert.equal(fields.get(command), undefined, command);
    }
    const parameters = modes.flatMap(({ fields, subModes }) => [
      ...fields.values(),
      ...subModes.flatMap((subMode) => subMode.fields.values()),
    ]);
    const known = model.parameters().filter(({ hidden }) => !hidden);
    assert.deepEqual(fieldNames(parameters), known.map(({ name }) => name).sort());
    for (const { fields, subModes, rows: headers } of modes) {
      const commands = [...subModes, ...headers].map(({ command }) => command);
      assert.equal(new Set(commands).size, commands.length);
      for (const command of commands) assert.equal(fields.get(command), undefined, command);
    }
  }
});

const fieldNames = (fields: readonly CliField[]): string[] => fields.map(({ field }) => field.name).sort();

const text = fc
  .string({ unit: "grapheme", maxLength: 12 })
  .filter((value) => !/["\p{Cc}]/u.test(value) && !isForeign(value));
const { model, cli } = newDevice();

function valueFor(field: FieldModel): fc.Arbitrary<string> {
  if (field.type === "address") return fc.ipV4();
  if (field.type === "list") return text.filter((value) => !value.includes("'"));
  return field.type === "integer" ? fc.integer({ min: field.minimum, max: field.maximum }).map(String) : text;
}

const parameter = fc
  .constantFrom(...model.parameters().filter(({ hidden }) => !hidden))
  .chain((field) =>
    fc.tuple(
      fc.constant(field.name),
      fc.array(valueFor(field), { minLength: 1, maxLength: field.type === "list" ? 4 : 1 }),
    ),
  );

/** Commands of rows without references and without a key of their own, so that any row stands for itself. */
const ROWS = cli.modes
  .flatMap((mode) => mode.rows.map((row) => ({ mode: mode.mode, row })))
  .filter(({ row }) => !row.key && row.fields.values().every(({ field }) => !field.references));

const row = fc.constantFrom(...ROWS).chain(({ mode, row: command }) =>
  fc.record({
    mode: fc.constant(mode),
    command: fc.constant(command),
    // Beside the factory's rows, to which others refer.
    index: fc.integer({ min: 10, max: 30 }),
    cells: cellsOf(command),
  }),
);

function cellsOf(command: RowCommand): fc.Arbitrary<Row> {
  const fields = command.fields.values().map(({ field }) => [field.name, valueFor(field)] as const);
  return fc.record<Row>(Object.fromEntries(fields), { requiredKeys: [] });
}

const proxyIp = fc.record({
  set: fc.integer({ min: 0, max: 3 }),
  index: fc.integer({ min: 0, max: 3 }),
  address: text,
});

const configuration = fc.record({
  parameters: fc.array(parameter, { maxLength: 8 }),
  rows: fc.array(row, { maxLength: 8 }),
  proxyIps: fc.uniqueArray(proxyIp, { maxLength: 6, selector: ({ set, index }) => `${set} ${index}` }),
});

type Configuration = typeof configuration extends fc.Arbitrary<infer T> ? T : never;

function fill(store: ConfigStore, { parameters, rows, proxyIps }: Configuration): void {
  for (const [name, items] of parameters) store.setParameter(name, items);
  for (const { command, index, cells } of rows) store.addRow(command.table.name, index, cells);
  // From the last index down: their order in the table is not that of an export.
  proxyIps.forEach(({ set, index, address }, at) => {
    store.addRow("ProxySet", set, {});
    store.addRow("ProxyIp", 20 - at, {
      ProxySetId: String(set),
      ProxyIpIndex: String(index),
      IpAddress: address,
    });
  });
}

test("a device that is given its own running script holds the same, whole and partial", () => {
  fc.assert(
    fc.property(configuration, configuration, (made, other) => {
      const device = newDevice();
      fill(device.running, made);
      const expected = device.running.snapshot();
      const script = device.cliScript().join("\r\n");
      assert.equal(device.runCli(script).failure, undefined);
      assert.deepEqual(device.running.snapshot(), expected);
      device.loadFullCli(script);
      assert.deepEqual(device.running.snapshot(), expected);
      assert.deepEqual(device.flash.snapshot(), expected);
      const another = newDevice();
      fill(another.running, other);
      another.loadFullCli(script);
      // Rows that are found by what they hold may have another index there.
      const { ProxyIp: held = {}, ...tables } = another.running.snapshot().tables;
      const { ProxyIp: wanted = {}, ...others } = expected.tables;
      assert.deepEqual(tables, others);
      assert.deepEqual(sorted(held), sorted(wanted));
      assert.deepEqual(another.running.snapshot().parameters, expected.parameters);
    }),
    RUNS,
  );
});

const sorted = (rows: Record<string, Row>): string[] =>
  Object.values(rows)
    .map((cells) => JSON.stringify(cells))
    .sort();

test("over HTTP, every line of a script of rows holds in the store, and no other row changes", async (t) => {
  const device = await bench(t);
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
      const { running } = device.simulator;
      const expected = running.snapshot();
      const lines = rows.flatMap(({ mode, command, index, cells }) => {
        const table = expected.tables[command.table.name] ?? {};
        expected.tables[command.table.name] = table;
        const blank = Object.fromEntries(
          command.table.columns.values().map((each) => [each.name, each.default]),
        );
        table[index] = { ...blank, ...table[index], ...cells };
        const fields = command.fields.values().filter(({ field }) => field.name in cells);
        const written = fields.map(({ name, field }) => `${name} ${quoteWord(cells[field.name] ?? "")}`);
        return [`configure ${mode}`, `${command.command} ${index}`, ...written, "activate"];
      });
      assert.equal(JSON.parse((await device.cli(...lines)).text).status, "success");
      assert.deepEqual(running.snapshot(), expected);
    }),
    { numRuns: 60 },
  );
});

test("a word comes out of its quotes as it went in", () => {
  const value = fc.string({ unit: "grapheme" }).filter((each) => !(each.includes('"') && each.includes("'")));
  fc.assert(
    fc.property(fc.array(value), (values) => {
      assert.deepEqual(readWords(values.map(quoteWord).join(" ")), values);
    }),
    RUNS,
  );
  for (const open of ['"a', "'a", 'x "a"b', `"a'`]) assert.equal(readWords(open), undefined, open);
  assert.deepEqual(readWords(`a"b\tc'd  ""`), ['a"b', "c'd", ""]);
  assert.equal(readWords(" ".repeat(200_000))?.length, 0);
});

test("keywords and the ini's values mean the same", () => {
  const field = (command: string, name: string): CliField => {
    const found = cli.modes.flatMap(({ rows }) => rows).find((each) => each.command === command);
    return found?.fields.get(name) ?? assert.fail(name);
  };
  const keepAlive = field("proxy-set", "proxy-enable-keep-alive");
  for (const word of ["using-options", "Using-Options", "1", "01"])
    assert.deepEqual(readItems(keepAlive, [word]), ["1"]);
  assert.equal(readItems(keepAlive, ["on"]), undefined);
  const isDefault = field("realm", "is-default");
  for (const word of ["enable", "on", "1"]) assert.deepEqual(readItems(isDefault, [word]), ["1"]);
});

test("no text makes the CLI fail but with its own refusal", () => {
  const words = [
    "configure ",
    "voip",
    "system",
    "\n",
    "\r",
    " ",
    '"',
    "'",
    "srd 6",
    "no ",
    "exit\n",
    "activate\n",
  ];
  const more = [
    "name ",
    "user ",
    "syslog",
    "proxy-set 1\n",
    "proxy-ip 0\n",
    "show ",
    "hostname ",
    "display",
    "x",
  ];
  const soup = fc.array(fc.oneof(fc.constantFrom(...words, ...more), fc.string({ maxLength: 3 })), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(soup, (parts) => {
      const { output, failure } = newDevice().runCli(parts.join(""));
      assert.ok(Array.isArray(output));
      assert.match(failure ?? "Invalid ", /^(Invalid |Command )/);
    }),
    RUNS,
  );
});
