import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readAlarm, readAlarms, readDetails } from "../../src/device/alarm-reader";
import type { RawAnswer } from "../../src/device/client";
import { DeviceError, type DeviceErrorCode } from "../../src/device/errors";
import { connectionTo } from "./server";

const connection = connectionTo("http://127.0.0.1:1");

/** A device that answers as `answer` says; undefined is 204. */
function reader(answer: (path: string) => unknown) {
  const paths: string[] = [];
  const get = async (path: string): Promise<RawAnswer> => {
    paths.push(path);
    await new Promise((resolve) => setImmediate(resolve));
    const value = answer(path);
    return value === undefined
      ? { status: 204, body: Buffer.alloc(0) }
      : { status: 200, body: Buffer.from(JSON.stringify(value)) };
  };
  return { client: { connection, get }, paths };
}

function refusal(code: DeviceErrorCode): never {
  throw new DeviceError(code, "refused", { device: "sbc1" });
}

/** A list of the device, in the form of LTRT-41760 section 7.1, with its cap on a page. */
class Listed {
  ids: number[];
  /** Called with the number of the page before it is made. */
  beforePage: (count: number) => void = () => {};
  pages = 0;

  constructor(
    count: number,
    private readonly cap: number,
  ) {
    this.ids = Array.from({ length: count }, (_, at) => at + 1);
  }

  answer = (path: string): unknown => {
    const { pathname, searchParams } = new URL(path, "http://device");
    const detail = /^\/api\/v1\/alarms\/active\/(\d+)$/.exec(pathname)?.[1];
    if (detail !== undefined) {
      if (!this.ids.includes(Number(detail))) refusal("MEDIANT_NOT_FOUND");
      return { id: detail, severity: "Major", date: "2010-03-01T23:00:00.000z" };
    }
    assert.equal(pathname, "/api/v1/alarms/active");
    this.beforePage(++this.pages);
    const after = Number(searchParams.get("after") ?? 0);
    const before = Number(searchParams.get("before") ?? Number.POSITIVE_INFINITY);
    const within = this.ids.filter((id) => id > after && id < before);
    const size = Math.min(Number(searchParams.get("limit")), this.cap);
    const page = searchParams.has("before") ? within.slice(-size) : within.slice(0, size);
    if (page.length === 0) return undefined;
    const more = (id: number | undefined, edge: number | undefined) => (id === edge ? "-1" : String(id));
    return {
      alarms: page.map((id) => ({
        id: String(id),
        description: `alarm ${id}`,
        url: "/api/v1/actions/reset",
      })),
      cursor: { after: more(page.at(-1), this.ids.at(-1)), before: more(page[0], this.ids[0]) },
    };
  };
}

const numbers = ({ alarms }: { alarms: { id: string }[] }) => alarms.map(({ id }) => Number(id));
const upTo = (last: number, first = 1) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);

test("all pages, forwards, with as few requests as the device's cap allows", async () => {
  const list = new Listed(120, 50);
  const { client, paths } = reader(list.answer);
  const all = await readAlarms(client, { kind: "active" });
  assert.deepEqual(numbers(all), upTo(120));
  assert.deepEqual(all.cursor, { after: undefined, before: undefined });
  assert.deepEqual(paths, [
    "/api/v1/alarms/active?limit=100",
    "/api/v1/alarms/active?limit=100&after=50",
    "/api/v1/alarms/active?limit=100&after=100",
  ]);
});

test("a limit is one of alarms, not of pages, and the cursor goes on where it cut", async () => {
  const { client, paths } = reader(new Listed(120, 50).answer);
  const some = await readAlarms(client, { kind: "active", limit: 60 });
  assert.deepEqual(numbers(some), upTo(60));
  assert.equal(some.cursor.after, "60");
  assert.equal(paths.at(-1), "/api/v1/alarms/active?limit=10&after=50");
  const more = await readAlarms(client, { kind: "active", after: some.cursor.after });
  assert.deepEqual(numbers(more), upTo(120, 61));
  assert.equal(more.cursor.before, "61");
  const nearest = await readAlarms(client, { kind: "active", before: more.cursor.before, limit: 55 });
  assert.deepEqual(numbers(nearest), upTo(60, 6));
  assert.deepEqual(nearest.cursor, { after: "60", before: "6" });
  const first = await readAlarms(client, { kind: "active", before: nearest.cursor.before });
  assert.deepEqual(numbers(first), upTo(5));
  assert.equal(first.cursor.before, undefined);
});

test("whatever is raised between pages, with any cap and any limit: nothing twice, nothing lost", async () => {
  const raised = fc.array(fc.nat({ max: 4 }), { maxLength: 30 });
  const cases = fc.tuple(
    ...[fc.nat({ max: 40 }), fc.integer({ min: 1, max: 12 }), raised],
    fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([count, cap, between, limit]) => {
      const list = new Listed(count, cap);
      list.beforePage = (page) => {
        for (let more = between[page - 1] ?? 0; more > 0; more--) list.ids.push(list.ids.length + 1);
      };
      const ids = numbers(await readAlarms(reader(list.answer).client, { kind: "active", limit }));
      assert.deepEqual(ids, upTo(Math.min(list.ids.length, limit ?? Number.POSITIVE_INFINITY)));
    }),
  );
});

test("overlapping pages double nothing", async () => {
  // As of a device that counts its pages from the newest alarm while new ones come.
  const pages = [
    { alarms: [{ id: "1" }, { id: "2" }], cursor: { after: "a", before: "-1" } },
    { alarms: [{ id: "2" }, { id: "1" }, { id: "3" }], cursor: { after: "b", before: "x" } },
    undefined,
  ];
  const { client } = reader((path) => (/\/\d+$/.test(path) ? { id: "3" } : pages.shift()));
  assert.deepEqual(numbers(await readAlarms(client, { kind: "active" })), [1, 2, 3]);
});

