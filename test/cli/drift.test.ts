import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutSecrets } from "../../src/cli/changes";
import { compareScripts } from "../../src/cli/compare";
import { readDeclared } from "../../src/cli/declared";
import { replaceDrifted } from "../../src/cli/replace";
import { read } from "./scripts";

/** A script after its drift was taken over from a device. */
function takenOver(script: string, device: string): string {
  const { changes } = compareScripts(read(script), read(device, { tolerant: true }));
  return replaceDrifted(script, changes);
}
const system = (line: string) => `configure system\n  ${line} \nexit\n`;

test("a value that changed by hand is replaced where it stands, in quotes if it was in quotes", () => {
  assert.equal(takenOver(system("hostname a"), system("hostname b")), system("hostname b"));
  assert.equal(takenOver(system('hostname "a"'), system("hostname b")), system('hostname "b"'));
  assert.equal(takenOver(system("set hostname a"), system("hostname b")), system("set hostname b"));
  assert.equal(takenOver(system("hostname a"), system('hostname "b c"')), system('hostname "b c"'));
  assert.equal(takenOver(system("banner"), system("banner hello")), system("banner hello"));
  assert.equal(takenOver(system("banner hello"), system("banner")), "configure system\n  banner  \nexit\n");
});

test("a setting that is gone is taken away by its name, one of a list by all its words", () => {
  assert.equal(takenOver(system("set hostname a"), system("x 1")), system("no set hostname"));
  const list = "configure data\n access-list 1 permit\n access-list 2 deny\nexit\n";
  const shorter = "configure data\n access-list 2 deny\nexit\n";
  assert.equal(takenOver(list, shorter), list.replace("access-list 1", "no access-list 1"));
});

test("line ends and comments stay as they are written", () => {
  const script = "configure system\r\n  ! kept\r\n  hostname a ; kept\r\nexit\r\n";
  const device = "configure system\n hostname b\nexit\n";
  const taken = takenOver(script.replace(" ; kept", ""), device);
  assert.equal(taken, "configure system\r\n  ! kept\r\n  hostname b\r\nexit\r\n");
});

test("a row that came back stands in place of its `no`, indented and ended like the script", () => {
  const script = "configure voip\r\n  no proxy-set 7\r\n  no proxy-set 8\r\nexit\r\n";
  const device = "configure voip\n proxy-set 7\n  proxy-name A\n exit\nexit\n";
  const row = "  proxy-set 7\r\n   proxy-name A\r\n   activate\r\n  exit\r\n";
  assert.equal(takenOver(script, device), script.replace("  no proxy-set 7\r\n", row));
  assert.equal(
    takenOver(script.replaceAll("\r", ""), device),
    script.replace("  no proxy-set 7\r\n", row).replaceAll("\r", ""),
  );
});

test("what is replaced in a script with placeholders leaves the others in their place", () => {
  const written = "configure system\n hostname {{a}}\n banner {{b}}\nexit\n";
  const { changes } = compareScripts(
    read("configure system\n hostname one-two-three\n banner x\nexit\n"),
    read("configure system\n hostname one-two-three\n banner y\nexit\n"),
  );
  const script = written.replace("{{a}}", "one-two-three").replace("{{b}}", "x");
  assert.equal(replaceDrifted(script, changes, written), written.replace("{{b}}", "y"));
});

test("a script that a strict reader refuses can take over drift", () => {
  const script = 'configure system\n note a"b\n hostname a\nexit\n';
  const declared = read(script, { tolerant: true });
  const device = read(script.replace("hostname a", "hostname b"), { tolerant: true });
  const taken = replaceDrifted(script, compareScripts(declared, device).changes);
  assert.equal(taken, script.replace("hostname a", "hostname b"));
});

test("of a secret that changed by hand only that it did is said", () => {
  const declared = readDeclared("configure system\nbanner {{pw}}\nuser U password old-canary\nexit\n", {
    variables: { pw: "first-canary" },
    secretVariables: ["pw"],
  });
  const device = read("configure system\nbanner new-canary\nuser U password new-canary\nexit\n");
  const changes = withoutSecrets(compareScripts(declared, device).changes, declared);
  assert.deepEqual(
    changes.map(({ secret }) => secret),
    [true, true],
  );
  assert.doesNotMatch(JSON.stringify(changes.map(({ found, address }) => [found, address])), /canary/);
  assert.match(JSON.stringify(changes), /\[secret, changed on the device\]/);
});

test("a line is secret if one of the places that say it has its value from a secret; other lines show theirs", () => {
  const declared = readDeclared(
    "configure system\nhostname a\nbanner {{pw}}\nbanner canary\nbanner canary\nexit\n",
    { variables: { pw: "canary" }, secretVariables: ["pw"] },
  );
  const device = read("configure system\nhostname b\nbanner shown\nexit\n");
  const changes = withoutSecrets(compareScripts(declared, device).changes, declared);
  assert.deepEqual(
    changes.map(({ secret, at, found }) => [secret, at, found.flatMap(({ args }) => args)]),
    [
      [false, [1], ["b"]],
      [true, [2, 3, 4], ["[secret, changed on the device]"]],
    ],
  );
});

test("a row that is gone is taken away with the rows in it, though nothing but the indentation ends them", () => {
  const rest = " ip-group 1\n  name B\n";
  const row = " proxy-set 1\n  proxy-name A\n  proxy-ip 0\n   proxy-address 192.0.2.1\n";
  const taken = takenOver(`configure voip\n${row}${rest}`, `configure voip\n${rest}exit\n`);
  assert.equal(taken, `configure voip\n no proxy-set 1\n${rest}`);
});

test("a row that is gone is taken away everywhere that the script enters it", () => {
  const row = " proxy-set 1\n  name A\n exit\n";
  const script = `configure voip\n${row}${row} ip-group 1\n  name B\n exit\n${row}exit\n`;
  assert.equal(
    takenOver(script, "configure voip\n ip-group 1\n  name C D\n exit\nexit\n"),
    script.replaceAll(row, " no proxy-set 1\n").replace("name B", "name C D"),
  );
});

test("a secret in the words of a mode is in no address", () => {
  const script = (value: string) => `configure data\ncrypto isakmp key canary\n  ttl ${value}\nexit\nexit\n`;
  const indented = (value: string) => read(script(value).replace("crypto", " crypto"), { tolerant: true });
  const { changes } = compareScripts(indented("1"), indented("2"));
  assert.deepEqual(
    changes.map(({ address }) => address.includes("canary")),
    changes.map(() => false),
  );
});
