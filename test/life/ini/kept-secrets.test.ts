import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../../src/simulator/answer";
import { bench } from "./bench";

/*
 * A device that obscures one secret one way and answers 200 to one that it does not take.
 */

const ini = [
  "[ Account ]",
  "FORMAT Account_Index = Account_AccountName, Account_Password;",
  'Account 0 = "t", "from-before";',
  "[ \\Account ]",
  "",
].join("\n");
const program = (Password: string) => ({ base: { tables: { Account: { 0: { Password } } } } });
const NOT_TAKEN = ["Account 0 Password was not taken by the device: it shows what it showed before"];

test("a secret whose obscured form stays on first management proves nothing, and a line says so", async (t) => {
  const { stack, simulator, lines } = await bench(t, { ini });
  simulator.faults.noEffectFor("Account.Password");
  assert.deepEqual((await stack.up(program("canary-1")))["base"]?.reasons, []);
  const told = lines.filter((line) => line.includes("it does not say which"));
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /Account 0 Password is obscured as before/);
});

test("a secret that the device takes on first management is not told", async (t) => {
  const { stack, lines } = await bench(t, { ini });
  assert.deepEqual((await stack.up(program("canary-1")))["base"]?.reasons, []);
  assert.ok(!lines.some((line) => line.includes("obscured as before")));
});

test("a secret that was changed by hand and cannot be put back is an error, as long as it is so", async (t) => {
  const { stack, simulator } = await bench(t, { ini });
  await stack.up(program("canary-1"));
  simulator.running.setCell("Account", 0, "Password", "by-hand");
  simulator.faults.noEffectFor("Account.Password");
  for (let run = 0; run < 2; run++) {
    const { base } = await stack.up(program("canary-1"), { refresh: true });
    assert.deepEqual(base?.reasons, NOT_TAKEN);
  }
  assert.deepEqual(await stack.preview(program("canary-1"), { refresh: true }), { base: true });
  simulator.faults.clear();
  assert.deepEqual((await stack.up(program("canary-1"), { refresh: true }))["base"]?.reasons, []);
  assert.equal(simulator.flash.cell("Account", 0, "Password"), "canary-1");
  assert.deepEqual(await stack.preview(program("canary-1"), { refresh: true }), { base: false });
});

for (const later of ["canary-1", "from-before"])
  test(`a form that proved nothing when it was learnt is no proof of a refusal later (then declared: ${later})`, async (t) => {
    const { stack, simulator } = await bench(t, { ini });
    simulator.faults.noEffectFor("Account.Password");
    await stack.up(program("canary-1"));
    simulator.faults.clear();
    // Somebody sets by hand what is declared then, or it stood there all the time.
    simulator.running.setCell("Account", 0, "Password", later);
    for (const changes of [true, false]) {
      const { base } = await stack.up(program(later), { refresh: true });
      assert.deepEqual(base, { op: changes ? "update" : "same", reasons: [] });
    }
    assert.equal(simulator.flash.cell("Account", 0, "Password"), later);
  });

test("a secret that the device took, lost and takes again in the same form converges, though the first run broke off", async (t) => {
  const { stack, simulator } = await bench(t);
  const secret = { base: { parameters: { SharedSecret: "canary-1" } } };
  const dump = simulator.running.dump.bind(simulator.running);
  let reads = 0;
  t.mock.method(simulator.running, "dump", () => {
    reads++;
    // The second look at the form.
    if (reads === 3) throw new Refusal(404, "gone for a moment");
    return dump();
  });
  assert.match((await stack.up(secret))["base"]?.reasons.join() ?? "", /404/);
  simulator.running.setParameter("SharedSecret", undefined);
  await stack.refresh();
  assert.deepEqual((await stack.up(secret))["base"], { op: "update", reasons: [] });
  assert.equal(simulator.flash.parameter("SharedSecret"), "canary-1");
});
