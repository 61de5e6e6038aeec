import Ajv from "ajv";

/** What a JSON schema of draft 7 says against a value, one line each. */
export function schemaErrors(schema: string, value: unknown): string[] {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
  const validate = ajv.compile(JSON.parse(schema));
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
