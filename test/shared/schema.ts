import Ajv from "ajv";

/** What a JSON schema of draft 7 says against a value, one line each. */
export function schemaErrors(schema: object, value: unknown): string[] {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** A schema of a custom resource that takes no property but those that it names: Kubernetes drops others in silence. */
export function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const all: Record<string, unknown> = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  );
  const isOpen = "x-kubernetes-preserve-unknown-fields" in all || "additionalProperties" in all;
  const { type, properties } = all;
  return type === "object" && typeof properties === "object" && !isOpen
    ? { ...all, additionalProperties: false }
    : all;
}
