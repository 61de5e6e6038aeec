import { type Address, splitAddress } from "../ini/address";
import { type Configuration, readConfiguration, type Table, type Value } from "../ini/configuration";
import { IniError } from "../ini/errors";
import { NameMap, nameKey } from "../ini/names";
import { unwritableValues } from "../ini/render";
import { type SecretTest, secretTest } from "../ini/secrets";
import { IS_MARK, isMark } from "../secrets/values";
import { safeLine } from "../text/describe";
import { checkSettings, type DeviceSettings } from "./device";
import { tableParts } from "./large-tables";
import { isUnknown } from "./unknown";

/*
 * What all resources that declare ini configuration have in common: the shape of their inputs, and how it is
 * checked and compared.
 */

/** What the classes send: canonical, and whole but for values that the engine does not know yet. */
export interface DeclaredInputs {
  device: DeviceSettings;
  parameters?: Record<string, Value>;
  tables?: Record<string, Table>;
  /** Tables that are too large to be printed, and what is printed of them. */
  __mediantTables?: Record<string, Table>;
  largeTables?: Record<string, string>;
  secretNames?: string[];
  /** The logical name, for logs and the id. */
  __mediantName: string;
  /** Where it stands below components, as `type/name`. */
  __mediantParent?: string;
  /** The tables of the user's text in its order. */
  __mediantOrder?: string[];
  /** What the program made secret, by address; `*` for all of it. */
  __mediantSecrets?: string[];
  /** The thunk's text: a partial state must carry it, or it could not be refreshed. */
  __provider?: string;
}

export const NOTHING: Configuration = { parameters: {}, tables: {} };

type DeclaredParts = Pick<DeclaredInputs, "parameters" | "tables" | "__mediantTables">;

export function configurationOf(inputs: DeclaredParts): Configuration {
  const { parameters = {}, tables = {}, __mediantTables: large = {} } = inputs;
  // Parts that are not known yet are so together, for they are made of the same arguments.
  if (isUnknown(tables)) return { parameters, tables };
  return { parameters, tables: isUnknown(large) ? large : { ...tables, ...large } };
}

/** The configuration without the whole parts that the engine does not know yet. */
export function knownConfiguration(inputs: DeclaredInputs): Configuration {
  const { parameters, tables } = configurationOf(inputs);
  const known: Record<string, Table> = {};
  if (!isUnknown(tables)) {
    for (const [name, rows] of Object.entries(tables)) {
      if (isUnknown(rows)) continue;
      known[name] = Object.values(rows).some(isUnknown)
        ? Object.fromEntries(Object.entries(rows).filter(([, row]) => !isUnknown(row)))
        : rows;
    }
  }
  return { parameters: isUnknown(parameters) ? {} : parameters, tables: known };
}

/** Whether a whole part of the declaration (all parameters, all tables, a table, a row) is not known yet. */
export function isPartlyUnknown(inputs: DeclaredParts): boolean {
  const { parameters, tables } = configurationOf(inputs);
  if (isUnknown(parameters) || isUnknown(tables)) return true;
  return Object.values(tables).some((rows) => isUnknown(rows) || Object.values(rows).some(isUnknown));
}

/** Whether an address lies in a part of the declaration that is not known yet. */
export function isUnknownAt(inputs: DeclaredInputs, address: Address): boolean {
  const { parameters, tables } = configurationOf(inputs);
  const split = splitAddress(address);
  if (split.kind === "parameter") return isUnknown(parameters);
  if (isUnknown(tables)) return true;
  return Object.entries(tables).some(
    ([table, rows]) =>
      nameKey(table) === nameKey(split.table) && (isUnknown(rows) || isUnknown(rows[split.index])),
  );
}

/** What is secret by the inputs of a resource, now or before; all of it if they are not known yet. */
export function secretsOf(
  ...inputs: readonly Pick<DeclaredInputs, "secretNames" | "__mediantSecrets">[]
): SecretTest {
  const names = inputs.flatMap(({ secretNames }) => secretNames ?? []);
  const marked = inputs.flatMap(({ __mediantSecrets }) => __mediantSecrets ?? []);
  if (names.some(isUnknown) || marked.some((address) => isUnknown(address) || address === "*"))
    return () => true;
  const named = secretTest(names);
  const cells = new NameMap(marked.map((address) => [address, true]));
  return (address) => named(address) || cells.has(address);
}

/** Whether all that is declared turned out to be empty; what is empty from the start the program refuses. */
export function declaresNothing(inputs: DeclaredInputs): boolean {
  const { parameters, tables } = configurationOf(inputs);
  if (isPartlyUnknown(inputs) || Object.keys(parameters).length > 0) return false;
  return Object.values(tables).every((table) => Object.keys(table).length === 0);
}

/** What is wrong with inputs, one sentence each, without their values. No I/O. */
export function inputProblems(inputs: DeclaredInputs): string[] {
  const problems = checkSettings(inputs.device, "device", isUnknown);
  const configuration = knownConfiguration(inputs);
  try {
    readConfiguration(configuration);
    problems.push(...unwritableValues(configuration), ...maskedValues(configuration));
  } catch (error) {
    if (!(error instanceof IniError)) throw error;
    problems.push(...error.problems.map((problem) => problem.message));
  }
  return problems;
}

/** Values that a backup left out: what stands in their place must not become a password. */
function maskedValues({ parameters, tables }: Configuration): string[] {
  const isMasked = (value: Value): boolean =>
    typeof value === "string" ? isMark(value) : value.some((part) => isMark(part));
  const addresses = Object.entries(parameters).flatMap(([name, value]) =>
    isMasked(value) ? [`parameters.${name}`] : [],
  );
  for (const [table, rows] of Object.entries(tables)) {
    for (const [index, cells] of Object.entries(rows)) {
      for (const [column, value] of Object.entries(cells))
        if (isMasked(value)) addresses.push(`tables.${table}.${index}.${column}`);
    }
  }
  return addresses.map((address) => `${safeLine(address)} ${IS_MARK}`);
}

/** Found values, in the properties that were there; a property that was left out stays out while it is empty. */
export function withFound(inputs: DeclaredInputs, found: Configuration): Partial<DeclaredInputs> {
  const { parameters } = found;
  const { tables, __mediantTables, largeTables } = tableParts(found.tables, inputs);
  const isIn = (part: "parameters" | "tables" | "__mediantTables", now: object) =>
    inputs[part] !== undefined || Object.keys(now).length > 0;
  return {
    ...(isIn("parameters", parameters) ? { parameters } : {}),
    ...(isIn("tables", tables) ? { tables } : {}),
    ...(isIn("__mediantTables", __mediantTables) ? { __mediantTables, largeTables } : {}),
  };
}
