import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AlarmKind, AlarmSeverity, Simulator, SimulatorOptions } from "../../src/simulator";
import { basic, bench, descriptionOf, untilBack } from "./harness";

const OLD = "7.00A.018.005";
const ACTIVE = "GET /api/v1/alarms/active";
const HISTORY = "GET /api/v1/alarms/history";

type Ask = Awaited<ReturnType<typeof bench>>["ask"];

interface Listed {
  alarms: { id: string; description: string; url: string }[];
  cursor: { after: string; before: string };
}

const raise = ({ alarms }: Simulator, description: string, severity: AlarmSeverity = "Major"): string =>
  alarms.raise({ description, severity });

const raiseMany = (simulator: Simulator, count: number): void => {
  for (let number = 1; number <= count; number++) raise(simulator, `alarm ${number}`);
};

async function list(ask: Ask, line: string): Promise<Listed> {
  const reply = await ask(line);
  assert.equal(reply.status, 200, line);
  return JSON.parse(reply.text);
}

const ids = ({ alarms }: Listed): string[] => alarms.map(({ id }) => id);

/** All pages of a list, by the cursors, from the front or back from a cursor. */
async function follow(ask: Ask, line: string, way: "after" | "before", from = ""): Promise<Listed[]> {
  const pages: Listed[] = [];
  for (let cursor = from; cursor !== "-1"; ) {
    const page = await list(ask, line + (cursor && `&${way}=${cursor}`));
    assert.notEqual(page.cursor[way], cursor, "the cursor moves on");
    pages.push(page);
    cursor = page.cursor[way];
  }
  return pages;
}

test("the folders of alarms are listed with their own urls", async (t) => {
  for (const firmware of [OLD, undefined]) {
    const { ask } = await bench(t, { firmware });
    assert.deepEqual(JSON.parse((await ask("GET /api/v1/alarms")).text), {
      alarms: [
        { id: "active", description: "Active alarms", url: "/api/v1/alarms/active" },
        { id: "history", description: "History alarms", url: "/api/v1/alarms/history" },
      ],
    });
  }
});

test("an empty list is a 204 without a body", async (t) => {
  const { ask } = await bench(t);
  for (const line of [ACTIVE, HISTORY, `${ACTIVE}?after=3`]) {
    const { status, text, headers } = await ask(line);
    assert.deepEqual([status, text, headers["content-type"]], [204, "", undefined], line);
  }
});

test("pages follow the manual's own example", async (t) => {
  const { ask, simulator } = await bench(t);
  for (const text of ["Trunk is down", "Device will explode in 15 min", "Intrusion detected"])
    raise(simulator, text);
  assert.deepEqual(await list(ask, `${ACTIVE}?limit=2`), {
    alarms: [
      { id: "1", description: "Trunk is down", url: "/api/v1/alarms/active/1" },
      { id: "2", description: "Device will explode in 15 min", url: "/api/v1/alarms/active/2" },
    ],
    cursor: { after: "2", before: "-1" },
  });
  assert.deepEqual(await list(ask, `${ACTIVE}?after=2`), {
    alarms: [{ id: "3", description: "Intrusion detected", url: "/api/v1/alarms/active/3" }],
    cursor: { after: "-1", before: "3" },
  });
  assert.equal((await ask(`${ACTIVE}?after=3`)).status, 204);
});

test("a page has 20 alarms unless asked, and never more than the device's own limit", async (t) => {
  for (const [options, most] of [
    [{}, 50],
    [{ alarmPageLimit: 12 }, 12],
  ] satisfies [SimulatorOptions, number][]) {
    const { ask, simulator } = await bench(t, options);
    raiseMany(simulator, 60);
    const sizes = ["", "?limit=5", "?limit=1000"].map(async (query) => ids(await list(ask, ACTIVE + query)));
    assert.deepEqual(
      (await Promise.all(sizes)).map(({ length }) => length),
      [Math.min(20, most), 5, most],
    );
  }
  await assert.rejects(bench(t, { alarmPageLimit: 0 }), /alarmPageLimit is a whole number from 1/);
});

