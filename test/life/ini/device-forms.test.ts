import assert from "node:assert/strict";
import { test } from "node:test";
import { requestLog } from "../../shared/simulated";
import { bench, countOf, GET_INI, PUT_INI } from "./bench";

const ACCOUNT = `
[ Account ]
FORMAT Index = AccountName, Username, Password;
Account 0 = "trunk", "alice", "old-secret";
[ \\Account ]
`;

test("a value that the device rewrites is told once, remembered, and no drift", async (t) => {
  const { stack, simulator, lines } = await bench(t);
  const program = {
    base: {
      parameters: { SyslogServerPort: "01514" },
      tables: { ProxySet: { 3: { ProxyName: "PS", ProxyKeepAliveTime: "030" } } },
    },
  };
  assert.deepEqual((await stack.up(program))["base"]?.reasons, []);
  assert.equal(simulator.running.parameter("SyslogServerPort"), "1514");
  assert.equal(lines.filter((line) => /the device shows "1514" for what is declared/.test(line)).length, 1);
  assert.equal(
    lines.filter((line) => /ProxySet 3 ProxyKeepAliveTime: the device shows "30"/.test(line)).length,
    1,
  );
  assert.deepEqual(await stack.preview(program, { refresh: true }), { base: false });
  assert.equal((await stack.up(program, { refresh: true }))["base"]?.op, "same");
  assert.deepEqual(stack.state("base").parameters, { SyslogServerPort: "01514" }, "as declared");

  simulator.running.setParameter("SyslogServerPort", "99");
  assert.deepEqual(await stack.preview(program, { refresh: true }), { base: true });
  await stack.refresh();
  simulator.running.setParameter("SyslogServerPort", "1514");
  assert.deepEqual(await stack.preview(program, { refresh: true }), { base: false }, "put back by hand");
});

test("a value that stays as it was is refused by the device: an error", async (t) => {
  const { stack, simulator } = await bench(t, { ini: "SyslogServerPort = 6514\n" });
  const { base } = await stack.up({ base: { parameters: { SyslogServerPort: "99999", EnableSyslog: "1" } } });
  assert.deepEqual(base?.reasons, ['SyslogServerPort was not taken by the device: it keeps "6514"']);
  assert.equal(simulator.running.parameter("EnableSyslog"), "1");
  assert.deepEqual(stack.state("base").parameters, { EnableSyslog: "1", SyslogServerPort: "6514" });
});

test("a cell that the device refuses is an error after one more try", async (t) => {
  const b = await bench(t, { ini: ACCOUNT });
  b.simulator.faults.noEffectFor("Account.Username");
  const requests = requestLog(b);
  const { base } = await b.stack.up({ base: { tables: { Account: { 0: { Username: "bob" } } } } });
  assert.deepEqual(base?.reasons, ['Account 0 Username was not taken by the device: it keeps "alice"']);
  assert.equal(countOf(requests(), PUT_INI), 2);
});

test("a refused secret shows neither value", async (t) => {
  const { stack, simulator, lines } = await bench(t, { ini: ACCOUNT });
  simulator.faults.noEffectFor("Account.Password");
  const { base } = await stack.up({ base: { tables: { Account: { 0: { Password: "new-secret" } } } } });
  // The device shows a form of the old one, which nobody can tell from one of the new.
  assert.doesNotMatch(JSON.stringify([base, lines]), /new-secret|old-secret|\$1\$/);
});

test("a secret that is changed and comes back in the form of the old one was refused", async (t) => {
  const { stack, simulator } = await bench(t, { ini: ACCOUNT });
  const program = (Password: string) => ({ base: { tables: { Account: { 0: { Password } } } } });
  await stack.up(program("first-secret"));
  simulator.faults.noEffectFor("Account.Password");
  const refused = await stack.up(program("second-secret"));
  assert.deepEqual(refused["base"]?.reasons, [
    "Account 0 Password was not taken by the device: it shows what it showed before",
  ]);
  simulator.faults.clear();
  assert.deepEqual((await stack.up(program("second-secret"), { refresh: true }))["base"], {
    op: "update",
    reasons: [],
  });
  assert.equal(simulator.running.cell("Account", 0, "Password"), "second-secret");
});

test("a secret that came back obscured holds until somebody changes it by hand", async (t) => {
  const b = await bench(t, { ini: ACCOUNT });
  const { stack, simulator, lines } = b;
  const program = { base: { tables: { Account: { 0: { Password: "new-secret" } } } } };
  const requests = requestLog(b);
  assert.deepEqual((await stack.up(program))["base"]?.reasons, []);
  assert.equal(countOf(requests(), GET_INI), 3, "before, after, and once more for the obscured form");
  assert.equal(simulator.running.cell("Account", 0, "Password"), "new-secret");
  assert.equal(stack.state("base").tables?.["Account"]?.["0"]?.["Password"], "new-secret");
  assert.deepEqual(await stack.preview(program, { refresh: true }), { base: false });

  simulator.running.setCell("Account", 0, "Password", "by hand");
  lines.length = 0;
  assert.deepEqual(await stack.preview(program, { refresh: true }), { base: true });
  assert.ok(lines.some((line) => /Account 0 Password: \(secret\) changed/.test(line)));
  assert.deepEqual((await stack.up(program, { refresh: true }))["base"], { op: "update", reasons: [] });
  assert.equal(simulator.running.cell("Account", 0, "Password"), "new-secret");
  assert.deepEqual(await stack.preview(program, { refresh: true }), { base: false });
});

