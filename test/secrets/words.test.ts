import assert from "node:assert/strict";
import { test } from "node:test";
import { isSecretLine, secretTexts, shownWords } from "../../src/secrets/words";

/** A line in which a word in angle brackets is a secret, and the line as it is shown. */
const lines: [string, string][] = [
  ["password <X>", "password [secret]"],
  ["pw-nonce <X>", "pw-nonce [secret]"],
  ["pin-code <X>", "pin-code [secret]"],
  ["user Bob password <X>", "user Bob password [secret]"],
  ["user Bob password <X> privilege admin", "user Bob password [secret] privilege admin"],
  ["auth-key <X>", "auth-key [secret]"],
  ["community-string <X>", "community-string [secret]"],
  ["snmp-server community <X> ro", "snmp-server community [secret] ro"],
  ["crypto isakmp key <X>", "crypto isakmp key [secret]"],
  ["crypto isakmp key <X> address 192.0.2.1", "crypto isakmp key [secret] address 192.0.2.1"],
  ["tacacs-server key <X>", "tacacs-server key [secret]"],
  ["radius-server host 192.0.2.1 key <X>", "radius-server host 192.0.2.1 key [secret]"],
  ["security wpa key <X>", "security wpa key [secret]"],
  ["ip ospf message-digest-key 1 md5 <X>", "ip ospf message-digest-key [secret]"],
  ["ip ospf authentication-key <X>", "ip ospf authentication-key [secret]"],
  ["neighbor 192.0.2.1 password <X>", "neighbor 192.0.2.1 password [secret]"],
  ["psk <X>", "psk [secret]"],
  ["wpa-psk ascii <X>", "wpa-psk [secret]"],
  ["key-string <X>", "key-string [secret]"],
  [
    "snmp-server user U v3 auth sha <X> priv aes <Y>",
    "snmp-server user U v3 auth sha [secret] priv aes [secret]",
  ],
  ["server 192.0.2.1 shared-key <X> port 1812", "server 192.0.2.1 shared-key [secret] port 1812"],
  ["key <3xYp==> obscured", "key [secret]"],
  ["whatever <3xYp==> obscured", "whatever [secret]"],
  ["PASSWORD <X>", "PASSWORD [secret]"],
  ["proxy-name PS_Password", "proxy-name PS_Password"],
  ["announce on", "announce on"],
  ["user password", "user password"],
  ["key chain backbone", "key chain backbone"],
  ["key 1", "key 1"],
  ["public-key ssh-rsa", "public-key ssh-rsa"],
  ["dh-key-size 2048", "dh-key-size 2048"],
  ["value $1$2", "value $1$2"],
  ["x https://ops:X@h/a", "x https://[secret]@h/a"],
];

for (const [written, shown] of lines) {
  test(`secrets by the words before them: ${written}`, () => {
    const [name = "", ...args] = written.replace(/[<>]/g, "").split(" ");
    assert.equal([name, ...shownWords(name, args)].join(" "), shown);
    const secrets = [...written.matchAll(/<([^>]*)>/g)].map(([, secret]) => secret ?? "");
    const texts = secretTexts(name, args);
    for (const secret of secrets) assert.ok(texts.includes(secret), `${secret} in ${texts}`);
    assert.equal(isSecretLine(name, args), secrets.length > 0);
  });
}

test("what a device obscured is a secret behind any word", () => {
  assert.deepEqual(shownWords("whatever", ["$1$gQ=="]), ["[secret]"]);
  assert.ok(isSecretLine("whatever", ["a", "$1$Zm9v"]));
});
