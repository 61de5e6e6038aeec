import { cellAddress, rowAddress } from "../../../ini/address";
import { nameKey } from "../../../ini/names";
import type { Observed } from "../../../ini/observe";
import { isOwnName, NO_NAME, seemsToName } from "../../../ini/references/columns";
import type { SecretTest } from "../../../ini/secrets";
import { isSecretValue } from "../../../secrets/values";
import { describeValue } from "../../../text/describe";

const NAMED = 5;

/**
 * Why a device may not take rows back: texts that look like references and that no row of another table is called.
 * Empty if there are none.
 */
export function danglingWords(
  before: Observed,
  now: Observed,
  {
    lost,
    isSecret,
  }: { lost: readonly { table: string; index: string; column: string }[]; isSecret: SecretTest },
): string {
  const tables = new Map<string, Set<string>>();
  for (const [name, { rows }] of now.tables)
    for (const row of rows.values())
      for (const [column, { text }] of row)
        if (isOwnName(name, column)) tables.set(text, (tables.get(text) ?? new Set()).add(nameKey(name)));
  const refers = (table: string, column: string) =>
    [...now.tables].some(([name, { columns }]) =>
      columns.some(
        (own) => isOwnName(name, own) && seemsToName({ table, column }, { table: name, column: own }),
      ),
    );
  const isElsewhere = (text: string, table: string) => {
    const named = tables.get(text);
    return named !== undefined && named.size > (named.has(nameKey(table)) ? 1 : 0);
  };
  const found: string[] = [];
  for (const { table, index, column } of lost) {
    const text = before.tables.get(table)?.rows.get(index)?.get(column)?.text ?? "";
    if (NO_NAME.test(text) || isElsewhere(text, table)) continue;
    if (isSecret(cellAddress(table, index, column)) || isSecretValue(text)) continue;
    if (!refers(table, column)) continue;
    found.push(`${rowAddress(table, index)} refers to ${describeValue(text)} (${column})`);
  }
  if (found.length === 0) return "";
  const rest = found.length > NAMED ? ` and ${found.length - NAMED} more do so` : "";
  return (
    `: ${found.slice(0, NAMED).join(", ")}${rest}, and nothing on the device has this name, perhaps after a rename; ` +
    "declare the row with a reference that exists"
  );
}