test("a drifted secret stands in the state in its obscured form", async (t) => {
  const { stack, simulator } = await bench(t, { ini: ACCOUNT });
  await stack.up({ base: { tables: { Account: { 0: { Password: "new-secret" } } } } });
  simulator.running.setCell("Account", 0, "Password", "by hand");
  await stack.refresh();
  assert.match(stack.state("base").tables?.["Account"]?.["0"]?.["Password"] ?? "", /^\$1\$/);
});

test("a declared obscured value that the device shows holds without a write", async (t) => {
  const b = await bench(t, { ini: ACCOUNT });
  const obscured = /"alice", "(\$1\$[^"]+)"/.exec(b.simulator.running.dump())?.[1] ?? "";
  const requests = requestLog(b);
  const program = { base: { tables: { Account: { 0: { Username: "alice", Password: obscured } } } } };
  assert.deepEqual((await b.stack.up(program))["base"]?.reasons, []);
  assert.equal(countOf(requests(), PUT_INI), 0);
  b.simulator.running.setCell("Account", 0, "Password", "by hand");
  assert.deepEqual((await b.stack.up(program, { refresh: true }))["base"], { op: "update", reasons: [] });
  assert.equal(b.simulator.running.cell("Account", 0, "Password"), "old-secret");
});

test("the two forms of the empty secret are one", async (t) => {
  const b = await bench(t, { ini: ACCOUNT.replace("old-secret", "") });
  const requests = requestLog(b);
  await b.stack.up({
    a: { tables: { Account: { 0: { Password: "" } } } },
  });
  await b.stack.up({
    a: { tables: { Account: { 0: { Password: "$1$gQ==" } } } },
  });
  assert.equal(countOf(requests(), PUT_INI), 0);
});

test("a plain value that comes back obscured is remembered, and secretNames is asked for", async (t) => {
  const { stack, simulator, lines } = await bench(t);
  // No name of the built-in list, and yet the device keeps it as a secret.
  simulator.running.model
    .parameters()
    .filter(({ name }) => name === "SIPGatewayName")
    .forEach((one) => {
      one.secret = true;
    });
  const program = { base: { parameters: { SIPGatewayName: "gw.example.com" } } };
  assert.deepEqual((await stack.up(program))["base"]?.reasons, []);
  assert.ok(lines.some((line) => /SIPGatewayName comes back obscured: name it in secretNames/.test(line)));
  simulator.running.setParameter("SIPGatewayName", "by hand");
  lines.length = 0;
  await stack.up(program, { refresh: true });
  assert.doesNotMatch(lines.join("\n"), /\$1\$/);
});

test("a secret that the device obscures anew each time is not comparable, and a warning says so", async (t) => {
  const b = await bench(t, { ini: ACCOUNT, obscuring: "anew" });
  const { stack, simulator, lines } = b;
  const program = { base: { tables: { Account: { 0: { Username: "bob", Password: "new-secret" } } } } };
  assert.deepEqual((await stack.up(program))["base"]?.reasons, []);
  assert.equal(lines.filter((line) => /Account 0 Password: .*cannot be seen/.test(line)).length, 1);
  assert.deepEqual(await stack.preview(program, { refresh: true }), { base: false });

  simulator.running.setCell("Account", 0, "Password", "by hand");
  simulator.running.setCell("Account", 0, "Username", "carol");
  assert.deepEqual((await stack.up(program, { refresh: true }))["base"]?.reasons, []);
  assert.equal(simulator.running.cell("Account", 0, "Username"), "bob", "the rest of the row is compared");

  const rotated = { base: { tables: { Account: { 0: { Username: "bob", Password: "rotated" } } } } };
  assert.deepEqual((await stack.up(rotated))["base"], { op: "update", reasons: [] });
  assert.equal(simulator.running.cell("Account", 0, "Password"), "rotated");
});

test("the other rows' secrets survive when the table is sent whole, whatever their form", async (t) => {
  for (const obscuring of ["steady", "anew"] as const) {
    const { stack, simulator } = await bench(t, { ini: ACCOUNT, obscuring });
    await stack.up({ base: { tables: { Account: { 7: { AccountName: "new", Password: "x" } } } } });
    assert.equal(simulator.running.cell("Account", 0, "Password"), "old-secret");
    assert.equal(simulator.running.cell("Account", 7, "Password"), "x");
  }
});
