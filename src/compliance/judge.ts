import { lineMatcher } from "../cli/at-default";
import { canonicalScript } from "../cli/canonical";
import { withoutSecrets } from "../cli/changes";
import { type CliChange, compareScripts } from "../cli/compare";
import { parseScript } from "../cli/parse";
import { compareVersions } from "../device/answers/version";
import { diffDump } from "../files/diff/ini";
import { type Address, cellAddress, rowAddress, splitAddress } from "../ini/address";
import type { Value } from "../ini/configuration";
import { NameMap } from "../ini/names";
import { type Observed, observe } from "../ini/observe";
import { secretTest } from "../ini/secrets";
import type { GoldenFile } from "../inventory/form";
import { nameMatcher } from "../secrets/names";
import { holdsObscured, REDACTED, secretShare } from "../secrets/values";
import { describeValue, safeLine } from "../text/describe";
import { redact } from "../text/redact";
import type { Wanted } from "./golden";
import type { Finding } from "./model";

/** What a device gave. */
export interface Given {
  firmware?: string;
  /** The ini dump. */
  dump?: string;
  /** The CLI export. */
  exported?: string;
}

export interface Judgement {
  findings: Finding[];
  uncompared: string[];
}

/** In what a device is not as it must be. */
export function judge(wanted: Wanted, given: Given, firmware: string | undefined): Judgement {
  const judgement: Judgement = { findings: [], uncompared: [] };
  const show = (value: Value | undefined) =>
    value === undefined ? undefined : redact(describeValue(value), wanted.secrets);
  const add = (finding: Omit<Finding, "expected" | "found">, expected?: Value, found?: Value) => {
    const hide = (value: Value | undefined) =>
      value === undefined
        ? undefined
        : finding.secret || secretShare(value) === "all"
          ? REDACTED
          : show(value);
    judgement.findings.push({
      ...finding,
      address: safeLine(redact(finding.address, wanted.secrets)),
      ...(expected === undefined ? {} : { expected: hide(expected) }),
      ...(found === undefined ? {} : { found: hide(found) }),
    });
  };
  judgeFirmware(given.firmware, firmware, add);
  if (given.dump !== undefined && wanted.ini !== undefined)
    judgeDump(observe(given.dump), wanted.ini, judgement, add);
  if (given.exported !== undefined && wanted.scripts.length > 0)
    judgeExport(given.exported, wanted.scripts, judgement, add);
  judgement.uncompared = judgement.uncompared.map((address) => safeLine(redact(address, wanted.secrets)));
  return judgement;
}

type Add = (finding: Omit<Finding, "expected" | "found">, expected?: Value, found?: Value) => void;

function judgeFirmware(found: string | undefined, expected: string | undefined, add: Add): void {
  if (expected === undefined) return;
  if (found !== undefined && (found === expected || compareVersions(found, expected) === 0)) return;
  const kind = found === undefined ? "missing" : "differs";
  add({ address: "firmware", kind, severity: "major", secret: false, file: "inventory" }, expected, found);
}

function judgeDump(
  observed: Observed,
  wanted: NonNullable<Wanted["ini"]>,
  judgement: Judgement,
  add: Add,
): void {
  const { configuration, golden, ownTables } = wanted;
  const { changes, uncompared } = diffDump(observed, configuration, { whole: false, isSecret: secretTest() });
  judgement.uncompared.push(...uncompared);
  const mayBeAbsent = new Map<GoldenFile, (name: string) => boolean>();
  for (const { address, before, after, secret } of changes) {
    const file = golden(address);
    const matcher = mayBeAbsent.get(file) ?? nameMatcher(file.atDefault);
    mayBeAbsent.set(file, matcher);
    if (before === undefined && (matcher(nameOf(address)) || file.atDefault.includes("*"))) continue;
    const kind = before === undefined ? "missing" : "differs";
    const { severity, file: name } = file;
    add({ address, kind, severity, secret, file: name }, after as Value, before as Value | undefined);
  }
  if (ownTables.size > 0) judgeExtraRows(observed, wanted, add);
}

/** As patterns name it: `Param`, `Table.Column`. */
function nameOf(address: Address): string {
  const place = splitAddress(address);
  if (place.kind === "parameter") return place.name;
  return place.kind === "cell" ? `${place.table}.${place.column}` : place.table;
}

/** Rows of owned tables that no file names. */
function judgeExtraRows(
  observed: Observed,
  { configuration, ownTables }: NonNullable<Wanted["ini"]>,
  add: Add,
): void {
  const declared = new NameMap(Object.entries(configuration.tables));
  const isSecret = secretTest();
  const owners = [...ownTables].map(([pattern, file]) => ({ matches: nameMatcher([pattern]), file }));
  for (const [name, table] of observed.tables) {
    const owner = owners.find(({ matches }) => matches(name))?.file;
    if (owner === undefined || table.hidden) continue;
    const rows = declared.get(name) ?? {};
    for (const [index, row] of table.rows) {
      if (Object.hasOwn(rows, index)) continue;
      const cells = [...row].flatMap(([column, { text }]) => {
        if (text === "") return [];
        const secret = isSecret(cellAddress(name, index, column));
        return [`${column} = ${secret ? REDACTED : text}`];
      });
      const { severity, file } = owner;
      add(
        { address: rowAddress(name, index), kind: "extra", severity, secret: false, file },
        undefined,
        cells.join(", "),
      );
    }
  }
}

function judgeExport(exported: string, scripts: Wanted["scripts"], judgement: Judgement, add: Add): void {
  const device = canonicalScript(parseScript(exported, { tolerant: true }));
  const found = new Map<string, { change: CliChange; golden: GoldenFile }>();
  for (const { golden, script } of scripts) {
    const mayBeAbsent = lineMatcher(golden.atDefault);
    for (const change of withoutSecrets(compareScripts(script, device).changes, script)) {
      const lines = change.at.map((at) => script.lines[at]).filter((line) => line !== undefined);
      if (change.before === undefined && lines.some(mayBeAbsent)) continue;
      // Of two files that speak of one line the later one counts.
      found.set(change.address, { change, golden });
    }
  }
  for (const { change, golden } of found.values()) {
    const { address, before, after, secret, kind } = change;
    if (secret && before !== undefined && holdsObscured(before)) {
      judgement.uncompared.push(address);
      continue;
    }
    const what = kind === "present" ? "extra" : before === undefined ? "missing" : "differs";
    add({ address, kind: what, severity: golden.severity, secret, file: golden.file }, after, before);
  }
}
