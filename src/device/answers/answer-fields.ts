import * as v from "valibot";
import { parseAnswer } from "./lenient-json";

type Schemas = Record<string, v.GenericSchema<unknown, unknown>>;

/** The fields of an answer that could be read, and under `other` the rest of them as they came. */
type Read<Fields extends Schemas> = { [Name in keyof Fields]?: v.InferOutput<Fields[Name]> } & {
  other: Record<string, unknown>;
};

/**
 * Makes a reader of answers with such fields, which never throws. The case of names does not count; `other` takes
 * fields without a schema, and those whose value does not pass it.
 *
 * @returns a function that gives undefined for an answer with none of the fields
 */
export function fieldReader<Fields extends Schemas>(
  fields: Fields,
): (body: Buffer | string) => Read<Fields> | undefined {
  const nameOf = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  return (body) => {
    const known: [string, unknown][] = [];
    const other: [string, unknown][] = [];
    for (const [key, value] of Object.entries(parseAnswer(body).fields)) {
      const name = nameOf.get(key.toLowerCase());
      const schema = name === undefined ? undefined : fields[name];
      const parsed = schema === undefined ? undefined : v.safeParse(schema, value);
      if (name !== undefined && parsed?.success) known.push([name, parsed.output]);
      else other.push([key, value]);
    }
    if (known.length === 0) return undefined;
    return { ...Object.fromEntries(known), other: Object.fromEntries(other) } as Read<Fields>;
  };
}
