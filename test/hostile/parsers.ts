import assert from "node:assert/strict";
import { steadyScript } from "../../src/backup/cli";
import { steadyIni } from "../../src/backup/ini";
import { readCliAnswer } from "../../src/cli/answer";
import { trace } from "../../src/cli/canonical";
import { scriptChanges } from "../../src/cli/changes";
import { compareScripts } from "../../src/cli/compare";
import { readDeclared, scriptProblems } from "../../src/cli/declared";
import { CliSyntaxError } from "../../src/cli/errors";
import { parseScript } from "../../src/cli/parse";
import { renderScript } from "../../src/cli/render";
import { rowsOfScript } from "../../src/cli/row-claims";
import { judgeScript } from "../../src/cli/whole";
import { checkSettings } from "../../src/declare/device";
import { readLicenseFile } from "../../src/declare/license-file";
import { parseAlarm, parseAlarmPage } from "../../src/device/answers/alarms";
import { parseAnswer } from "../../src/device/answers/lenient-json";
import { parseLicense } from "../../src/device/answers/license";
import {
  parsePerformanceMonitor,
  parsePerformanceMonitors,
  parsePerformanceValue,
} from "../../src/device/answers/performance";
import { parseStatus } from "../../src/device/answers/status";
import { parseSections } from "../../src/device/connect/credentials-text";
import { multipartFrame } from "../../src/device/upload/multipart";
import { compareConfigurations } from "../../src/ini/compare";
import { type Configuration, readConfiguration } from "../../src/ini/configuration";
import { KnownRows } from "../../src/ini/dump/known-rows";
import { decodeIni, encodeIni } from "../../src/ini/encoding";
import { IniError } from "../../src/ini/errors";
import { liveConfiguration, observe } from "../../src/ini/observe";
import { parseIni } from "../../src/ini/parse";
import { renderConfiguration } from "../../src/ini/render";
import { judgeIni } from "../../src/ini/whole";
import { parseProfile } from "../../src/probe/profile";
import { Refusal } from "../../src/simulator/answer";
import { behaviourOf } from "../../src/simulator/behaviour";
import { FilePart } from "../../src/simulator/bodies/file-part";
import { safeLine } from "../../src/text/describe";
import { sanitise } from "../../src/text/sanitise";
import * as corpus from "./corpus";

/** A parser with what it must bear. `bear` throws if the bytes break a promise. */
export interface Parser {
  name: string;
  corpus: readonly Buffer[];
  bear(bytes: Buffer): void;
}

/** Nothing of it can end a line, steer a terminal or turn the text around. */
export function assertPlain(text: string): void {
  assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
}

/** The value, or undefined where the parser refuses the text with an error of its own. */
function unless<T>(isOwn: (error: unknown) => boolean, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isOwn(error)) throw error;
    if (error instanceof IniError) for (const { message } of error.problems) assertPlain(message);
    else assertPlain(safeLine((error as Error).message));
    return undefined;
  }
}

const isIni = (error: unknown) => error instanceof IniError;
const isCli = (error: unknown) => error instanceof CliSyntaxError;
/** Of readers whose only errors are sentences for the user; not those of the language. */
const isSentence = (error: unknown) => error instanceof Error && error.constructor === Error;

/** Each execution takes one way, which its bytes choose: so many more of them are made. */
function oneOf(bytes: Buffer, ...ways: (() => void)[]): void {
  ways[bytes.reduce((sum, byte) => sum + byte, 0) % ways.length]?.();
}

function bearIni(bytes: Buffer): void {
  const { text, encoding } = decodeIni(bytes);
  assert.ok(encodeIni(text, encoding)?.equals(bytes));
  oneOf(
    bytes,
    () => bearDeclaredIni(text),
    () => bearDeclaredIni(text),
    () => bearDump(text),
    () => steadyIni(text),
    () => assertPlain(judgeIni(text).fault ?? ""),
  );
}

function bearDump(text: string): void {
  const known = new KnownRows();
  const live = liveConfiguration(observe(text, known));
  assert.equal(compareConfigurations(live, liveConfiguration(observe(text, known))).length, 0);
}

function bearDeclaredIni(text: string): void {
  const document = parseIni(text);
  for (const { message } of document.problems) assertPlain(message);
  const configuration = unless(isIni, () => readConfiguration({ document }).configuration);
  if (configuration !== undefined) assertComesBack(configuration);
}

/** What can be written says the same again. */
function assertComesBack(configuration: Configuration): void {
  const text = unless(isIni, () => renderConfiguration(configuration));
  if (text === undefined) return;
  const again = readConfiguration({ document: parseIni(text) }).configuration;
  // A cell that a row leaves out comes back empty.
  const changes = compareConfigurations(configuration, again);
  assert.deepEqual(
    changes.filter(({ before, after }) => before !== undefined || after !== ""),
    [],
  );
}

function bearArguments(bytes: Buffer): void {
  const value = jsonOf(bytes);
  if (typeof value !== "object" || value === null) return;
  const { parameters, tables } = value as Record<string, unknown>;
  const isObject = (one: unknown) => typeof one === "object" && one !== null;
  const configuration = unless(
    isIni,
    () =>
      readConfiguration({
        parameters: (isObject(parameters) ? parameters : {}) as Record<string, unknown>,
        tables: (isObject(tables) ? tables : {}) as Record<string, unknown>,
      }).configuration,
  );
  if (configuration !== undefined) assertComesBack(configuration);
}

