import assert from "node:assert/strict";
import { test } from "node:test";
import { isPair, upgradeInProgress, upgradeWords } from "../../src/device/answers/status";
import type { Work } from "../../src/device/reset/sighting";
import { workOf } from "../../src/device/reset/upgrade";

const at = (version?: string, upgradeStatus?: string) => ({ version, upgradeStatus, other: {} });
const [older, newer] = ["7.20A.256.024", "7.40A.250.609"];

test("what a status says of a software load", () => {
  const table: [string, ReturnType<typeof at>, ReturnType<typeof at>, Work, Work][] = [
    // what, before, now, plain, hitless
    ["not begun", at(older, "None"), at(older, "None"), undefined, "idle"],
    ["at work", at(older, "None"), at(older, "In Progress"), "going", "going"],
    ["there, still at work", at(older, "None"), at(newer, "Hitless-beforeSwitchBack"), "going", "going"],
    ["there", at(older, "None"), at(newer, "None"), "done", "done"],
    ["there, spelt otherwise", at(older), at("7.40A.250.0609"), "done", "done"],
    ["no upgradeStatus", at(older), at(older), undefined, "going"],
    ["no version", at(older), at(), undefined, "going"],
    ["no version before", at(), at(newer), "done", "done"],
    ["loaded anew, not begun", at(newer, "None"), at(newer, "None"), undefined, "idle"],
    ["loaded anew, no upgradeStatus", at(newer), at(newer), undefined, "going"],
  ];
  for (const [what, before, now, plain, hitless] of table) {
    assert.equal(workOf({ hitless: false, version: newer }, before, now), plain, `${what}, plain`);
    assert.equal(workOf({ hitless: true, version: newer }, before, now), hitless, `${what}, hitless`);
  }
});

test("upgradeStatus, whatever its spelling", () => {
  for (const idle of [undefined, "", "None", "none"]) assert.equal(upgradeInProgress(at("7", idle)), false);
  for (const busy of ["In Progress", "Hitless-WaitRdnReconnect", "Other"])
    assert.equal(upgradeInProgress(at("7", busy)), true);
  assert.equal(upgradeWords("In Progress"), upgradeWords("inProgress"));
  assert.equal(
    upgradeWords("Hitless-WaitRdnReconnect"),
    "hitless upgrade: waiting for the redundant unit to reconnect",
  );
  assert.equal(upgradeWords("Burning 3"), "upgrade: Burning 3");
});

test("a pair in operation", () => {
  const pair = (highAvailability?: string) => isPair({ highAvailability, other: {} });
  for (const word of [undefined, "", "Stand Alone", "stand-alone", "StandAlone", "Not Operational"])
    assert.equal(pair(word), false, word);
  for (const word of ["Operational", "OPERATIONAL", "Synchronizing"]) assert.equal(pair(word), true, word);
});
