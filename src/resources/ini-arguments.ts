import * as pulumi from "@pulumi/pulumi";
import { type TableParts, tableParts } from "../declare/large-tables";
import type { Address } from "../ini/address";
import { type Configuration, readConfiguration, type Value } from "../ini/configuration";
import { declaredBy } from "../ini/declared";
import { cellPlace, type IniDocument } from "../ini/document";
import type { IniProblem } from "../ini/errors";
import { parseIni } from "../ini/parse";
import { unwritableValues } from "../ini/render";
import { secretTest } from "../ini/secrets";
import { placeholders } from "../ini/variables";
import {
  asRunError,
  Fill,
  type FilledConfiguration,
  missingVariable,
  refuse,
  StandIns,
  unusedVariable,
  Variables,
  type VariablesArg,
} from "./ini-placeholders";
import type { DeviceNames, IniNames, ParametersArg, TablesArg } from "./names/device-names";
import { isLate } from "./outputs";
import type { Subject } from "./run-error";

/** An ini configuration as a user declares it: as text, as values, or as both together. */
export interface IniArgs<Names extends IniNames = DeviceNames> {
  /**
   * Ini text, as a device dumps it or a person writes it (LTRT-41760 section 6.1). It is read here, in the
   * program: the engine sees the values only.
   */
  ini?: pulumi.Input<string>;
  /**
   * Parameters by name; `true` and `false` stand for 1 and 0, an array for a list.
   */
  parameters?: pulumi.Input<ParametersArg<Names>>;
  /**
   * Tables by name, rows by index, cells by column; a column may carry its table's prefix. `$$` in a cell, here as in
   * the text, is the default of its column.
   */
  tables?: pulumi.Input<TablesArg<Names>>;
  /**
   * Values for `{{name}}` in the text and in plain values; the value of an output is taken as it is. A cell that
   * holds the placeholder of a secret is a secret, and one of an unknown is unknown. No value may hold a line end.
   */
  variables?: VariablesArg;
  /**
   * Names that are secret beside the built-in ones: `Param`, `Table.Column`, `*.Column`; `*` stands for any run
   * of characters.
   */
  secretNames?: pulumi.Input<pulumi.Input<string>[]>;
}

/** The canonical inputs: single cells may still be secret or unknown. */
export interface IniInputs {
  parameters: pulumi.Input<Record<string, pulumi.Input<Value>>> | undefined;
  tables: pulumi.Input<Record<string, Record<string, Record<string, pulumi.Input<string>>>>> | undefined;
  order: pulumi.Input<string[]> | undefined;
  /** What the text holds and cannot be declared, one sentence each; known only if the text is. */
  notes: string[];
  /** Values with a secret in a part of them (an address); complete when the parameters and the tables are known. */
  partlySecret: ReadonlySet<Address>;
  /** Whether it is known already that nothing is declared. */
  isEmpty: boolean;
}

/**
 * Turns the arguments into their canonical form, early: what is known now is checked now.
 *
 * @param subject whose arguments they are, for errors
 * @throws RunError that lists each problem with its argument, or its line and column in the text
 */
export function iniInputs(args: IniArgs, subject: Subject): IniInputs {
  const late = PARTS.filter((part) => lateBranches(args, part).length > 0);
  const known = { ...args, ...Object.fromEntries(late.map((part) => [part, undefined])) } as PlainArgs;
  const partlySecret = new Set<Address>();
  const builder = new Builder(subject, partlySecret);
  const now = builder.build(known, late.length === 0);
  const isEmpty = late.length === 0 && [now.parameters, now.tables].every(hasNothing);
  // Each result waits for what it is made of and for no more: an unknown table leaves the parameters known.
  const whenKnown = <K extends "parameters" | "tables" | "order">(result: K, madeOf: readonly Part[]) => {
    const awaited = late.filter((part) => madeOf.includes(part));
    if (awaited.length === 0) return Object.keys(now[result]).length > 0 ? now[result] : undefined;
    const branches = awaited.flatMap((part) => lateBranches(args, part));
    return pulumi.all(branches).apply((come) => {
      const values = come.values();
      const complete = awaited.map((part) => [
        part,
        replaceLate(args[part], LEVELS[part], () => values.next().value),
      ]);
      const all = awaited.length === late.length;
      const built = builder.build({ ...known, ...Object.fromEntries(complete) } as PlainArgs, all)[result];
      return result === "order" && !isLate(args.ini) && Object.keys(built).length === 0 ? undefined : built;
    });
  };
  return {
    parameters: whenKnown("parameters", ["ini", "parameters", "secretNames"]) as IniInputs["parameters"],
    tables: whenKnown("tables", ["ini", "tables", "secretNames"]) as IniInputs["tables"],
    // Beside the order it waits for the rest: only of all together one can tell which variables are not used.
    order: whenKnown("order", args.variables === undefined ? ["ini"] : PARTS) as IniInputs["order"],
    notes: now.notes,
    partlySecret,
    isEmpty,
  };
}

