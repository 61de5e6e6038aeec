import assert from "node:assert/strict";
import { test } from "node:test";
import { DeviceError, type DeviceErrorCode } from "../../src/device/errors";
import { ATTEMPTS, sendAndLook } from "../../src/reconcile/life/lost-answers";

const failure = (code: DeviceErrorCode) => new DeviceError(code, "no answer", { device: "sbc1" });

/** Sends with these endings one after the other, and looks with these results. */
function drive(endings: (DeviceErrorCode | "ok")[], looks: (string | undefined)[] = []) {
  const done: string[] = [];
  const result = sendAndLook(
    async () => {
      done.push("send");
      const ending = endings.shift() ?? "ok";
      if (ending !== "ok") throw failure(ending);
      return "sent";
    },
    async () => {
      done.push("look");
      return looks.shift();
    },
  );
  return { done, result };
}

test("an answer that comes needs no look", async () => {
  const { done, result } = drive(["ok"]);
  assert.equal(await result, "sent");
  assert.deepEqual(done, ["send"]);
});

test("a lost answer is looked up, and the write is sent again only if it had no effect", async () => {
  const had = drive(["MEDIANT_OUTCOME_UNKNOWN"], ["shown"]);
  assert.equal(await had.result, "shown");
  assert.deepEqual(had.done, ["send", "look"]);
  const hadNot = drive(["MEDIANT_OUTCOME_UNKNOWN", "ok"], [undefined]);
  assert.equal(await hadNot.result, "sent");
  assert.deepEqual(hadNot.done, ["send", "look", "send"]);
});

test("it is not sent for ever, and the last look counts too", async () => {
  const lost = Array<DeviceErrorCode>(ATTEMPTS).fill("MEDIANT_OUTCOME_UNKNOWN");
  const never = drive([...lost]);
  await assert.rejects(never.result, { code: "MEDIANT_OUTCOME_UNKNOWN" });
  assert.equal(never.done.filter((one) => one === "send").length, ATTEMPTS);
  const late = drive([...lost], [...Array(ATTEMPTS - 1).fill(undefined), "shown"]);
  assert.equal(await late.result, "shown");
});

test("any other error is told at once", async () => {
  const { done, result } = drive(["MEDIANT_REFUSED"]);
  await assert.rejects(result, { code: "MEDIANT_REFUSED" });
  assert.deepEqual(done, ["send"]);
});
