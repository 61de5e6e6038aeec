import assert from "node:assert/strict";
import { test } from "node:test";
import { type DeviceResetInputs, deviceReset } from "../../../src/reconcile/actions/device-reset";
import { newLife } from "../../shared/life";

function reasons(gracefulTimeout: unknown): string[] {
  const device = { url: "https://sbc1.example.com", username: "u", password: "p" };
  const inputs = { device, triggers: [], gracefulTimeout, __mediantName: "reset" };
  return newLife(deviceReset)
    .check(inputs as DeviceResetInputs)
    .failures.map(({ reason }) => reason);
}

test("calls end at once, after some seconds, or by themselves", () => {
  for (const timeout of [undefined, 0, 2, 600, "untilCallsEnd"]) assert.deepEqual(reasons(timeout), []);
});

test("the device's own word for waiting without end is refused, with the words to write", () => {
  assert.match(reasons(1).join(), /write "untilCallsEnd", or 2 seconds or more/);
});

test("anything else is no timeout", () => {
  for (const timeout of [-1, 1.5, "1", "forever", true]) {
    assert.match(reasons(timeout).join(), /must be "untilCallsEnd" or a whole number of seconds/);
  }
});
