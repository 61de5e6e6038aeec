import assert from "node:assert/strict";
import { test } from "node:test";
import { bench, byHand } from "./bench";

const PASSWORD = "hunter2-but-longer";
const SCRIPT = `configure system
 user Bob
  password {{pw}}
  privilege sec-admin
  activate
 exit
exit
`;
const declared = (pw: string) => ({ script: SCRIPT, variables: { pw }, __mediantSecrets: ["pw"] });

for (const obscuring of ["steady", "anew"] as const) {
  test(`a secret converges and stays out of text and logs (obscured: ${obscuring})`, async (t) => {
    const b = await bench(t, { obscuring });
    await b.up(declared(PASSWORD));
    assert.equal(b.state().script, SCRIPT);
    await b.refresh();
    assert.equal(b.state().script, SCRIPT);
    assert.equal(b.preview(declared(PASSWORD)), false);
    assert.equal(b.preview(declared("another-long-one")), true);
    assert.ok(
      b.lines.some((line) => line.endsWith("configure system / user Bob / password: (secret) changed")),
      b.lines.join("\n"),
    );
    assert.equal(
      b.lines.some((line) => line.includes("obscures it anew")),
      obscuring === "anew",
    );
    await b.up(declared("another-long-one"));
    assert.equal(b.preview(declared("another-long-one")), false);
    const said = b.lines.join("\n");
    for (const secret of [PASSWORD, "another-long-one", "$1$"]) assert.ok(!said.includes(secret), secret);
  });
}

test("a secret that changed on the device is seen without being shown, and healed", async (t) => {
  const b = await bench(t);
  await b.up(declared(PASSWORD));
  const own = b.simulator.running.snapshot().tables["WebUsers"];
  await byHand(b, "configure system\nuser Bob\npassword changed-by-hand\nactivate\n");
  await b.refresh();
  assert.equal(b.state().script, SCRIPT.replace("{{pw}}", '"[secret, changed on the device]"'));
  assert.ok(
    b.lines.some((line) => line.endsWith("drift: configure system / user Bob / password: (secret) changed")),
  );
  assert.equal(b.preview(declared(PASSWORD)), true);
  await b.up(declared(PASSWORD));
  assert.deepEqual(b.simulator.running.snapshot().tables["WebUsers"], own);
  await b.refresh();
  assert.equal(b.preview(declared(PASSWORD)), false);
});

test("a refused line that holds a secret is named without it, in whatever form the device echoes it", async (t) => {
  for (const cliAnswer of ["manual", "status", "text"] as const) {
    const b = await bench(t, { cliAnswer });
    const script = SCRIPT.replace("password {{pw}}", "passwort-geheim {{pw}}");
    const why = await b.failing(b.up({ ...declared(PASSWORD), script }));
    assert.match(why, /script line 3 \(configure system \/ user Bob \/ passwort-geheim\)/);
    assert.ok(!why.includes(PASSWORD), why);
    const { variables, __mediantShown, ...rest } = b.state();
    assert.ok(!JSON.stringify(rest).includes(PASSWORD));
  }
});

test("what queries print is without the secrets of the script", async (t) => {
  const b = await bench(t);
  const script = "configure system\n hostname {{host}}\nexit\nshow running-config\n";
  await b.up({ script, variables: { host: "secret-host" }, __mediantSecrets: ["host"] });
  assert.match(b.state().output, /hostname/);
  assert.ok(!b.state().output.includes("secret-host"));
});

test("a row whose key is a secret is told without it", async (t) => {
  const b = await bench(t);
  const script = SCRIPT.replace("Bob", "{{who}}");
  const inputs = { script, variables: { pw: PASSWORD, who: "Mallory" }, __mediantSecrets: ["pw", "who"] };
  await b.up(inputs);
  await byHand(b, "configure system\nno user Mallory\n");
  await b.refresh();
  assert.equal(b.state().script, "configure system\n no user {{who}}\nexit\n");
  assert.ok(b.lines.some((line) => line.includes("drift: configure system / user [secret]")));
  assert.ok(!b.lines.join("\n").includes("Mallory"));
});

test("values fill whole words, parts of quoted ones and the index of a row", async (t) => {
  const b = await bench(t);
  const script = 'configure voip\nproxy-set {{id}}\nproxy-name "PS {{ name }}"\nactivate\nexit\n';
  const inputs = { script, variables: { id: 5, name: "A B" } };
  await b.up(inputs);
  assert.equal(b.simulator.running.cell("ProxySet", "5", "ProxyName"), "PS A B");
  await byHand(b, "configure voip\nproxy-set 5\nproxy-name X\nactivate\n");
  await b.refresh();
  assert.equal(b.state().script, script.replace('"PS {{ name }}"', '"X"'));
  assert.equal(b.preview(inputs), true);
});
