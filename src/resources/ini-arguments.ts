import * as pulumi from "@pulumi/pulumi";
import { type Address, cellAddress } from "../ini/address";
import { breaksLine, type Configuration, readConfiguration, type Value } from "../ini/configuration";
import type { IniDocument } from "../ini/document";
import { IniError, type IniProblem } from "../ini/errors";
import { parseIni } from "../ini/parse";
import { unwritableValues } from "../ini/render";
import { isObscured, type SecretTest, secretTest } from "../ini/secrets";
import { placeholders, replacePlaceholders } from "../ini/variables";

/** What may be declared for a cell, or for one element of a list. */
export type CellArg = string | number | boolean;
/** What may be declared for a parameter. */
export type ParameterArg = CellArg | readonly CellArg[];

/** An ini configuration as a user declares it: as text, as values, or as both together. */
export interface IniArgs {
  /**
   * Ini text, as a device dumps it or a person writes it (LTRT-41760 section 6.1). It is read here, in the
   * program: the engine sees the values only.
   */
  ini?: pulumi.Input<string>;
  /**
   * Parameters by name; `true` and `false` stand for 1 and 0, an array for a list.
   */
  parameters?: pulumi.Input<Record<string, pulumi.Input<CellArg | pulumi.Input<CellArg>[]>>>;
  /** Tables by name, rows by index, cells by column; a column may carry its table's prefix. */
  tables?: pulumi.Input<
    Record<string, pulumi.Input<Record<string, pulumi.Input<Record<string, pulumi.Input<CellArg>>>>>>
  >;
  /**
   * Values for `{{name}}` in the text and in other values. A cell that holds the placeholder of a secret is a
   * secret. No value may hold a line end.
   */
  variables?: pulumi.Input<Record<string, pulumi.Input<string | number>>>;
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
  /** What the text holds and cannot be declared, one sentence each; known only where the text is. */
  notes: string[];
}

/**
 * Turns the arguments into their canonical form, early: what is known now is checked now.
 *
 * @throws RunError that lists each problem with its argument, or its line and column in the text
 */
export function iniInputs(args: IniArgs): IniInputs {
  const late = BRANCHES.filter(([name, levels]) => hasLateBranch(args[name], levels)).map(([name]) => name);
  if (late.length === 0) {
    const built = build(args as PlainArgs);
    const { parameters, tables } = built;
    return {
      parameters: Object.keys(parameters).length > 0 ? parameters : undefined,
      tables: Object.keys(tables).length > 0 ? tables : undefined,
      order: built.order.length > 0 ? built.order : undefined,
      notes: built.notes,
    };
  }
  // What is an output itself is waited for as a whole; the outputs inside what is not keep cells of their own.
  const waiting = Object.fromEntries(late.map((name) => [name, args[name]]));
  const built = pulumi.output(waiting).apply((known) => build({ ...args, ...known } as PlainArgs));
  return {
    parameters: built.apply(({ parameters }) => parameters) as IniInputs["parameters"],
    tables: built.apply(({ tables }) => tables) as IniInputs["tables"],
    order: built.apply(({ order }) => order),
    notes: [],
  };
}

/** How deep the shape of each argument goes; what lies below are single values. */
const BRANCHES = [
  ["ini", 1],
  ["parameters", 1],
  ["tables", 3],
  ["variables", 1],
  ["secretNames", 2],
] as const;

/** Arguments whose branches are plain; single values may be outputs. */
interface PlainArgs {
  ini?: string;
  parameters?: Record<string, unknown>;
  tables?: Record<string, unknown>;
  variables?: Record<string, pulumi.Input<string | number>>;
  secretNames?: string[];
}

interface Built {
  parameters: Record<string, pulumi.Input<Value>>;
  tables: Record<string, Record<string, Record<string, pulumi.Input<string>>>>;
  order: string[];
  notes: string[];
}

function build(args: PlainArgs): Built {
  const variables = args.variables ?? {};
  const outputs = new OutputStandIns();
  const parameters = outputs.replaceIn(args.parameters ?? {});
  const tables = outputs.replaceIn(args.tables ?? {});
  const values = { ...variables, ...outputs.byName };
  return asRunError(() => {
    const document = args.ini === undefined ? undefined : parseIni(args.ini);
    if (document !== undefined) refuseUnknownPlaceholders(document, values);
    const { configuration, order, notes } = readConfiguration({ document, parameters, tables });
    refuse(unwritableValues(configuration));
    const fill = new Fill(values, secretTest(args.secretNames));
    return { ...fill.configuration(configuration), order, notes };
  });
}

/** Outputs among the values, with a placeholder of their own in their place while the values are put in form. */
class OutputStandIns {
  readonly byName: Record<string, pulumi.Input<string | number>> = {};
  private count = 0;