function bearCli(bytes: Buffer): void {
  const text = bytes.toString("utf8");
  oneOf(
    bytes,
    () => bearDeclaredScript(text),
    () => bearDeclaredScript(text),
    () => bearExport(text),
    () => steadyScript(text),
    () => assertPlain(judgeScript(text).fault ?? ""),
  );
}

function bearExport(text: string): void {
  const shown = trace(parseScript(text, { tolerant: true }));
  assert.equal(compareScripts(shown, shown).changes.length, 0);
  rowsOfScript(shown.lines);
}

function bearDeclaredScript(text: string): void {
  const variables = { a: "value", server: "192.0.2.1" };
  const declared = unless(isCli, () => readDeclared(text, { variables, secretVariables: ["a"] }));
  if (declared === undefined) return;
  assert.equal(scriptChanges(declared, declared).length, 0);
  if (scriptProblems(declared).length > 0) return;
  const sent = renderScript(declared);
  const lines = sent.split("\r\n");
  for (const line of lines) assertPlainLine(line);
  const again = trace(parseScript(sent));
  const said = ({ mode, name, args, negated }: (typeof declared.lines)[number]) => [
    ...mode,
    ...[negated, name, ...args],
  ];
  assert.deepEqual(again.lines.map(said), declared.lines.map(said));
}

function assertPlainLine(line: string): void {
  assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
}

function bearAnswer(bytes: Buffer): void {
  const answer = parseAnswer(bytes);
  assert.ok(depthOf(answer.fields) <= 70);
  JSON.stringify(answer);
  assertPlain(sanitise(answer.description ?? ""));
  oneOf(
    bytes,
    () => readCliAnswer(bytes.toString("utf8"), answer, "configure voip\nexit\n"),
    () => parseStatus(bytes),
    () => parseAlarmPage(bytes),
    () => parseAlarm(bytes),
    () => parsePerformanceMonitors(bytes),
    () => parsePerformanceMonitor(bytes),
    () => parsePerformanceValue(bytes, { index: 0, interval: "current" }),
    () => parseLicense(bytes),
  );
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let most = 0;
  for (const one of Object.values(value)) most = Math.max(most, depthOf(one));
  return most + 1;
}

function bearMultipart(bytes: Buffer): void {
  const part = new FilePart("edge");
  unless(
    (error) => error instanceof Refusal,
    () => {
      part.push(bytes);
      part.end();
    },
  );
  // The same bytes as the name of a file: it stays in its quotes, and the file is what it was.
  const { head, tail, headers } = multipartFrame(bytes.toString("utf8"));
  const boundary = headers["content-type"].replace(/^.*boundary=/, "");
  const own = new FilePart(boundary);
  const file = Buffer.concat([head, bytes, tail]);
  assert.ok(own.push(file).equals(bytes));
  own.end();
  assert.match(own.fileName ?? "", /^[ !#-:<-[\]-~]*$/);
  assert.equal(head.toString("latin1").split("\r\n").length, 5);
}

function bearLicense(bytes: Buffer): void {
  for (const text of [bytes.toString("latin1"), bytes.toString("utf8")]) {
    const { keys, fault } = readLicenseFile(text);
    assert.equal(keys.length === 0, fault !== undefined);
    for (const { serialNumber, key } of keys) assert.match(`${serialNumber}${key}`, /^\S+$/);
  }
}

function bearCredentials(bytes: Buffer): void {
  const text = bytes.toString("utf8");
  const sections = unless(isSentence, () => parseSections(text, "credentials"));
  if (sections === undefined) return;
  for (const section of sections.values()) {
    for (const [key, value] of Object.entries(section)) {
      if (typeof value !== "string" || key === "") continue;
      // Nothing was cut from it or put into it: it stands in the file as it is, or as JSON.
      const stands = text.includes(value) || text.includes(JSON.stringify(value));
      assert.ok(stands || /\\/.test(text), `${key} is another value`);
    }
  }
}

function bearDevice(bytes: Buffer): void {
  for (const problem of checkSettings(jsonOf(bytes), "device")) assertPlain(problem);
}

function bearProfile(bytes: Buffer): void {
  const profile = unless(isSentence, () => parseProfile(bytes.toString("utf8")));
  if (profile !== undefined) unless(isSentence, () => behaviourOf({}, profile));
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

export const PARSERS: readonly Parser[] = [
  { name: "ini", corpus: corpus.INI, bear: bearIni },
  { name: "cli", corpus: corpus.CLI, bear: bearCli },
  { name: "answer", corpus: corpus.JSON_ANSWERS, bear: bearAnswer },
  { name: "multipart", corpus: corpus.MULTIPART, bear: bearMultipart },
  { name: "license", corpus: corpus.LICENSES, bear: bearLicense },
  { name: "credentials", corpus: corpus.CREDENTIALS, bear: bearCredentials },
  { name: "device", corpus: corpus.DEVICES, bear: bearDevice },
  { name: "profile", corpus: corpus.PROFILES, bear: bearProfile },
  { name: "arguments", corpus: corpus.ARGUMENTS, bear: bearArguments },
];

/** What every object inherits, to see that no input put anything there. */
export function inherited(): string[] {
  return [Object.prototype, Array.prototype, Function.prototype].flatMap((one) =>
    Object.getOwnPropertyNames(one),
  );
}
