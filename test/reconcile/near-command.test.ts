import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalScript } from "../../src/cli/canonical";
import { readDeclared } from "../../src/cli/declared";
import { judgeScript } from "../../src/cli/judge";
import { parseScript } from "../../src/cli/parse";
import { nearCommand } from "../../src/reconcile/cli/near-command";
import { failuresOf } from "../../src/reconcile/cli/verify";

const read = (text: string) => canonicalScript(parseScript(text, { tolerant: true }));
const LIVE = read(`configure voip
  proxy-set 1
    proxy-name "A"
    activate
  exit
  ip-group 1
    name "B"
    activate
  exit
exit
`);

const near = (text: string) => {
  const { lines } = read(text);
  const line = lines.at(-1);
  return line && nearCommand(line, LIVE);
};

test("a command is looked for in rows of the same kind, and in the mode for a row", () => {
  assert.equal(near('configure voip\n proxy-set 7\n  proxy-nmae "X"\n exit\n'), "proxy-name");
  assert.equal(near('configure voip\n ip-group 7\n  proxy-nmae "X"\n exit\n'), undefined);
  assert.equal(near("configure voip\n proxy-sets 7\n"), "proxy-set");
  assert.equal(near("configure network\n proxy-sets 7\n"), undefined);
  assert.equal(near('configure voip\n proxy-set 7\n  proxy-name "X"\n exit\n'), undefined);
});

test("a line that the device passed over is told with the command that it shows", () => {
  const declared = readDeclared('configure voip\n proxy-set 1\n  proxy-nmae "C"\n exit\nexit\n');
  const verdict = judgeScript(declared, { before: LIVE, after: LIVE });
  const [reason = ""] = failuresOf(verdict, declared, LIVE);
  assert.match(reason, /does not show configure voip \/ proxy-set 1 \/ proxy-nmae C: misspelt/);
  assert.match(reason, /; proxy-nmae: did you mean proxy-name\?$/);
});
