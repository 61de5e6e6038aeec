import assert from "node:assert/strict";
import { test } from "node:test";
import { failureOfConnect, failureOfError } from "../../src/device/http/failures";

const withCode = (code: string) => Object.assign(new Error("canary"), { code });

test("what an error after the connection was made means", () => {
  const table: [string, string, string][] = [
    ["ECONNRESET", "lost", "MEDIANT_UNREACHABLE"],
    ["EPIPE", "lost", "MEDIANT_UNREACHABLE"],
    ["UND_ERR_SOCKET", "lost", "MEDIANT_UNREACHABLE"],
    ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "lost", "MEDIANT_UNREACHABLE"],
    ["UND_ERR_HEADERS_TIMEOUT", "timeout", "MEDIANT_TIMEOUT"],
    ["UND_ERR_BODY_TIMEOUT", "timeout", "MEDIANT_TIMEOUT"],
    ["UND_ERR_RES_EXCEEDED_MAX_SIZE", "unreadable", "MEDIANT_BAD_ANSWER"],
    ["HPE_INVALID_CONSTANT", "lost", "MEDIANT_BAD_ANSWER"],
  ];
  for (const [code, kind, meant] of table) {
    const failure = failureOfError(withCode(code), 60);
    assert.deepEqual([failure.kind, failure.code], [kind, meant], code);
    assert.doesNotMatch(failure.sentence, /canary/);
  }
  for (const other of [undefined, null, "canary", {}]) assert.equal(failureOfError(other, 60).kind, "lost");
});

test("what an error before the connection was made means: never that something was sent", () => {
  const table: [string, string, RegExp][] = [
    ["ECONNREFUSED", "MEDIANT_UNREACHABLE", /no connection \(ECONNREFUSED\)/],
    ["ENOTFOUND", "MEDIANT_UNREACHABLE", /ENOTFOUND/],
    ["UND_ERR_CONNECT_TIMEOUT", "MEDIANT_UNREACHABLE", /does not answer/],
    ["ECONNRESET", "MEDIANT_UNREACHABLE", /ECONNRESET/],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "MEDIANT_TLS", /plain http\?/],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "MEDIANT_TLS", /TLS 1\.2/],
    ["EPROTO", "MEDIANT_TLS", /handshake failed \(EPROTO\)$/],
  ];
  for (const [code, meant, sentence] of table) {
    const failure = failureOfConnect(withCode(code));
    assert.equal(failure.kind, "notSent");
    assert.equal(failure.code, meant);
    assert.match(failure.sentence, sentence);
  }
});
