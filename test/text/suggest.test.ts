import assert from "node:assert/strict";
import { test } from "node:test";
import { suggest } from "../../src/text/suggest";

test("the name that was meant is at most two letters away, whatever its case", () => {
  const known = ["SyslogServerIP", "SyslogServerPort", "EnableSyslog"];
  assert.equal(suggest("SyslogSeverIP", known), "SyslogServerIP");
  assert.equal(suggest("enablesyslog", known), "EnableSyslog");
  assert.equal(suggest("SyslogServrPrt", known), "SyslogServerPort");
  assert.equal(suggest("NTPServerIP", known), undefined);
  assert.equal(suggest("x", []), undefined);
  assert.equal(suggest("x", ["abc"]), undefined);
  assert.equal(suggest("EnableSislog", ["EnabledSislogs", "EnableSyslog"]), "EnableSyslog");
});
