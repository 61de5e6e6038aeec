import { canonicalScript } from "../../cli/canonical";
import { besideLines, scriptChanges, withoutSecrets } from "../../cli/changes";
import { addressOf, compareScripts, valueText } from "../../cli/compare";
import { type DeclaredScript, readDeclared, variablesOfSecrets } from "../../cli/declared";
import { CliSyntaxError } from "../../cli/errors";
import { parseScript } from "../../cli/parse";
import { judgeScript } from "../../cli/whole";
import { placeholders } from "../../ini/variables";
import { holdsObscured } from "../../secrets/values";
import { isSecretLine } from "../../secrets/words";
import { redact } from "../../text/redact";
import { diffOf, type FileChange, type FileDiff } from "./change";

/**
 * A script as it stands, its placeholders included. A device's own export may hold lines that no person could write.
 *
 * @throws CliSyntaxError if it is neither a script nor a whole export
 */
export function readScript(text: string): DeclaredScript {
  const variables = Object.fromEntries(placeholders(text).map((name) => [name, `{{${name}}}`]));
  const options = { variables, secretVariables: variablesOfSecrets(text) };
  try {
    return readDeclared(text, options);
  } catch (error) {
    if (!(error instanceof CliSyntaxError) || judgeScript(text).fault !== undefined) throw error;
    return readDeclared(text, { ...options, tolerant: true });
  }
}

/** What leads from one script to another, a line at a time; indentation, comments and layout do not count. */
export function diffScripts(before: DeclaredScript, after: DeclaredScript): FileDiff {
  const changes = scriptChanges(before, after).map(
    (change): FileChange => ({
      address: change.address,
      before: change.before,
      after: change.after,
      secret: change.secret,
    }),
  );
  return diffOf(changes, "file");
}

/**
 * What a script would change on the device that gave an export.
 *
 * @param whole whether what the script leaves out differs
 */
export function diffExport(exported: string, declared: DeclaredScript, whole: boolean): FileDiff {
  const device = canonicalScript(parseScript(exported, { tolerant: true }));
  const { changes } = compareScripts(declared, device);
  const shown = (value: string | undefined) => value && redact(value, declared.secrets);
  const hidden: string[] = [];
  const found = withoutSecrets(changes, declared).flatMap(
    ({ address, before, after, secret }): FileChange[] => {
      if (secret && before !== undefined && holdsObscured(before)) hidden.push(address);
      else
        return [
          { address, before: secret ? before : shown(before), after: secret ? after : shown(after), secret },
        ];
      return [];
    },
  );
  const beside = whole ? besideLines(device, declared) : [];
  const diff = diffOf(
    [
      ...found,
      ...beside.map(
        (line): FileChange => ({
          address: redact(addressOf(line), declared.secrets),
          before: line.opens === undefined ? redact(valueText(line), declared.secrets) : "present",
          after: undefined,
          secret: isSecretLine(line.name, line.args),
        }),
      ),
    ],
    "device",
  );
  return { changes: diff.changes, uncompared: [...hidden, ...diff.uncompared] };
}
