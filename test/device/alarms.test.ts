import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAlarm, parseAlarmPage, parseSeverity } from "../../src/device/answers/alarms";

test("the manual's pages (section 7.1)", () => {
  const first = `{
    "alarms": [
      { "id": "1", "description": "Trunk is down", "url": "/api/v1/alarms/active/1" },
      { "id": "2", "description": "Device will explode in 15 min", "url": "/api/v1/alarms/active/2" }
    ],
    "cursor": { "after": "2", "before": "-1" }
  }`;
  assert.deepEqual(parseAlarmPage(first), {
    alarms: [
      { id: "1", description: "Trunk is down" },
      { id: "2", description: "Device will explode in 15 min" },
    ],
    cursor: { after: "2", before: undefined },
  });
  const last =
    '{"alarms": [{"id": 3, "description": "Intrusion detected",}], "cursor": {"after": -1, "before": 3}}';
  assert.deepEqual(parseAlarmPage(last), {
    alarms: [{ id: "3", description: "Intrusion detected" }],
    cursor: { after: undefined, before: "3" },
  });
});

test("no alarm at all comes in several forms; what is no list is told apart from it", () => {
  const none = { alarms: [], cursor: { after: undefined, before: undefined } };
  for (const body of [
    "",
    "{}",
    '{"alarms": []}',
    "[]",
    '{"alarms":[],"cursor":{"after":"-1","before":"-1"}}',
  ])
    assert.deepEqual(parseAlarmPage(body), none, body);
  for (const body of [
    "<html>Login</html>",
    '{"versionID": "7.00A.018.005"}',
    '{"alarms": "none"}',
    "No alarms",
  ])
    assert.equal(parseAlarmPage(body), undefined, body);
  for (const entry of ["null", '"x"', '{"description": "no id"}'])
    assert.equal(parseAlarmPage(`{"alarms": [{"id": "1"}, ${entry}]}`), undefined, entry);
});

test("one alarm (section 7.1.1), and later forms of it", () => {
  const manual = `{ "id": "1", "description": "Trunk is down", "severity": "Major", "source": "Board#1",
    "date": "2010-03-01T23:00:00.000z", "url": "/api/v1/alarms/active/1" }`;
  assert.deepEqual(parseAlarm(manual), {
    ...{ id: "1", description: "Trunk is down", severity: "major", source: "Board#1" },
    date: "2010-03-01T23:00:00.000Z",
  });
  const odd = parseAlarm('{"id": 7, "severity": "Dreadful", "date": "yesterday", "source": ""}');
  assert.deepEqual(odd, { id: "7", description: "", date: "yesterday" });
  for (const body of ["", "{}", '{"description": "Alarm is not found"}', "<html></html>"])
    assert.equal(parseAlarm(body), undefined);
});

test("severities, whatever their case", () => {
  assert.deepEqual(
    ["Cleared", "INDETERMINATE", "warning", " Minor ", "major", "Critical", "fatal", "", 4, null].map(
      parseSeverity,
    ),
    [
      ...["cleared", "indeterminate", "warning", "minor", "major", "critical"],
      ...[undefined, undefined, undefined, undefined],
    ],
  );
});

test("any bytes and any JSON are read without an exception", () => {
  const bodies = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.json(),
    fc.record({ alarms: fc.anything(), cursor: fc.anything() }).map((value) => JSON.stringify(value) ?? ""),
  );
  fc.assert(
    fc.property(bodies, (body) => {
      const page = parseAlarmPage(body);
      assert.ok(page === undefined || page.alarms.every(({ id }) => id !== ""));
      parseAlarm(body);
    }),
  );
});
