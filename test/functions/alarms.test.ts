import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmKind, getAlarm, getAlarmOutput, getAlarms, getAlarmsOutput } from "../../src";
import { bench, DIALECTS, settled } from "./bench";

for (const firmware of DIALECTS) {
  test(`active alarms, and their details where they are asked for, on ${firmware}`, async (t) => {
    const { simulator, device, requests } = await bench(t, {
      firmware,
      now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
    });
    assert.deepEqual(await getAlarms({ device, kind: "active" }), {
      alarms: [],
      cursor: { after: undefined, before: undefined },
    });
    simulator.alarms.raise({ description: "Trunk is down", severity: "Major", source: "Board#1" });
    simulator.alarms.raise({ description: "Fan is slow", severity: "Warning", source: "Fan#2" });
    requests();
    const plain = await getAlarms({ device, kind: "active" });
    assert.deepEqual(plain.alarms, [
      { id: "1", description: "Trunk is down" },
      { id: "2", description: "Fan is slow" },
    ]);
    assert.deepEqual(requests(), ["GET /alarms/active?limit=100"]);
    const { alarms } = await getAlarms({ device, kind: "active", details: true, limit: 1 });
    const date = "2026-01-02T03:04:05.000Z";
    const trunk = { id: "1", description: "Trunk is down", severity: "major", source: "Board#1", date };
    assert.deepEqual(alarms, [trunk]);
    assert.deepEqual(requests(), ["GET /alarms/active?limit=1", "GET /alarms/active/1"]);
    assert.deepEqual(await getAlarm({ device, kind: "active", id: "1" }), trunk);
  });

  test(`5,000 alarms of the history while new ones are raised between the pages, on ${firmware}`, async (t) => {
    const { simulator, device } = await bench(t, { firmware });
    const raise = () => simulator.alarms.raise({ description: "Registration failed", severity: "Minor" });
    for (let count = 0; count < 5000; count++) raise();
    simulator.alarms.onPage(() => {
      // Fewer than a page holds, or the list would have no end.
      for (let count = 0; count < 3; count++) raise();
    });
    const { alarms, cursor } = await getAlarms({ device, kind: "history" });
    assert.ok(alarms.length > 5000, String(alarms.length));
    assert.deepEqual(
      alarms.map(({ id }) => id),
      simulator.alarms.history.slice(0, alarms.length).map(({ id }) => id),
    );
    assert.equal(new Set(alarms.map(({ id }) => id)).size, alarms.length);
    assert.equal(cursor.after, undefined);
    assert.ok(
      simulator.alarms.history.length - alarms.length <= 3,
      "all that was there when the last page was made",
    );
  });

  test(`the history is gone through in either direction, from where a limit cut, on ${firmware}`, async (t) => {
    const { simulator, device } = await bench(t, { firmware, alarmPageLimit: 7 });
    for (let count = 0; count < 30; count++) {
      simulator.alarms.clear(simulator.alarms.raise({ description: `alarm ${count}`, severity: "Major" }));
    }
    const all = (await getAlarms({ device, kind: "history" })).alarms;
    assert.equal(all.length, 60);
    const forwards = [];
    for (let after: string | undefined, more = true; more; ) {
      const { alarms, cursor } = await getAlarms({ device, kind: "history", after, limit: 25 });
      forwards.push(alarms);
      after = cursor.after;
      more = after !== undefined;
    }
    assert.deepEqual(
      forwards.map(({ length }) => length),
      [25, 25, 10],
    );
    assert.deepEqual(forwards.flat(), all);
    const backwards = [];
    for (let before: string | undefined = forwards[2]?.[0]?.id; before !== undefined; ) {
      const { alarms, cursor } = await getAlarms({ device, kind: "history", before, limit: 25 });
      backwards.unshift(alarms);
      before = cursor.before;
    }
    assert.deepEqual(backwards.flat(), all.slice(0, 50));
    const cleared = await getAlarm({ device, kind: "history", id: "2" });
    assert.deepEqual([cleared.description, cleared.severity], ["alarm 0", "cleared"]);
  });
}

test("an alarm that is cleared between the list and its details stays, without them", async (t) => {
  const { simulator, device } = await bench(t);
  for (const description of ["first", "second"]) simulator.alarms.raise({ description, severity: "Major" });
  simulator.alarms.onPage(() => simulator.alarms.clear("1"));
  const { alarms } = await getAlarms({ device, kind: "active", details: true });
  assert.deepEqual(alarms[0], { id: "1", description: "first" });
  assert.equal(alarms[1]?.severity, "major");
});

test("only GETs, and to no url but our own: the device lists wrong ones", async (t) => {
  const { simulator, device, requests } = await bench(t, { firmware: "7.00A.018.005" });
  simulator.alarms.raise({ description: "Trunk is down", severity: "Major" });
  await getAlarms({ device, kind: "history", details: true });
  assert.deepEqual(requests(), ["GET /alarms/history?limit=100", "GET /alarms/history/1"]);
});

test("an id that the device does not know is an error with a code of its own", async (t) => {
  const { device } = await bench(t);
  await assert.rejects(getAlarm({ device, kind: "active", id: "77" }), {
    code: "MEDIANT_NOT_FOUND",
    message: /no active alarm has the id "77"; one that was cleared may be in the history$/,
  });
  await assert.rejects(getAlarm({ device, kind: "history", id: "77" }), /no history alarm has the id "77"$/);
});

test("malformed arguments are refused before anything is sent", async (t) => {
  const { device, requests } = await bench(t);
  for (const id of ["", "1/2", "..", ".", "1?x=1", "a b", "1\n", "#1", 7 as unknown as string])
    await assert.rejects(getAlarm({ device, kind: "active", id }), /^RunError: id must be|id must be/);
  const wrong: [object, RegExp][] = [
    [{ kind: "past" }, /kind must be "active" or "history"/],
    [{ after: "1", before: "2" }, /opposite directions/],
    [{ after: "a b" }, /after must be a text from the cursor/],
    [{ limit: 0 }, /limit must be a whole number/],
    [{ limit: 1.5 }, /limit must be a whole number/],
  ];
  for (const [args, reason] of wrong)
    await assert.rejects(
      getAlarms({ device, kind: "active", ...args } as Parameters<typeof getAlarms>[0]),
      reason,
    );
  assert.deepEqual(requests(), []);
});

test("the Output forms take what is known later, and what they give is no secret", async (t) => {
  const { simulator, device } = await bench(t);
  simulator.alarms.raise({ description: "Trunk is down", severity: "Critical" });
  const kind = pulumi.output<AlarmKind>("active");
  const list = await settled(getAlarmsOutput({ device, kind, details: pulumi.output(true) }));
  assert.equal(list.value.alarms[0]?.severity, "critical");
  const one = await settled(getAlarmOutput({ device: pulumi.output(device), kind, id: pulumi.output("1") }));
  assert.equal(one.value.description, "Trunk is down");
  assert.deepEqual([list.secret, one.secret], [false, false]);
});
