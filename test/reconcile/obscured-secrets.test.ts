import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalScript } from "../../src/cli/canonical";
import { readDeclared } from "../../src/cli/declared";
import { judgeScript } from "../../src/cli/judge";
import { parseScript } from "../../src/cli/parse";
import { Device } from "../../src/device/shared/device";
import { NameMap } from "../../src/ini/names";
import { observe } from "../../src/ini/observe";
import { provenSecrets } from "../../src/reconcile/cli/verify";
import { proveSecrets } from "../../src/reconcile/ini/obscured-secrets";
import { OBSCURED_AS_BEFORE, type Verdict } from "../../src/reconcile/ini/verify";

/*
 * After the write of a secret a device may show it in a form that changes from look to look, or take it late: then one
 * form stands before and right after the write, and another one in the second look.
 */

const OLD = "$1$b2xkLW9uZQ==";
const NEW = "$1$bmV3LW9uZQ==";
const OTHER = "$1$b3RoZXItb25l";
const NAME = "SharedSecret";

const dump = (form: string) => observe(`[ SIP Params ]\n${NAME} = ${form}\n`);

/** What is known of a secret of an ini, by its form before the write, right after it, and in the second look. */
async function formOf(before: string, first: string, second: string) {
  const unproven = before === first;
  const verdict: Verdict = {
    forms: new NameMap([[NAME, { declared: "new", device: first, ...(unproven && { unproven: true }) }]]),
    problems: [],
    mayComeLater: [],
    unconfirmed: [],
    newlyObscured: [NAME],
    lookedTwice: true,
    notes: unproven ? [NAME + OBSCURED_AS_BEFORE] : [],
  };
  await proveSecrets(new Device(), [verdict], dump(first), async () => dump(second));
  return { form: verdict.forms.get(NAME), notes: verdict.notes.length };
}

test("a secret of an ini that the device takes late is known by the form in which it shows then", async () => {
  assert.deepEqual(await formOf(OLD, OLD, NEW), { form: { declared: "new", device: NEW }, notes: 0 });
  assert.deepEqual(await formOf(OLD, NEW, NEW), { form: { declared: "new", device: NEW }, notes: 0 });
  assert.deepEqual(await formOf(OLD, OLD, OLD), {
    form: { declared: "new", device: OLD, unproven: true },
    notes: 1,
  });
  assert.deepEqual(await formOf(OLD, NEW, OTHER), {
    form: { declared: "new", device: NEW, incomparable: true },
    notes: 1,
  });
});

const SCRIPT = (password: string) =>
  `configure system\n automatic-update\n  credentials-password ${password}\n  activate\n exit\nexit\n`;

/** The same of a secret of a script. */
async function shownOf(before: string, first: string, second: string) {
  const declared = readDeclared(SCRIPT("new"), { variables: {}, secretVariables: [] });
  const exported = (form: string) => canonicalScript(parseScript(SCRIPT(`"${form}"`), { tolerant: true }));
  const judged = (after: string) =>
    judgeScript(declared, { before: exported(before), after: exported(after) }, { shown: {} });
  const verdict = judged(first);
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const shown = await provenSecrets(
    declared,
    { verdict, earlier: {}, log },
    async () => judged(second).shown,
  );
  return { shown: Object.values(shown), unproven: verdict.unproven.length, lines: lines.length };
}

test("a secret of a script that the device takes late is known by the form in which it shows then", async () => {
  const as = (form: string) => `credentials-password ${form}`;
  assert.deepEqual(await shownOf(OLD, OLD, NEW), { shown: [as(NEW)], unproven: 0, lines: 0 });
  assert.deepEqual(await shownOf(OLD, NEW, NEW), { shown: [as(NEW)], unproven: 0, lines: 0 });
  assert.deepEqual(await shownOf(OLD, OLD, OLD), { shown: [as(OLD)], unproven: 1, lines: 0 });
  assert.deepEqual(await shownOf(OLD, NEW, OTHER), { shown: ["*"], unproven: 0, lines: 1 });
});
