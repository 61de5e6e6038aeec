import type { IniDocument } from "../../ini/document";
import { NameMap, nameKey } from "../../ini/names";
import { suggest } from "../../text/suggest";
import type { Finding } from "./finding";

/** The names that dumps show. */
export class KnownNames {
  private readonly parameters = new NameMap<true>();
  private readonly tables = new NameMap<NameMap<true>>();

  constructor(dumps: readonly IniDocument[]) {
    for (const { parameters, hiddenParameters, tables } of dumps) {
      for (const { name } of parameters) this.parameters.set(name, true);
      for (const name of hiddenParameters) this.parameters.set(name, true);
      for (const { name, columns } of tables) {
        const known = this.tables.ensure(name, () => new NameMap());
        for (const column of columns) known.set(column, true);
      }
    }
  }

  /** The names of a file that no dump shows, each at its first place. */
  *unknownIn({ parameters, tables }: IniDocument): Iterable<Finding> {
    for (const { name, place } of parameters) {
      if (this.parameters.has(name)) continue;
      const meant = suggest(name, [...this.parameters.keys()]);
      yield {
        rule: "unknown-parameter",
        level: meant === undefined ? "note" : "warning",
        message: `no dump shows the parameter ${name}: misspelt, or at its default there${orMeant(meant)}`,
        ...place,
      };
    }
    const seen = new Set<string>();
    for (const { name, columns, place } of tables) {
      const known = this.tables.get(name);
      if (known === undefined) {
        if (seen.has(nameKey(name))) continue;
        seen.add(nameKey(name));
        const meant = suggest(name, [...this.tables.keys()]);
        yield {
          rule: "unknown-table",
          level: meant === undefined ? "note" : "warning",
          message: `no dump shows the table ${name}: misspelt, or empty there${orMeant(meant)}`,
          ...place,
        };
      } else if (known.size > 0) {
        for (const column of columns) {
          if (known.has(column)) continue;
          const meant = suggest(column, [...known.keys()]);
          yield {
            rule: "unknown-column",
            level: "error",
            message: `the table ${name} has no column ${column} in any dump${orMeant(meant)}`,
            ...place,
          };
        }
      }
    }
  }
}

export function orMeant(name: string | undefined): string {
  return name === undefined ? "" : `; did you mean ${name}?`;
}
