import { readCliAnswer } from "../../cli/answer";
import { type IniRow, removalScript } from "../../cli/ini-rows";
import { parseAnswer } from "../../device/answers/lenient-json";
import type { DeviceClient } from "../../device/client";
import { sanitise } from "../../text/sanitise";

/**
 * Removes rows of ini tables by the CLI, where an ini file without them does not. To be called under the device's
 * write lock; whether the rows are gone is to be read back.
 *
 * @returns what could not be done, one sentence each; empty if the device ran all of it
 * @throws DeviceError as every write
 */
export async function removeRowsByCli(client: DeviceClient, rows: readonly IniRow[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const removal = removalScript(rows);
  if ("unknown" in removal) {
    const unknown = new Set(removal.unknown);
    const problems = removal.unknown.map(
      (table) =>
        `table ${table}: the device keeps rows that an ini file leaves out, and no CLI command is known that removes ` +
        `them: remove them in the device's web interface (${indexesOf(rows, table)})`,
    );
    const known = rows.filter(({ table }) => !unknown.has(table));
    return [...problems, ...(await removeRowsByCli(client, known))];
  }
  const { body } = await client.putIncrementalCliScript(Buffer.from(removal.script), []);
  const { ok, output, description } = readCliAnswer(body.toString("utf8"), parseAnswer(body), removal.script);
  if (ok) return [];
  const words = sanitise([description, output].filter((text) => text !== "").join(" "));
  return [`the device refused to remove rows by its CLI: ${words || "it gave no reason"}`];
}

function indexesOf(rows: readonly IniRow[], table: string): string {
  return rows
    .filter((row) => row.table === table)
    .map(({ index }) => `${table} ${index}`)
    .join(", ");
}