test("backwards, the alarms just before the cursor come, oldest first", async (t) => {
  const { ask, simulator } = await bench(t);
  raiseMany(simulator, 10);
  const page = await list(ask, `${ACTIVE}?limit=3&before=8`);
  assert.deepEqual([ids(page), page.cursor], [["5", "6", "7"], { after: "7", before: "5" }]);
  const first = await list(ask, `${ACTIVE}?limit=3&before=3`);
  assert.deepEqual([ids(first), first.cursor], [["1", "2"], { after: "2", before: "-1" }]);
  assert.equal((await ask(`${ACTIVE}?before=1`)).status, 204);
});

test("by the cursors every alarm is found once, in both directions, whatever the sizes", async (t) => {
  const cleared = fc
    .array(fc.boolean(), { minLength: 1, maxLength: 40 })
    .filter((each) => each.includes(false));
  const limit = fc.integer({ min: 1, max: 9 });
  const property = fc.asyncProperty(cleared, limit, async (gone, alarmPageLimit) => {
    const { ask, simulator } = await bench(t, { alarmPageLimit });
    raiseMany(simulator, gone.length);
    for (const [at, isGone] of gone.entries()) if (isGone) simulator.alarms.clear(String(at + 1));
    const expected = gone.flatMap((isGone, at) => (isGone ? [] : [String(at + 1)]));
    assert.deepEqual((await follow(ask, `${ACTIVE}?limit=7`, "after")).flatMap(ids), expected);
    const backwards = await follow(ask, `${ACTIVE}?limit=7`, "before", String(gone.length + 1));
    assert.deepEqual(backwards.reverse().flatMap(ids), expected);
  });
  await fc.assert(property, { numRuns: 20 });
});

test("a cleared alarm leaves the active ones, and the history has its raising and its clearing", async (t) => {
  let now = Date.UTC(2010, 2, 1, 23);
  const { ask, simulator } = await bench(t, { now: () => now });
  const id = simulator.alarms.raise({ description: "Trunk is down", severity: "Minor", source: "Trunk#3" });
  now += 60_000;
  simulator.alarms.clear(id);
  assert.equal((await ask(ACTIVE)).status, 204);
  assert.equal((await ask(`${ACTIVE}/${id}`)).status, 404);
  assert.deepEqual(ids(await list(ask, HISTORY)), ["1", "2"]);
  const [raised, cleared] = await Promise.all(
    ["1", "2"].map(async (each) => JSON.parse((await ask(`${HISTORY}/${each}`)).text)),
  );
  assert.deepEqual([raised.severity, raised.date], ["Minor", "2010-03-01T23:00:00+00:00"]);
  assert.deepEqual([cleared.severity, cleared.date], ["Cleared", "2010-03-01T23:01:00+00:00"]);
  assert.deepEqual([cleared.description, cleared.source], ["Trunk is down", "Trunk#3"]);
  assert.throws(() => simulator.alarms.clear(id), /no active alarm 1/);
});

test("the two lists count each by itself: a number may mean another alarm in the other", async (t) => {
  const { ask, simulator } = await bench(t);
  simulator.alarms.clear(raise(simulator, "first"));
  assert.equal(raise(simulator, "second"), "2");
  assert.equal(descriptionOf(await ask(`${ACTIVE}/2`)), "second");
  assert.equal(descriptionOf(await ask(`${HISTORY}/2`)), "first");
  assert.equal(descriptionOf(await ask(`${HISTORY}/3`)), "second");
});

test("one alarm has severity, source and date; the date is in the firmware's form", async (t) => {
  const now = () => Date.UTC(2010, 2, 1, 23);
  for (const [firmware, date] of [
    [OLD, "2010-03-01T23:00:00.000z"],
    ["7.40A.250.440", "2010-03-01T23:00:00+00:00"],
  ]) {
    const { ask, simulator } = await bench(t, { firmware, now });
    raise(simulator, "Trunk is down");
    const alarm = { id: "1", description: "Trunk is down", severity: "Major", source: "Board#1", date };
    assert.deepEqual(JSON.parse((await ask(`${ACTIVE}/1`)).text), {
      ...alarm,
      url: "/api/v1/alarms/active/1",
    });
    assert.deepEqual(JSON.parse((await ask(`${HISTORY}/1`)).text), {
      ...alarm,
      url: "/api/v1/alarms/history/1",
    });
  }
});