test("a cursor that does not move ends it, forwards and backwards", async () => {
  const { client, paths } = reader(() => ({ alarms: [{ id: "5" }], cursor: { after: "5", before: "5" } }));
  for (const from of [{}, { after: "5" }, { before: "5" }]) {
    paths.length = 0;
    const { alarms, cursor } = await readAlarms(client, { kind: "active", ...from });
    assert.deepEqual(numbers({ alarms }), [5]);
    assert.equal(cursor["before" in from ? "before" : "after"], undefined, "else its caller would never end");
    assert.ok(paths.length <= 2);
  }
});

test("a device that sends more than was asked for: the rest can still be fetched", async () => {
  const page = { alarms: upTo(4).map((id) => ({ id: String(id) })), cursor: { after: "4", before: "-1" } };
  const { client } = reader(() => page);
  const forwards = await readAlarms(client, { kind: "active", limit: 2 });
  assert.deepEqual([numbers(forwards), forwards.cursor.after], [[1, 2], "2"]);
  const backwards = await readAlarms(client, { kind: "active", before: "9", limit: 2 });
  assert.deepEqual([numbers(backwards), backwards.cursor.before], [[3, 4], "3"]);
});

for (const lost of ["204", "MEDIANT_REFUSED", "MEDIANT_NOT_FOUND"] as const) {
  test(`an alarm that is cleared takes no others with it when the page after it is ${lost}`, async () => {
    const list = new Listed(9, 3);
    const { client } = reader((path) => {
      const after = Number(new URL(path, "http://device").searchParams.get("after"));
      if (after === 0 || list.ids.includes(after)) return list.answer(path);
      return lost === "204" ? undefined : refusal(lost);
    });
    list.beforePage = (page) => {
      if (page === 1) queueMicrotask(() => list.ids.splice(list.ids.indexOf(3), 1));
    };
    assert.deepEqual(numbers(await readAlarms(client, { kind: "active" })), upTo(9));
  });
}

test("a device on which every cursor dies is not asked for ever", async () => {
  const { client, paths } = reader((path) => {
    if (path.includes("after=")) return undefined;
    if (!path.includes("?")) refusal("MEDIANT_NOT_FOUND");
    return { alarms: [{ id: "1" }], cursor: { after: "1", before: "-1" } };
  });
  assert.deepEqual(numbers(await readAlarms(client, { kind: "active" })), [1]);
  assert.ok(paths.length < 20, String(paths.length));
});

test("a cursor that moves for ever is followed to the first page without news", async () => {
  let at = 0;
  const { client, paths } = reader(() => ({ alarms: [{ id: "1" }], cursor: { after: `c${++at}` } }));
  const { alarms, cursor } = await readAlarms(client, { kind: "active" });
  assert.deepEqual([alarms.length, cursor.after, paths.length], [1, undefined, 2]);
});

test("a list without an end is an error", async () => {
  let id = 0;
  const endless = () => {
    const alarms = upTo(100).map(() => ({ id: String(++id) }));
    return { alarms, cursor: { after: String(id) } };
  };
  await assert.rejects(readAlarms(reader(endless).client, { kind: "history" }), /without an end/);
});

test("an alarm without an id is not passed over in silence", async () => {
  const { client } = reader(() => ({ alarms: [{ id: "1" }, { description: "Trunk is down" }] }));
  await assert.rejects(readAlarms(client, { kind: "active" }), { code: "MEDIANT_BAD_ANSWER" });
});

test("the caller's own cursor, and the first page, fail as the device says", async () => {
  const { client } = reader(() => refusal("MEDIANT_REFUSED"));
  for (const after of [undefined, "nonsense"])
    await assert.rejects(readAlarms(client, { kind: "active", after }), { code: "MEDIANT_REFUSED" });
  const foreign = reader(() => ({ title: "Login" })).client;
  await assert.rejects(readAlarms(foreign, { kind: "active" }), { code: "MEDIANT_BAD_ANSWER" });
  await assert.rejects(readAlarm(foreign, "active", "1"), { code: "MEDIANT_BAD_ANSWER" });
  assert.equal(await readAlarm(reader(() => undefined).client, "active", "1"), undefined);
});

test("details: four at a time, none where a list has them, none for an alarm that is gone", async () => {
  let inWork = 0;
  let most = 0;
  const get = async (path: string): Promise<RawAnswer> => {
    most = Math.max(most, ++inWork);
    await new Promise((resolve) => setImmediate(resolve));
    inWork--;
    const id = path.split("/").at(-1);
    if (id === "2") refusal("MEDIANT_NOT_FOUND");
    return { status: 200, body: Buffer.from(JSON.stringify({ id, severity: "Minor", source: "Board#1" })) };
  };
  const known = { id: "30", description: "known", severity: "major" as const, date: "2020" };
  const alarms = upTo(20).map((id) => ({ id: String(id), description: `alarm ${id}` }));
  const detailed = await readDetails({ connection, get }, "active", [...alarms, known]);
  assert.equal(most, 4);
  const third = { id: "3", description: "alarm 3", severity: "minor", source: "Board#1" };
  assert.deepEqual([detailed[1], detailed[2], detailed[20]], [undefined, third, known]);
});

test("details: a device that fails is not asked about the rest", async () => {
  const { client, paths } = reader(() => refusal("MEDIANT_UNREACHABLE"));
  const alarms = upTo(50).map((id) => ({ id: String(id), description: "" }));
  await assert.rejects(readDetails(client, "active", alarms), { code: "MEDIANT_UNREACHABLE" });
  assert.ok(paths.length <= 4, String(paths.length));
});
