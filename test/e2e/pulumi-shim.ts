/**
 * The few commands of `pulumi` that the workflows of examples/gitops use, on the inline engine: the stack and its
 * configuration as the CLI finds them, the state in $SHIM_STATE. An option that is not known is an error.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { runEngine } from "../engine/engine";
import { inlineFile } from "./inline-program";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      refresh: { type: "boolean" },
      diff: { type: "boolean" },
      json: { type: "boolean" },
      yes: { type: "boolean" },
      "expect-no-changes": { type: "boolean" },
      "non-interactive": { type: "boolean" },
      color: { type: "string" },
    },
  });
  const [operation, ...others] = positionals;
  if ((operation !== "preview" && operation !== "up") || others.length > 0) {
    throw new Error(`no such command: ${positionals.join(" ")}`);
  }
  const stack = required("PULUMI_STACK");
  const file = join(process.cwd(), `Pulumi.${stack}.yaml`);
  const { config = {} } = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
  const { exitCode, digest } = await runEngine({
    operation,
    stack,
    cwd: process.cwd(),
    inline: inlineFile(join(process.cwd(), "index.ts")),
    state: required("SHIM_STATE"),
    config: Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    refresh: values.refresh,
    expectNoChanges: values["expect-no-changes"],
    detailed: values.diff,
    preview: true,
    onText: (text) => void (values.json ? undefined : process.stdout.write(text)),
  });
  if (values.json) console.log(JSON.stringify(digest(), undefined, 2));
  process.exitCode = exitCode;
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`$${name} is not set`);
  return value;
}

main().catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 255;
});
