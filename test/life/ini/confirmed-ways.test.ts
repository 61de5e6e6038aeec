import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ConfirmArgs, ConfirmChecks } from "../../../src/declare/checks";
import type { Simulator, SimulatorOptions } from "../../../src/simulator";
import { requestText } from "../../shared/simulated";
import { bench, flat, PUT_INI, SAVE } from "./bench";

const INI = ["[ ProxySet ]", "FORMAT Index = ProxyName;", 'ProxySet 3 = "Trunk";', "[ \\ProxySet ]", ""].join(
  "\n",
);
const declared = { tables: { ProxySet: { 3: { ProxyName: "Other" }, 7: { ProxyName: "New" } } } };
const upload = "PUT /api/v1/files/ini/incremental";

async function open(t: TestContext, options: SimulatorOptions = {}, settings = {}) {
  const b = await bench(t, { ini: INI, ...options }, settings);
  const { running, flash } = b.simulator;
  const before = flat(running.snapshot());
  return {
    ...b,
    before,
    running: () => flat(running.snapshot()),
    flash: () => flat(flash.snapshot()),
    saves: () => b.simulator.writes.filter((request) => requestText(request) === SAVE).length,
  };
}

const MEASURED = { min: 0, max: 100, average: 50 };

const ILLNESSES: {
  what: string;
  checks: ConfirmChecks;
  ill(simulator: Simulator): void;
  said: RegExp;
  options?: SimulatorOptions;
}[] = [
  {
    what: "a monitor that falls",
    checks: { monitors: [{ name: "ActiveContextCount", drop: 50 }] },
    ill: ({ performanceMonitors }) =>
      performanceMonitors.set("ActiveContextCount", 0, 0, { value: 10, ...MEASURED }),
    said: /ActiveContextCount, index 0, current fell by 88 % from 80 to 10, more than 50 %/,
  },
  {
    what: "a command that prints something else",
    checks: { show: [{ command: "show system version", matches: "7\\.40A" }] },
    ill: (simulator) => {
      simulator.faults.scriptOutcome({ output: "Version: unknown" });
    },
    said: /`show system version` does not match "7\\\\\.40A": it prints/,
  },
  {
    what: "a partner that leaves",
    checks: { highAvailability: true },
    ill: (simulator) => {
      simulator.partnerMissing = true;
    },
    said: /its high-availability partner is missing or not ready/,
    options: { highAvailability: true },
  },
  {
    what: "a device that is locked",
    checks: { unlocked: true },
    ill: (simulator) => {
      simulator.locked = true;
    },
    said: /it is LOCKED/,
  },
];

for (const { what, checks, ill, said, options } of ILLNESSES) {
  test(`${what} after a change puts it back`, async (t) => {
    const { simulator, stack, before, running, flash, saves } = await open(t, options);
    simulator.performanceMonitors.set("ActiveContextCount", 0, 0, { value: 80, ...MEASURED });
    simulator.faults.afterChange(() => ill(simulator));
    const { trunk } = await stack.up({ trunk: { ...declared, confirm: { checks, holdSeconds: 0.2 } } });
    assert.match(trunk?.reasons.join("\n") ?? "", said);
    assert.match(trunk?.reasons.join("\n") ?? "", /put back: the device is as it was before/);
    assert.deepEqual(running(), before);
    assert.deepEqual(flash(), before);
    assert.equal(saves(), 0);
  });
}

const confirm: ConfirmArgs = { checks: { newAlarms: "warning" }, holdSeconds: 0.2 };
const makeIll = ({ alarms }: Simulator) => alarms.raise({ description: "Trunk is down", severity: "Major" });

const BROKEN_WAYS_BACK: { what: string; break(simulator: Simulator): void; said: RegExp }[] = [
  {
    what: "is refused",
    break: ({ faults }) => faults.fail(400, upload),
    said: /put back in part; still different from before: ProxySet 3 ProxyName, ProxySet 7/,
  },
  {
    what: "has its answer lost after it was applied",
    break: ({ faults }) => faults.loseAnswer(upload, { applied: true }),
    said: /put back: the device is as it was before/,
  },
  {
    what: "has its answer lost before it was applied",
    break: ({ faults }) => faults.loseAnswer(upload, { applied: false }),
    said: /put back: the device is as it was before/,
  },
  {
    what: "has no effect for a column",
    break: ({ faults }) => faults.noEffectFor("ProxySet.ProxyName"),
    said: /put back in part; still different from before: ProxySet 3 ProxyName/,
  },
];

for (const { what, break: breakIt, said } of BROKEN_WAYS_BACK) {
  test(`a way back that ${what} is told, never saved, and the next run goes on`, async (t) => {
    const { simulator, stack, before, flash, running, saves } = await open(t);
    simulator.faults.afterChange(() => {
      makeIll(simulator);
      breakIt(simulator);
    });
    const { trunk } = await stack.up({ trunk: { ...declared, confirm } });
    assert.match(trunk?.reasons.join("\n") ?? "", said);
    assert.deepEqual(flash(), before);
    assert.equal(saves(), 0);
    simulator.faults.clear();
    simulator.alarms.clear("1");
    assert.deepEqual((await stack.up({ trunk: { ...declared, confirm } })).trunk?.reasons, []);
    assert.deepEqual(flash(), running());
    assert.equal(running().get("ProxySet 7 ProxyName"), "New");
  });
}

test("a device that does not answer any more is waited for, and nothing is saved", async (t) => {
  const { simulator, stack, before, flash } = await open(
    t,
    {},
    { timeouts: { resetSeconds: 1, requestSeconds: 1 } },
  );
  simulator.faults.afterChange(() => simulator.faults.hang(undefined, 1000));
  const { trunk } = await stack.up({ trunk: { ...declared, confirm } });
  assert.match(trunk?.reasons.join("\n") ?? "", /does not answer after the change/);
  assert.match(
    trunk?.reasons.join("\n") ?? "",
    /when it starts again, it has what was saved before the change/,
  );
  assert.deepEqual(flash(), before);
});

test("no save of ours comes between a change and the end of its watch", async (t) => {
  const { simulator, stack, flash, running } = await open(t);
  const program = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `r${at}`,
      {
        tables: { ProxySet: { [at + 10]: { ProxyName: `P${at}` } } },
        ...(at % 2 === 0 ? { confirm } : {}),
      },
    ]),
  );
  /** The rows of changes that are confirmed: they may be in flash only if a watch has ended since. */
  let watching = false;
  const wrong: string[] = [];
  const log = t.mock.method(console, "log");
  const assign = simulator.flash.assign.bind(simulator.flash);
  t.mock.method(simulator.flash, "assign", (...args: Parameters<typeof assign>) => {
    const said = log.mock.calls
      .map(({ arguments: [line] }) => String(line))
      .filter((line) => line.includes("watch"));
    watching = said.length > 0 && !(said.at(-1) ?? "").includes("watched for");
    if (watching) wrong.push(said.at(-1) ?? "");
    assign(...args);
  });
  const outcome = await stack.up(program);
  assert.deepEqual(
    Object.values(outcome).flatMap(({ reasons }) => reasons),
    [],
  );
  assert.deepEqual(wrong, []);
  assert.equal(simulator.maxConcurrentWrites, 1);
  assert.deepEqual(flash(), running());
});

test("without confirm, requests are what they were", async (t) => {
  const { simulator, stack } = await open(t);
  await stack.up({ trunk: declared });
  assert.deepEqual(
    simulator.requests.map(requestText).filter((request) => request !== "GET /status"),
    ["GET /files/ini", PUT_INI, "GET /files/ini", SAVE],
  );
});
