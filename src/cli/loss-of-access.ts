import type { CanonicalScript } from "./canonical";
import { valueText } from "./compare";
import { effectOf, heldOf, type Section } from "./effect";

/** How a device is reached. */
export interface CliAccess {
  addresses: readonly string[];
  username: string;
}

const INTERFACE = "interface network-if";
const REACHED_BY = ["ip-address", "prefix-length", "application-type"];
const USER = "user";

/**
 * Why a whole script would lock us out: it leaves out or changes the interface through which the device is reached, or
 * leaves out the user that this connection logs in with. One sentence each; empty if it does not. What the device does
 * not export is not asked for.
 */
export function lossOfCliAccess(
  exported: CanonicalScript,
  declared: CanonicalScript,
  { addresses, username }: CliAccess,
): string[] {
  const problems: string[] = [];
  const live = effectOf(exported.lines);
  const wanted = effectOf(declared.lines);
  for (const [mode, section] of live.sections) {
    for (const [text, row] of rowsOf(section, INTERFACE)) {
      const address = lastValue(row, "ip-address");
      if (address === undefined || !addresses.includes(address)) continue;
      const declaredRow = wanted.sections.get(mode)?.sections.get(text);
      const lost = REACHED_BY.filter(
        (name) => row.fields.has(name) && lastValue(declaredRow, name) !== lastValue(row, name),
      );
      if (lost.length > 0)
        problems.push(
          `${mode} / ${text} (${address}) is how we reach the device, and the script leaves out or changes its ${lost.join(", ")}`,
        );
    }
    const users = rowsOf(section, USER);
    if (users.length === 0) continue;
    const declaredUsers = rowsOf(wanted.sections.get(mode), USER);
    if (declaredUsers.length === 0)
      problems.push("the script leaves out the users: the device would have the factory users only");
    else if (!declaredUsers.some(([, { header }]) => header?.line.args[0] === username))
      problems.push("the script leaves out the user that this connection logs in with");
  }
  return problems;
}

function rowsOf(section: Section | undefined, name: string): [string, Section][] {
  return [...(section?.sections ?? [])].filter(([, { header }]) => header?.line.name === name);
}

function lastValue(section: Section | undefined, name: string): string | undefined {
  const field = heldOf(section?.fields.get(name)).at(-1);
  return field && valueText(field.line);
}