  replaceIn(branch: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(branch).map(([key, value]) => [key, this.replace(value)]));
  }

  private replace(value: unknown): unknown {
    if (isLate(value) || (Array.isArray(value) && value.some(isLate))) {
      const name = `__output.${this.count++}`;
      this.byName[name] = value as pulumi.Input<string>;
      return `{{${name}}}`;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return this.replaceIn(value as Record<string, unknown>);
  }
}

/** Puts the values of placeholders into cells, which take over their secretness and their being unknown. */
class Fill {
  constructor(
    private readonly values: Readonly<Record<string, pulumi.Input<string | number>>>,
    private readonly isSecret: SecretTest,
  ) {}

  configuration({ parameters, tables }: Configuration): Pick<Built, "parameters" | "tables"> {
    const filled: Pick<Built, "parameters" | "tables"> = { parameters: {}, tables: {} };
    for (const [name, value] of Object.entries(parameters)) filled.parameters[name] = this.value(name, value);
    for (const [table, rows] of Object.entries(tables)) {
      const filledRows: Built["tables"][string] = {};
      for (const [index, cells] of Object.entries(rows)) {
        filledRows[index] = Object.fromEntries(
          Object.entries(cells).map(([column, text]) => {
            const address = cellAddress(table, index, column);
            return [column, this.value(address, text) as pulumi.Input<string>];
          }),
        );
      }
      filled.tables[table] = filledRows;
    }
    return filled;
  }

  private value(address: Address, value: Value): pulumi.Input<Value> {
    const texts = typeof value === "string" ? [value] : value;
    const names = [...new Set(texts.flatMap(placeholders))];
    const filled = names.length === 0 ? value : this.fill(address, value, names);
    const obscured = texts.some(isObscured);
    return this.isSecret(address) || obscured ? pulumi.secret(filled) : filled;
  }

  private fill(address: Address, value: Value, names: readonly string[]): pulumi.Input<Value> {
    const wanted = Object.fromEntries(names.map((name) => [name, this.values[name]]));
    const missing = names.filter((name) => !Object.hasOwn(this.values, name));
    if (missing.length > 0) {
      throw new IniError([
        { message: `${address} asks for {{${missing[0]}}}, which variables does not have` },
      ]);
    }
    const put = (known: Record<string, unknown>): Value => replaced(address, value, known);
    return Object.values(wanted).some(isLate) || names.some((name) => Array.isArray(wanted[name]))
      ? pulumi.output(wanted).apply((known) => asRunError(() => put(known as Record<string, unknown>)))
      : put(wanted);
  }
}

function replaced(address: Address, value: Value, known: Record<string, unknown>): Value {
  // A value that is nothing but the stand-in of an output takes that output's own form, which may be a list.
  const only = typeof value === "string" ? placeholders(value) : [];
  if (only.length === 1 && only[0]?.startsWith("__output.") && value === `{{${only[0]}}}`) {
    const { configuration } = readConfiguration({ parameters: { Value: known[only[0]] } });
    refuse(unwritableValues(configuration).map((problem) => problem.replace("parameters.Value", address)));
    return configuration.parameters["Value"] ?? "";
  }
  const texts: Record<string, string> = {};
  for (const [name, one] of Object.entries(known)) {
    const text = typeof one === "boolean" ? String(Number(one)) : String(one);
    if (typeof one === "object" || one === undefined || breaksLine(text)) {
      refuse([`variables.${name} must be a text without line ends, or a number (${address} asks for it)`]);
    }
    texts[name] = text;
  }
  return typeof value === "string"
    ? replacePlaceholders(value, texts)
    : value.map((text) => replacePlaceholders(text, texts));
}

function refuseUnknownPlaceholders(document: IniDocument, values: Readonly<Record<string, unknown>>): void {
  const problems: IniProblem[] = [];
  const look = (text: string, place: IniProblem["place"]) => {
    for (const name of placeholders(text)) {
      if (Object.hasOwn(values, name)) continue;
      problems.push({
        message: `{{${name}}} is not among variables`,
        ...(place === undefined ? {} : { place }),
      });
    }
  };
  for (const { value, place } of document.parameters) {
    for (const text of typeof value === "string" ? [value] : value) look(text, place);
  }
  for (const table of document.tables) {
    for (const row of table.rows) for (const cell of row.cells) look(cell.text, cell.place);
  }
  if (problems.length > 0) throw new IniError(problems);
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new IniError(problems.map((message) => ({ message })));
}

/** A RunError prints as one clean line; any other error of a constructor prints a stack. */
function asRunError<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof IniError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

function isLate(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** Whether one of the upper `levels` of a value is an output: its shape is not known yet. */
function hasLateBranch(value: unknown, levels: number): boolean {
  if (isLate(value)) return true;
  if (levels === 1 || typeof value !== "object" || value === null) return false;
  return Object.values(value).some((branch) => hasLateBranch(branch, levels - 1));
}
