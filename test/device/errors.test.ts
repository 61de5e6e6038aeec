import assert from "node:assert/strict";
import { test } from "node:test";
import { DeviceError, isDeviceError, privilegeLevel } from "../../src/device/errors";

test("an error is one sentence with its place, and its stack is no more", () => {
  const error = new DeviceError("MEDIANT_REFUSED", "400 Bad Request: line 3", {
    ...{
      device: "sbc1",
      method: "PUT",
      path: "/api/v1/files/ini/incremental",
      status: 400,
      description: "line 3",
    },
  });
  assert.equal(error.message, "[sbc1] PUT /api/v1/files/ini/incremental: 400 Bad Request: line 3");
  assert.equal(error.stack, error.message);
  assert.deepEqual([error.code, error.status, error.description], ["MEDIANT_REFUSED", 400, "line 3"]);
  const settings = new DeviceError("MEDIANT_CONNECTION", "no username", { device: "sbc1" });
  assert.equal(settings.message, "[sbc1] no username");
});

test("an error of another copy of the package is known by its brand", () => {
  assert.ok(isDeviceError(new DeviceError("MEDIANT_TLS", "x", { device: "a" })));
  assert.ok(isDeviceError({ [Symbol.for("pulumi-mediant.error")]: true }));
  for (const other of [new Error("x"), undefined, null, "MEDIANT_TLS", {}]) assert.ok(!isDeviceError(other));
});

test("the privilege level that a request needs", () => {
  const levels: [string, string, string | undefined][] = [
    ["PUT", "/api/v1/files/ini/incremental", "Administrator"],
    ["POST", "/api/v1/actions/reset", "Administrator"],
    ["GET", "/api/v1/license", "Administrator"],
    ["PUT", "/api/v1/license", "Security Administrator"],
    ["GET", "/api/v1/status", "Monitor"],
    ["GET", "/api/v1/alarms/active?limit=5", "Monitor"],
    ["GET", "/api", undefined],
  ];
  for (const [method, path, level] of levels) assert.equal(privilegeLevel(method, path), level);
});