test("the history's list names the urls of active alarms", async (t) => {
  for (const firmware of [OLD, undefined]) {
    const { ask, simulator } = await bench(t, { firmware });
    raise(simulator, "x");
    assert.equal((await list(ask, HISTORY)).alarms[0]?.url, "/api/v1/alarms/active/1");
  }
});

test("an unknown alarm is a 404, and so is what is no list", async (t) => {
  const { ask, simulator } = await bench(t, { looseUrls: "refused" });
  raise(simulator, "x");
  for (const path of ["active/2", "history/2", "active/01", "active/-1", "active/", "active/1/", "old"])
    assert.equal((await ask(`GET /api/v1/alarms/${path}`)).status, 404, path);
  assert.equal((await ask("DELETE /api/v1/alarms/active/1")).status, 405);
});

test("what the manual leaves undefined is refused", async (t) => {
  const { ask, simulator } = await bench(t, { looseUrls: "refused" });
  raiseMany(simulator, 3);
  const queries = [
    "limit=0",
    "limit=-1",
    "limit=ten",
    "limit=",
    "after=-1",
    "before=-1",
    "after=0",
    "after=x",
  ];
  for (const query of [...queries, "after=1&before=3"]) {
    const reply = await ask(`${ACTIVE}?${query}`);
    assert.equal(reply.status, 400, query);
    assert.match(String(descriptionOf(reply)), /limit|after|before/);
  }
  assert.deepEqual(ids(await list(ask, `${ACTIVE}?other=1`)), ["1", "2", "3"]);
});

test("alarms that come between two pages stand behind, and one that goes shifts nothing", async (t) => {
  const { ask, simulator } = await bench(t);
  raiseMany(simulator, 20);
  const kinds: AlarmKind[] = [];
  simulator.alarms.onPage((kind) => {
    kinds.push(kind);
    if (kinds.length > 2) return;
    raise(simulator, "late");
    simulator.alarms.clear(kinds.length === 1 ? "7" : "20");
  });
  const pages = await follow(ask, `${ACTIVE}?limit=7`, "after");
  assert.deepEqual(
    pages.map(({ cursor }) => cursor.after),
    ["7", "14", "-1"],
  );
  assert.deepEqual(
    pages.flatMap(ids),
    Array.from({ length: 22 }, (_, at) => String(at + 1)).filter((id) => id !== "20"),
  );
  assert.deepEqual(kinds, ["active", "active", "active"]);
});

test("5,000 entries of the history are paged completely, once each, while new ones arrive", async (t) => {
  const { ask, simulator } = await bench(t);
  raiseMany(simulator, 5000);
  simulator.alarms.onPage(() => {
    if (simulator.alarms.history.length < 5100) raise(simulator, "late");
  });
  assert.deepEqual(
    (await follow(ask, `${HISTORY}?limit=50`, "after")).flatMap(ids),
    Array.from({ length: 5100 }, (_, at) => String(at + 1)),
  );
});

test("a reset empties both lists, and ids begin anew", async (t) => {
  const b = await bench(t);
  raiseMany(b.simulator, 3);
  await b.ask("POST /api/v1/actions/reset");
  await untilBack(b);
  assert.deepEqual([b.simulator.alarms.active, b.simulator.alarms.history], [[], []]);
  assert.equal((await b.ask(HISTORY)).status, 204);
  assert.equal(raise(b.simulator, "again"), "1");
  assert.deepEqual(ids(await list(b.ask, ACTIVE)), ["1"]);
});

test("a monitoring user may read alarms", async (t) => {
  const { ask, simulator } = await bench(t, {
    users: [{ username: "mon", password: "m", level: "Monitor" }],
  });
  raise(simulator, "x");
  const authorization = basic("mon", "m");
  for (const line of ["GET /api/v1/alarms", ACTIVE, `${ACTIVE}/1`, HISTORY])
    assert.equal((await ask(line, { authorization })).status, 200, line);
  assert.equal((await ask(ACTIVE, { authorization: "" })).status, 401);
});
