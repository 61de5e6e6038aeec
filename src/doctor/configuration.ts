import { type Observed, observe } from "../ini/observe";

/** What the running configuration tells about the device and about who asks. */
export interface ConfigurationFacts {
  /** Whether it is that of a unit of an HA pair. */
  pairConfigured: boolean;
  /** `UserLevel` of the user in WebUsers; undefined if the user is not in that table, as those of LDAP are. */
  userLevel: string | undefined;
}

/** `ApplicationTypes` of the interface over which the units of a pair talk (device manuals, "HA maintenance"). */
const MAINTENANCE = "99";

/** Undefined if the text is no configuration at all, such as the web page of something else. */
export function configurationFacts(ini: string, username: string): ConfigurationFacts | undefined {
  const observed = observe(ini);
  const { parameters, tables, hiddenParameters } = observed;
  const isEmpty = parameters.size + tables.size + hiddenParameters.size === 0;
  if (isEmpty && !ini.trimStart().startsWith(";")) return undefined;
  const partner = observed.parameters.get("HARemoteAddress");
  const link = rowsOf(observed, "InterfaceTable").some((row) => row("ApplicationTypes") === MAINTENANCE);
  const user = rowsOf(observed, "WebUsers").find((row) => row("Username") === username);
  return { pairConfigured: link || !isUnset(partner), userLevel: user?.("UserLevel") };
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === "" || value === "0.0.0.0";
}

/** Each row of a table, as what tells the text of a cell. */
function rowsOf(observed: Observed, table: string): ((column: string) => string | undefined)[] {
  const rows = observed.tables.get(table)?.rows.values() ?? [];
  return [...rows].map((cells) => (column) => cells.get(column)?.text);
}