/** The tables as they are handed to the engine: the large ones apart, which it keeps and does not print. */
export function tableInputs({ tables }: Pick<IniInputs, "tables">): pulumi.Inputs {
  const part = (name: keyof TableParts<unknown>) => {
    const choose = (all: object) => {
      const chosen = tableParts(all as Tables)[name];
      return Object.keys(chosen).length === 0 ? undefined : chosen;
    };
    if (tables === undefined) return undefined;
    // Not through `pulumi.output`: one secret cell would make a secret of all of them.
    return isLate(tables) ? (tables as pulumi.Output<object>).apply(choose) : choose(tables);
  };
  return {
    tables: part("tables"),
    __mediantTables: part("__mediantTables"),
    largeTables: part("largeTables"),
  };
}

type Tables = Record<string, Record<string, Record<string, pulumi.Input<string>>>>;

/** How deep the shape of each argument goes; what lies below are single values, which may be outputs. */
const LEVELS = { ini: 1, parameters: 1, tables: 3, secretNames: 2 } as const;
type Part = keyof typeof LEVELS;
const PARTS = Object.keys(LEVELS) as Part[];

/** Arguments whose branches are plain; single values, and the variables as a whole, may be outputs. */
interface PlainArgs {
  ini?: string;
  parameters?: Record<string, unknown>;
  tables?: Record<string, unknown>;
  variables?: VariablesArg;
  secretNames?: string[];
}

interface Built extends FilledConfiguration {
  order: string[];
  notes: string[];
}

function hasNothing(part: Record<string, unknown>): boolean {
  return Object.keys(part).length === 0;
}

class Builder {
  constructor(
    private readonly subject: Subject,
    private readonly partlySecret: Set<Address>,
  ) {}

  /** @param complete whether the arguments are all there, so that a variable may be found to be unused */
  build(args: PlainArgs, complete: boolean): Built {
    return asRunError(this.subject, () => {
      if (args.ini !== undefined && typeof args.ini !== "string")
        refuse(['ini must be a text: read a file with its encoding, as in readFileSync(path, "utf8")']);
      const variables = new Variables(args.variables, this.subject);
      const standIns = new StandIns();
      const parameters = standIns.replaceIn(args.parameters ?? {});
      const tables = standIns.replaceIn(args.tables ?? {});
      const document = args.ini === undefined ? undefined : parseIni(args.ini);
      document?.problems.push(...unknownPlaceholders(document, variables));
      const { configuration, order, notes } = readConfiguration({ document, parameters, tables });
      refuse(unwritableValues(configuration));
      if (complete) refuse(variables.unused(placeholdersOf(configuration)).map(unusedVariable));
      const fill = new Fill(
        variables,
        standIns,
        secretTest(args.secretNames),
        this.partlySecret,
        this.subject,
      );
      return { ...fill.configuration(configuration), order, notes };
    });
  }
}

function placeholdersOf(configuration: Configuration): Set<string> {
  const names = new Set<string>();
  for (const { value } of declaredBy(configuration).values.items())
    for (const text of typeof value === "string" ? [value] : value)
      for (const name of placeholders(text)) names.add(name);
  return names;
}

function unknownPlaceholders(document: IniDocument, variables: Variables): IniProblem[] {
  const problems: IniProblem[] = [];
  const look = (text: string, place: IniProblem["place"]) => {
    for (const name of placeholders(text)) {
      if (!variables.mayHave(name)) problems.push({ message: missingVariable(name), place });
    }
  };
  for (const { value, place } of document.parameters) {
    for (const text of typeof value === "string" ? [value] : value) look(text, place);
  }
  for (const table of document.tables) {
    for (const row of table.rows) for (const cell of row.cells) look(cell.text, cellPlace(row, cell));
  }
  return problems;
}

/** The outputs among the upper levels of an argument: its shape is not known without them. */
function lateBranches(args: IniArgs, part: Part): unknown[] {
  const branches: unknown[] = [];
  replaceLate(args[part], LEVELS[part], (branch) => branches.push(branch));
  return branches;
}

/** A value with other values in the place of the outputs among its upper `levels`. */
function replaceLate(value: unknown, levels: number, replace: (late: unknown) => unknown): unknown {
  if (isLate(value)) return replace(value);
  if (levels === 1 || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((branch) => replaceLate(branch, levels - 1, replace));
  return Object.fromEntries(
    Object.entries(value).map(([key, branch]) => [key, replaceLate(branch, levels - 1, replace)]),
  );
}
