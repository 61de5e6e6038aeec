import { splitAddress } from "../../ini/address";
import { compareConfigurations } from "../../ini/compare";
import { type Configuration, readConfiguration } from "../../ini/configuration";
import { IniError } from "../../ini/errors";
import { liveConfiguration, type Observed, observe } from "../../ini/observe";
import { parseIni } from "../../ini/parse";
import type { SecretTest } from "../../ini/secrets";
import { judgeIni } from "../../ini/whole";
import { type Against, diffOf, type FileChange, type FileDiff } from "./change";

/**
 * What an ini text says. A device's own dump may hold lines that no person could declare.
 *
 * @throws IniError if it is neither sound nor a whole dump
 */
export function readIni(text: string): Configuration {
  try {
    return readConfiguration({ document: parseIni(text) }).configuration;
  } catch (error) {
    if (!(error instanceof IniError) || judgeIni(text).fault !== undefined) throw error;
    return liveConfiguration(observe(text));
  }
}

/**
 * What a file would change on the device that gave a dump. What the device withholds is not compared.
 *
 * @param whole whether what the file leaves out differs
 */
export function diffDump(
  observed: Observed,
  declared: Configuration,
  options: { whole: boolean; isSecret: SecretTest },
): FileDiff {
  const diff = diffIni(liveConfiguration(observed), declared, { ...options, against: "device" });
  const isWithheld = ({ address }: FileChange) => {
    const place = splitAddress(address);
    if (place.kind === "parameter") return observed.hiddenParameters.has(place.name);
    return observed.tables.get(place.table)?.hidden === true;
  };
  return {
    changes: diff.changes.filter((change) => !isWithheld(change)),
    uncompared: [...diff.uncompared, ...diff.changes.filter(isWithheld).map(({ address }) => address)],
  };
}

/**
 * What leads from one configuration to another, a parameter or a cell at a time; quotes, order, comments and layout do
 * not count.
 *
 * @param whole whether what the second leaves out differs
 */
export function diffIni(
  before: Configuration,
  after: Configuration,
  { against, whole, isSecret }: { against: Against; whole: boolean; isSecret: SecretTest },
): FileDiff {
  const changes = compareConfigurations(before, after)
    .filter((change) => whole || change.after !== undefined)
    .map((change) => ({
      ...change,
      secret: splitAddress(change.address).kind !== "row" && isSecret(change.address),
    }));
  return diffOf(changes, against);
}
