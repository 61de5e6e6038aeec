import { type DeclaredScript, readDeclared, variablesOfSecrets } from "../cli/declared";
import { readIni } from "../files/diff/ini";
import type { Address } from "../ini/address";
import type { Configuration, Value } from "../ini/configuration";
import { declaredBy } from "../ini/declared";
import { decodeIni } from "../ini/encoding";
import { NameMap } from "../ini/names";
import { placeholders, replacePlaceholders } from "../ini/variables";
import type { GoldenFile, InventoryDevice, InventoryRole } from "../inventory/form";
import type { FilledValues } from "../inventory/values";
import { messageOf } from "../text/message";

/** A golden file that was read. */
export type ReadGolden = GoldenFile &
  ({ language: "ini"; configuration: Configuration } | { language: "cli"; text: string });

/** The golden files of all roles, each read once. */
export class GoldenFiles {
  readonly #byFile = new Map<string, { configuration?: Configuration; text: string }>();

  /**
   * @param read gives the bytes of a file
   * @throws Error that names the file
   */
  constructor(private readonly read: (file: string) => Buffer) {}

  of({ golden }: InventoryRole): ReadGolden[] {
    return golden.map((file) => {
      const { configuration, text } = this.#content(file.file);
      return configuration === undefined
        ? { ...file, language: "cli", text }
        : { ...file, language: "ini", configuration };
    });
  }

  #content(file: string): { configuration?: Configuration; text: string } {
    const known = this.#byFile.get(file);
    if (known !== undefined) return known;
    const text = decodeIni(this.read(file)).text;
    const content = /\.ini$/i.test(file)
      ? { text, configuration: named(file, () => readIni(text)) }
      : { text };
    this.#byFile.set(file, content);
    return content;
  }
}

/** What a device must hold. */
export interface Wanted {
  ini?: {
    configuration: Configuration;
    golden: (address: Address) => GoldenFile;
    ownTables: ReadonlyMap<string, GoldenFile>;
  };
  scripts: { golden: GoldenFile; script: DeclaredScript }[];
  /** Texts that are not to be shown. */
  secrets: string[];
}

/**
 * The golden files of a device's role with its values in the place of their placeholders. Of two files that say
 * something of one parameter or cell, the later one counts.
 *
 * @throws Error that names the file and the placeholder that has no value
 */
export function wantedOf(
  device: Pick<InventoryDevice, "name">,
  golden: readonly ReadGolden[],
  { values, secretNames }: FilledValues,
): Wanted {
  const variables = scalars(values);
  const secrets = secretNames.flatMap((name) =>
    variables[name] === undefined ? [] : [String(variables[name])],
  );
  const wanted: Wanted = { scripts: [], secrets };
  const parameters = new NameMap<Value>();
  const tables = new NameMap<Record<string, NameMap<string>>>();
  const origins = new NameMap<GoldenFile>();
  const ownTables = new Map<string, GoldenFile>();
  for (const each of golden) {
    const fill = (text: string) => filled(text, variables, `${each.file}, device ${device.name}`);
    if (each.language === "cli") {
      const asked = placeholders(each.text);
      fill(asked.map((name) => `{{${name}}}`).join(" "));
      const secretVariables = [...secretNames, ...variablesOfSecrets(each.text)];
      const script = named(each.file, () => readDeclared(each.text, { variables, secretVariables }));
      wanted.scripts.push({ golden: each, script });
      secrets.push(...script.secrets);
      continue;
    }
    for (const { address, place, value } of declaredBy(each.configuration).values.items()) {
      const text = typeof value === "string" ? fill(value) : value.map(fill);
      origins.set(address, each);
      if (place.kind === "parameter") parameters.set(place.name, text);
      else if (place.kind === "cell" && typeof text === "string") {
        const rows = tables.ensure(place.table, () => ({}));
        rows[place.index] ??= new NameMap();
        rows[place.index]?.set(place.column, text);
      }
    }
    for (const table of each.ownTables) ownTables.set(table, each);
  }
  const fallback = golden.find(({ language }) => language === "ini");
  if (fallback !== undefined) {
    wanted.ini = {
      configuration: {
        parameters: parameters.toObject(),
        tables: Object.fromEntries(
          [...tables].map(([name, rows]) => [
            name,
            Object.fromEntries(Object.entries(rows).map(([index, cells]) => [index, cells.toObject()])),
          ]),
        ),
      },
      golden: (address) => origins.get(address) ?? fallback,
      ownTables,
    };
  }
  return wanted;
}

/** Placeholders stand for texts and numbers; a device writes a boolean as 1 or 0. */
function scalars(values: FilledValues["values"]): Record<string, string | number> {
  const found: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "boolean") found[name] = value ? 1 : 0;
    else if (typeof value === "string" || typeof value === "number") found[name] = value;
  }
  return found;
}

function filled(text: string, variables: Readonly<Record<string, string | number>>, place: string): string {
  if (!text.includes("{{")) return text;
  const missing = placeholders(text).find((name) => !Object.hasOwn(variables, name));
  if (missing !== undefined) throw new Error(`${place}: there is no value for {{${missing}}} under values`);
  return replacePlaceholders(text, variables);
}

/** An error of a file begins with the name of it. */
function named<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${file}: ${messageOf(error)}`);
  }
}
