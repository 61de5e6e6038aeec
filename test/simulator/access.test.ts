import assert from "node:assert/strict";
import { test } from "node:test";
import { ADMIN, basic, bench, descriptionOf } from "./harness";

const STATUS = "GET /api/v1/status";

test("a request needs credentials", async (t) => {
  const { ask } = await bench(t);
  const reply = await ask(STATUS, { authorization: "" });
  assert.equal(reply.status, 401);
  assert.match(String(reply.headers["www-authenticate"]), /^Basic /);
  assert.equal((await ask(STATUS, { authorization: "Basic !!!" })).status, 401);
  assert.equal((await ask(STATUS, { authorization: "Bearer x" })).status, 401);
  assert.equal((await ask(STATUS)).status, 200);
});

test("after three wrong passwords the right one is refused too, until the time is over", async (t) => {
  let now = 1_700_000_000_000;
  const { ask } = await bench(t, { now: () => now, lockout: { attempts: 3, seconds: 60 } });
  const wrong = { authorization: basic("Admin", "wrong") };
  for (let attempt = 0; attempt < 2; attempt++) assert.equal((await ask(STATUS, wrong)).status, 401);
  assert.equal((await ask(STATUS)).status, 200, "two failures do not lock");
  for (let attempt = 0; attempt < 3; attempt++) await ask(STATUS, wrong);
  assert.equal((await ask(STATUS)).status, 401);
  now += 59_999;
  assert.equal((await ask(STATUS)).status, 401);
  now += 1;
  assert.equal((await ask(STATUS)).status, 200);
});

test("requests without credentials lock nobody out", async (t) => {
  const { ask } = await bench(t);
  for (let attempt = 0; attempt < 5; attempt++) await ask(STATUS, { authorization: "" });
  assert.equal((await ask(STATUS)).status, 200);
});

test("each privilege level reaches what it may", async (t) => {
  const { ask } = await bench(t, {
    users: [
      { username: "mon", password: "m", level: "Monitor" },
      { username: "adm", password: "a", level: "Administrator" },
    ],
  });
  const monitor = { authorization: basic("mon", "m") };
  assert.equal((await ask(STATUS, monitor)).status, 200);
  assert.equal((await ask("GET /api/v1/files/ini", monitor)).status, 403);
  assert.equal((await ask("POST /api/v1/actions/saveConfiguration", monitor)).status, 403);
  assert.equal((await ask("GET /api/v1/files/ini", { authorization: basic("adm", "a") })).status, 200);
});

test("a password that an ini changes is the password from then on", async (t) => {
  const { ask, put } = await bench(t);
  await put(`
[ WebUsers ]
FORMAT Index = Username, Password, UserLevel;
WebUsers 0 = "Admin", "fresh", 200;
[ \\WebUsers ]
`);
  assert.equal((await ask(STATUS)).status, 401);
  assert.equal((await ask(STATUS, { authorization: basic("Admin", "fresh") })).status, 200);
});

test("a password obscured by another device leaves the user theirs, and stands in the dump as it came", async (t) => {
  const foreign = "$1$AAAAREDACTEDobscuredBASE64valueAAAA=";
  const { ask, put, dump } = await bench(t);
  await put(
    `[ WebUsers ]\nFORMAT Index = Username, Password, UserLevel;\nWebUsers 0 = "Admin", "${foreign}", 200;\n[ \\WebUsers ]\n`,
  );
  assert.equal((await ask(STATUS, { authorization: ADMIN })).status, 200);
  assert.ok((await dump()).includes(foreign));
});

test("unknown paths, methods and types are refused each in its way", async (t) => {
  const { ask } = await bench(t);
  assert.equal((await ask("GET /api/v1/nothing")).status, 404);
  assert.equal((await ask("GET /")).status, 404);
  const reply = await ask("DELETE /api/v1/files/ini");
  assert.equal(reply.status, 405);
  assert.equal(reply.headers["allow"], "GET, PUT");
  const excluding = { headers: { accept: "application/json" } };
  assert.equal((await ask("GET /api/v1/files/ini", excluding)).status, 200);
  const checked = await bench(t, { downloadAccept: "checked" });
  assert.equal((await checked.ask("GET /api/v1/files/ini", excluding)).status, 406);
  assert.equal((await ask(STATUS, { headers: { accept: "text/*, application/json;q=0" } })).status, 406);
  assert.equal((await ask(STATUS, { headers: { accept: "text/html, */*;q=0.1" } })).status, 200);
  assert.equal(typeof descriptionOf(reply), "string");
});

test("every request is recorded in order of arrival, refused ones included", async (t) => {
  const { ask, put, simulator } = await bench(t);
  await ask(`${STATUS}?a=1`, { authorization: "" });
  await put("EnableSyslog = 1\n");
  const [refused, write] = simulator.requests;
  assert.deepEqual([refused?.method, refused?.path, refused?.status], ["GET", "/api/v1/status?a=1", 401]);
  assert.deepEqual([write?.status, write?.body], [200, "EnableSyslog = 1\n"]);
  assert.ok((write?.bytes ?? 0) > "EnableSyslog = 1\n".length, "the multipart frame counts");
  assert.deepEqual(simulator.writes, [write]);
});
