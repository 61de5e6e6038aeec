import { randomUUID } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { type Address, cellAddress, splitAddress } from "../ini/address";
import type { Configuration, Table, Value } from "../ini/configuration";
import { IniError } from "../ini/errors";
import { readScalar, textFault } from "../ini/scalar";
import type { SecretTest } from "../ini/secrets";
import { placeholders, replacePlaceholders } from "../ini/variables";
import { isSecretValue, secretShare, withoutSecretParts } from "../secrets/values";
import { isLate } from "./outputs";
import { runError, type Subject } from "./run-error";

export type VariablesArg = pulumi.Input<Record<string, pulumi.Input<string | number>>>;

/** The values for placeholders, by name; which names there are may be known only later. */
export class Variables {
  constructor(
    private readonly given: VariablesArg | undefined,
    private readonly subject: Subject,
  ) {}

  /** The names that none of some texts asks for; none of them if only an output has them. */
  unused(asked: ReadonlySet<string>): string[] {
    return isLate(this.given) ? [] : Object.keys(this.given ?? {}).filter((name) => !asked.has(name));
  }

  /** Whether `name` has a value, as far as one can tell now. */
  mayHave(name: string): boolean {
    return isLate(this.given) || Object.hasOwn(this.given ?? {}, name);
  }

  get(name: string): unknown {
    if (!isLate(this.given)) return (this.given as Record<string, unknown> | undefined)?.[name];
    return pulumi.output(this.given).apply((known) =>
      asRunError(this.subject, () => {
        const values: Record<string, unknown> = known ?? {};
        if (!Object.hasOwn(values, name)) refuseNow([missingVariable(name)]);
        return values[name];
      }),
    );
  }
}

/** Outputs among the values, with a placeholder in their place while the values are put in form. */
export class StandIns {
  private readonly outputs = new Map<string, unknown>();
  /** Nothing that a user wrote can name one. */
  private readonly prefix = `output-${randomUUID()}-`;

  replaceIn(branch: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(branch).map(([key, value]) => [key, this.replace(value)]));
  }

  has(name: string): boolean {
    return this.outputs.has(name);
  }

  get(name: string): unknown {
    return this.outputs.get(name);
  }

  /** The output for which a value stands, where it is nothing but a stand-in. */
  standsFor(value: Value): unknown {
    return typeof value === "string" ? this.outputs.get(value.slice(2, -2)) : undefined;
  }

  private replace(value: unknown): unknown {
    if (isLate(value)) {
      const name = this.prefix + this.outputs.size;
      this.outputs.set(name, value);
      return `{{${name}}}`;
    }
    if (Array.isArray(value)) return value.map((one) => this.replace(one));
    return typeof value === "object" && value !== null
      ? this.replaceIn(value as Record<string, unknown>)
      : value;
  }
}

/** A canonical configuration of which single values may be secret or unknown. */
export interface FilledConfiguration {
  parameters: Record<string, pulumi.Input<Value>>;
  tables: Record<string, FilledTable>;
}

type FilledTable = Record<string, Record<string, pulumi.Input<string>>>;

/** Puts values in the place of placeholders; a cell takes over their secretness and their being unknown. */
export class Fill {
  constructor(
    private readonly variables: Variables,
    private readonly standIns: StandIns,
    private readonly isSecret: SecretTest,
    private readonly partlySecret: Set<Address>,
    private readonly subject: Subject,
  ) {}

  configuration({ parameters, tables }: Configuration): FilledConfiguration {
    return {
      parameters: withEach<pulumi.Input<Value>>(parameters, (name, value) =>
        this.value(name, value as Value, this.isSecret(name)),
      ),
      tables: withEach<FilledTable>(tables, (table, rows) => this.table(table, rows as Table)),
    };
  }

  private table(name: string, rows: Table): FilledTable {
    // What is secret by its name is so in each row.
    const secret = new Map<string, boolean>();
    return withEach<Record<string, pulumi.Input<string>>>(rows, (index, cells) =>
      withEach<pulumi.Input<string>>(cells, (column, text) => {
        const address = cellAddress(name, index, column);
        const isSecret = secret.get(column) ?? this.isSecret(address);
        secret.set(column, isSecret);
        return this.value(address, text as string, isSecret) as pulumi.Input<string>;
      }),
    );
  }

