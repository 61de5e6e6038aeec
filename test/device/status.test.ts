import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStatus, parseTimestamp } from "../../src/device/answers/status";

test("the manual's status (section 8)", () => {
  const body = `{
    "localTimeStamp": "2010-01-17T17:29:15.000z", "ipAddress": "10.4.219.62", "subnetMask": "255.255.0.0",
    "defaultGateway": "10.4.0.1", "productType": "Mediant SW", "versionID": "7.00A.018.005",
    "protocolType": "SIP", "operationalState": "UNLOCKED", "highAvailability": "Stand Alone"
  }`;
  assert.deepEqual(parseStatus(Buffer.from(body)), {
    localTimeStamp: "2010-01-17T17:29:15.000Z",
    ipAddress: "10.4.219.62",
    subnetMask: "255.255.0.0",
    defaultGateway: "10.4.0.1",
    productType: "Mediant SW",
    version: "7.00A.018.005",
    protocolType: "SIP",
    operationalState: "UNLOCKED",
    highAvailability: "Stand Alone",
    other: {},
  });
});

test("a 7.40 device's status", () => {
  const status = parseStatus(
    JSON.stringify({
      ...{
        localTimeStamp: "2022-07-06T21:36:39+01:00",
        versionID: "7.40A.100.838",
        serialNumber: 277522263687112,
      },
      ...{ macAddress: "00:90:8f:00:00:01", systemUpTime: 13420550, saveNeeded: true, resetNeeded: false },
      ...{
        upgradeStatus: "None",
        mcUpgradeStatus: "None",
        osType: "8",
        acceleratedNetworking: "enabled",
        cpu: [1],
      },
    }),
  );
  assert.deepEqual(status, {
    localTimeStamp: "2022-07-06T20:36:39.000Z",
    version: "7.40A.100.838",
    serialNumber: "277522263687112",
    macAddress: "00:90:8f:00:00:01",
    systemUpTime: 13420550,
    saveNeeded: true,
    resetNeeded: false,
    upgradeStatus: "None",
    mcUpgradeStatus: "None",
    osType: "8",
    acceleratedNetworking: "enabled",
    other: { cpu: [1] },
  });
});

test("booleans and numbers in strings", () => {
  const status = parseStatus('{"saveNeeded": "Yes", "resetNeeded": "false", "systemUpTime": "12"}');
  assert.deepEqual(status, { saveNeeded: true, resetNeeded: false, systemUpTime: 12, other: {} });
});

test("a known field that cannot be read is kept as it came", () => {
  const status = parseStatus(
    '{"versionID": "7.40A", "saveNeeded": "perhaps", "localTimeStamp": "now", "ipAddress": null}',
  );
  assert.deepEqual(status, {
    version: "7.40A",
    other: { saveNeeded: "perhaps", localTimeStamp: "now", ipAddress: null },
  });
});

test("what is no status", () => {
  for (const body of ["", "<html>Login</html>", "{}", '{"title": "Login"}', "[]"])
    assert.equal(parseStatus(body), undefined);
});

test("the three forms of a time, and what is none", () => {
  assert.equal(parseTimestamp("2010-03-01T23:00:00.000z"), "2010-03-01T23:00:00.000Z");
  assert.equal(parseTimestamp("2010-03-01T23:00:00.000Z"), "2010-03-01T23:00:00.000Z");
  assert.equal(parseTimestamp("2010-03-01T23:00:00-05:30"), "2010-03-02T04:30:00.000Z");
  for (const other of ["2010-13-01T23:00:00Z", "2010-03-01", "", 5, undefined])
    assert.equal(parseTimestamp(other), undefined);
});
