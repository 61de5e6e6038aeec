import type { IniDocument } from "../../ini/document";
import { parseIni } from "../../ini/parse";
import { secretTest } from "../../ini/secrets";
import type { FileKind } from "../kind";
import { KnownCommands, lintCli } from "./cli";
import type { Finding } from "./finding";
import { lintIni } from "./ini";
import { KnownNames } from "./known";

/** A file as it was given. */
export interface Given {
  name: string;
  text: string;
  kind: FileKind;
}

/** A file with what is to be looked at in it. */
export interface Linted {
  name: string;
  findings: Finding[];
}

/**
 * Looks at files that go to one device.
 *
 * @param dumps what devices gave: ini files, exported scripts
 * @param secretNames secret names beside the built-in ones
 */
export function lint(
  files: readonly Given[],
  dumps: readonly Given[],
  secretNames: readonly string[] = [],
): Linted[] {
  const inis = dumps.filter(({ kind }) => kind === "ini").map(({ text }) => parseIni(text));
  const scripts = dumps.filter(({ kind }) => kind === "cli").map(({ text }) => text);
  const documents = new Map<Given, IniDocument>();
  for (const file of files) if (file.kind === "ini") documents.set(file, parseIni(file.text));
  const known = inis.length === 0 ? undefined : new KnownNames(inis);
  const commands = scripts.length === 0 ? undefined : new KnownCommands(scripts);
  const isSecret = secretTest(secretNames);
  return files.map((file) => {
    const document = documents.get(file);
    if (document === undefined) return { name: file.name, findings: lintCli(file.text, commands) };
    const others = [...documents.values()].filter((other) => other !== document);
    return {
      name: file.name,
      findings: lintIni(document, { known, beside: [...others, ...inis], isSecret }),
    };
  });
}