  private value(address: Address, value: Value, isSecret: boolean): pulumi.Input<Value> {
    const filled = this.filled(address, value);
    if (isSecret) return pulumi.secret(filled);
    if (!pulumi.Output.isInstance(filled)) {
      if (!isSecretValue(filled)) return filled;
      if (secretShare(filled) === "part") this.partlySecret.add(address);
      return pulumi.secret(filled);
    }
    // A secret within the credentials of an address, or an address that is none as a whole.
    const inCredentials = this.asksInCredentialsOnly(value);
    return pulumi.all([filled, pulumi.isSecret(filled)]).apply(([known, secret]) => {
      const value = known as Value;
      if (secretShare(value) === "part" && (inCredentials || !secret)) this.partlySecret.add(address);
      return pulumi.output(isSecretValue(value) ? pulumi.secret(value) : value);
    }) as pulumi.Output<Value>;
  }

  /** Whether all that a text asks for stands in the credentials of an address, as in `https://ops:{{pw}}@host`. */
  private asksInCredentialsOnly(value: Value): boolean {
    const texts = typeof value === "string" ? [value] : value;
    const asked = texts.flatMap(placeholders);
    return asked.length > 0 && texts.map(withoutSecretParts).flatMap(placeholders).length === 0;
  }

  private filled(address: Address, value: Value): Value | pulumi.Output<Value> {
    const late = this.standIns.standsFor(value);
    if (late !== undefined)
      return pulumi
        .output(late)
        .apply((known) => asRunError(this.subject, () => canonicalValue(address, known)));
    const texts = typeof value === "string" ? [value] : value;
    const names = placeholdersIn(texts);
    if (names.length === 0) return value;
    const values = names.map((name) => this.valueOf(address, name));
    const put = (known: unknown[]): Value => {
      const byName = Object.fromEntries(
        names.map((name, at) => [name, this.placed(address, name, known[at])]),
      );
      const replaced = texts.map((text) => checked(address, replacePlaceholders(text, byName)));
      return typeof value === "string" ? (replaced[0] ?? "") : replaced;
    };
    return values.some(isLate)
      ? pulumi.all(values).apply((known) => asRunError(this.subject, () => put(known)))
      : put(values);
  }

  private valueOf(address: Address, name: string): unknown {
    if (this.standIns.has(name)) return this.standIns.get(name);
    if (!this.variables.mayHave(name)) refuseNow([`${missingVariable(name)} (${address} asks for it)`]);
    return this.variables.get(name);
  }

  private placed(address: Address, name: string, value: unknown): string {
    const read = readScalar(value);
    if ("text" in read) return read.text;
    return refuseNow([
      this.standIns.has(name)
        ? `${address} ${read.fault}`
        : `variables.${name} ${read.fault} (${address} asks for it)`,
    ]);
  }
}

/** The names that some texts ask for, each once. */
function placeholdersIn(texts: readonly string[]): readonly string[] {
  const [only] = texts;
  return texts.length === 1 && only !== undefined
    ? placeholders(only)
    : [...new Set(texts.flatMap(placeholders))];
}

/** A record with what is made of each of its values; the record itself if they stay the same. */
function withEach<T>(
  record: Readonly<Record<string, T>>,
  make: (key: string, one: T) => T,
): Record<string, T> {
  let changed: Record<string, T> | undefined;
  for (const key of Object.keys(record)) {
    const one = record[key] as T;
    const made = make(key, one);
    if (made === one) continue;
    changed ??= { ...record };
    changed[key] = made;
  }
  return changed ?? record;
}

/** The canonical form of what an output turned out to be. */
function canonicalValue(address: Address, known: unknown): Value {
  const several = Array.isArray(known) && splitAddress(address).kind === "parameter";
  const texts = (several ? known : [known]).map((one) => {
    const read = readScalar(one);
    return "text" in read ? checked(address, read.text) : refuseNow([`${address} ${read.fault}`]);
  });
  return texts.length > 1 ? texts : (texts[0] ?? "");
}

function checked(address: Address, text: string): string {
  const fault = textFault(text, splitAddress(address).kind === "parameter" ? "'" : '"');
  return fault === undefined ? text : refuseNow([`${address} ${fault}`]);
}

/** The words for variables that nothing asks for: one of the names is misspelt, or it is left over. */
export function unusedVariable(name: string): string {
  return `variables.${name} is not used: nothing asks for {{${name}}}`;
}

export function missingVariable(name: string): string {
  return `variables has no value for {{${name}}}`;
}

/** @throws IniError if there are problems */
export function refuse(problems: readonly string[]): void {
  if (problems.length > 0) refuseNow(problems);
}

function refuseNow(problems: readonly string[]): never {
  throw new IniError(problems.map((message) => ({ message })));
}

/** A RunError prints as one clean line; any other error of a constructor prints a stack. */
export function asRunError<T>(subject: Subject, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof IniError) throw runError(error.message, subject);
    throw error;
  }
}
