import { type Address, cellAddress, splitAddress } from "../../ini/address";
import type { Change } from "../../ini/compare";
import type { Configuration, Value } from "../../ini/configuration";
import { declaredBy } from "../../ini/declared";
import { NameMap, type Names, nameKey } from "../../ini/names";
import { liveConfiguration, liveValue, type Observed, sameLive } from "../../ini/observe";
import type { SecretTest } from "../../ini/secrets";
import { isObscured, isSecretValue, shownValue } from "../../secrets/values";
import { type DeviceForm, holds, isWithheld } from "../ini/fragment";

/** A whole configuration as one resource declares it, and what is known of how the device shows it. */
export interface WholeIni {
  declared: Configuration;
  forms: NameMap<DeviceForm>;
  /**
   * What the device showed beside the declaration right after it was loaded: values that it sets itself and rows
   * that it cannot be without.
   */
  ownByDevice: NameMap<Value>;
  isSecret: SecretTest;
}

/** What stands in the state for a secret that nobody declared. */
const SECRET_OF_DEVICE = "(secret)";

/**
 * What keeps a device from holding a whole configuration, by meaning: what is declared and does not hold, and
 * what is shown beside it and was not declared. What the device withholds cannot be compared and does not count.
 */
export function wholeDifferences(observed: Observed, whole: WholeIni): Change[] {
  const differences: Change[] = [];
  const { values } = declaredBy(whole.declared);
  for (const [address, after] of values) {
    if (holds(observed, address, after, whole.forms.get(address)) || isWithheld(observed, address)) continue;
    differences.push({ address, before: liveValue(observed, address), after });
  }
  for (const [address, before] of undeclaredLive(observed, values)) {
    const own = whole.ownByDevice.get(address);
    if (own === undefined || !sameOwn(own, before)) differences.push({ address, before, after: undefined });
  }
  return differences;
}

/** What a dump shows beside what is declared. */
export function undeclaredLive(observed: Observed, declared: Names<Value>): NameMap<Value> {
  const live = declaredBy(liveConfiguration(observed)).values;
  return new NameMap(
    [...live].filter(([address, value]) => !declared.has(address) && !isEmptyCell(address, value)),
  );
}

/** A column that the text leaves out and that stands empty or at its default is nothing that anybody set. */
function isEmptyCell(address: Address, value: Value): boolean {
  return splitAddress(address).kind === "cell" && sameLive("", value);
}

function sameOwn(own: Value, live: Value): boolean {
  // An obscured value of the device's own may come back in another form each time.
  const obscured = [own, live].every((value) => typeof value === "string" && isObscured(value));
  return obscured || sameLive(own, live);
}

/** The whole configuration as the device holds it, under the names of the inputs: what a refresh records. */
export function foundWhole(observed: Observed, whole: WholeIni): Configuration {
  const found: Configuration = { parameters: {}, tables: {} };
  const { values } = declaredBy(whole.declared);
  const put = (address: Address, value: Value) => {
    const split = splitAddress(address);
    if (split.kind === "parameter") found.parameters[split.name] = value;
    else if (split.kind === "cell" && typeof value === "string") {
      const table = found.tables[split.table] ?? {};
      table[split.index] = { ...table[split.index], [split.column]: value };
      found.tables[split.table] = table;
    }
  };
  for (const [table, rows] of Object.entries(whole.declared.tables)) {
    if (Object.keys(rows).length === 0) found.tables[table] = {};
  }
  const differing = new NameMap(wholeDifferences(observed, whole).map((change) => [change.address, change]));
  for (const [address, value] of values) {
    const difference = differing.get(address);
    if (value === SECRET_OF_DEVICE || difference === undefined) put(address, value);
    else if (difference.before !== undefined) {
      // After a refresh that found drift `value` is the drifted one; the form knows what the user wrote.
      const form = whole.forms.get(address);
      const back = form !== undefined && holds(observed, address, form.declared, form);
      const live = difference.before;
      // The engine keeps as a secret what was declared as one; the rest of a state can be read.
      const found = whole.isSecret(address) ? live : shownValue(live, false);
      put(address, back ? form.declared : found);
    }
  }
  for (const { address, before } of differing.values()) {
    if (values.has(address) || before === undefined) continue;
    const secret = whole.isSecret(address) || isSecretValue(before);
    put(address, secret ? SECRET_OF_DEVICE : before);
  }
  return found;
}

/** What the device withholds: after a load nobody can say whether it is still there. */
export function withheldItems(observed: Observed): string[] {
  const tables = [...observed.tables.values()].filter((table) => table.hidden);
  return [...observed.hiddenParameters.keys(), ...tables.map((table) => `table ${table.name}`)];
}

/** The user and the address by which the device is reached. */
export interface Access {
  /** The host of the url, and what the status says of the address. */
  addresses: readonly string[];
  username: string;
}

/**
 * Why a whole configuration would lock us out: it leaves out or changes the interface through which the device is
 * reached, or leaves out the users. One sentence each; empty if it does not.
 */
export function lossOfAccess(observed: Observed, declared: Configuration, access: Access): string[] {
  const problems: string[] = [];
  const { values } = declaredBy(declared);
  for (const [index, row] of observed.tables.get("InterfaceTable")?.rows ?? []) {
    const address = row.get("IPAddress")?.text;
    if (address === undefined || !access.addresses.includes(address)) continue;
    const at = (column: string) => cellAddress("InterfaceTable", index, column);
    const lost = ["IPAddress", "PrefixLength", "ApplicationTypes"].filter((column) => {
      const live = row.get(column)?.text;
      const wanted = values.get(at(column));
      return live !== undefined && (wanted === undefined || !sameLive(wanted, live));
    });
    if (lost.length > 0) {
      problems.push(
        `InterfaceTable ${index} (${address}) is how we reach the device, and the configuration leaves out or changes its ${lost.join(", ")}`,
      );
    }
  }
  const users = Object.entries(declared.tables).find(([name]) => nameKey(name) === "webusers")?.[1] ?? {};
  if (Object.keys(users).length === 0) {
    problems.push("the configuration leaves out WebUsers: the device would have the factory users only");
  } else if (!Object.values(users).some((row) => hasUsername(row, access.username))) {
    problems.push("WebUsers has no row for the user that this connection logs in with");
  }
  return problems;
}

function hasUsername(row: Record<string, string>, username: string): boolean {
  return Object.entries(row).some(([column, value]) => nameKey(column) === "username" && value === username);
}
