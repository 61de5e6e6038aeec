/** The stacks of the sites, driven by Pulumi's Automation API: each run is one of the `pulumi` on this machine. */
import { CommandError, type EngineEvent, LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import { IncrementalIniConfig } from "pulumi-mediant";
import type { SiteStack, StackResult } from "./run";

export interface StacksOptions {
  /** The folder of `Pulumi.yaml`. */
  folder: string;
  inventory: string;
  /** Ends what is under way as Ctrl-C does. */
  signal: AbortSignal;
}

/** @throws Error if there is no `pulumi`, or one that is too old */
export async function openStacks({ folder, inventory, signal }: StacksOptions) {
  const pulumiCommand = await PulumiCommand.get();
  return async (site: string): Promise<SiteStack> => {
    const envVars: Record<string, string> = {
      FLEET_INVENTORY: inventory,
      // The compiler has looked at the program before: once, not once for each site.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    };
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: site, workDir: folder },
      { pulumiCommand, envVars },
    );
    const excludedAs = (names: readonly string[]) => {
      envVars["FLEET_EXCLUDED"] = names.join("\n");
      stack.workspace.envVars = envVars;
      return { exclude: names.map((name) => `**::${name}`), refresh: true, signal };
    };
    return {
      preview: (excluded) => watched((onEvent) => stack.preview({ ...excludedAs(excluded), onEvent })),
      up: (excluded) => watched((onEvent) => stack.up({ ...excludedAs(excluded), onEvent })),
    };
  };
}

const CHANGES = ["create", "update", "replace", "create-replacement", "delete", "delete-replaced"];

/** Runs an operation, and collects from its events what it does to which resource. */
async function watched(operate: (onEvent: (event: EngineEvent) => void) => Promise<unknown>) {
  const changed = new Set<string>();
  const errors: { resource?: string; text: string }[] = [];
  const onEvent = ({ resourcePreEvent, diagnosticEvent }: EngineEvent) => {
    const { op, urn = "" } = resourcePreEvent?.metadata ?? {};
    if (op !== undefined && CHANGES.includes(op) && urn.includes(IncrementalIniConfig.__pulumiType)) {
      changed.add(nameOf(urn));
    }
    if (diagnosticEvent?.severity === "error") {
      const text = withoutColours(diagnosticEvent.message).trim();
      errors.push({ ...(diagnosticEvent.urn && { resource: nameOf(diagnosticEvent.urn) }), text });
    }
  };
  let ok = true;
  try {
    await operate(onEvent);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    ok = false;
    if (errors.length === 0) errors.push({ text: lastWords(error) });
  }
  return { ok, changed: [...changed], errors: shortened(errors) } satisfies StackResult;
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

function withoutColours(text: string): string {
  return text.replace(/<\{%.*?%\}>/g, "");
}

/** The words of each error once, without the trace of the program. */
function shortened(errors: StackResult["errors"]): StackResult["errors"] {
  const seen = new Set<string>();
  return errors.flatMap(({ resource, text }) => {
    const words = text.split("\n").filter((line) => !/^\s+at /.test(line));
    const short = words
      .join("\n")
      .replace(/^(?:error: |Error: )+/, "")
      .replace(/^1 error occurred:\s*\* /, "");
    const key = `${resource} ${short}`;
    if (/^(?:update|preview) failed$/.test(short) || seen.has(key)) return [];
    seen.add(key);
    return [{ ...(resource === undefined ? {} : { resource }), text: short }];
  });
}

/** What `pulumi` itself said when it did not get as far as the program: a lock, a missing passphrase. */
function lastWords({ message }: CommandError): string {
  const lines = withoutColours(message)
    .split("\n")
    .map((line) => line.trim().replace(/^stderr: /, ""));
  const first = lines.findIndex((line) => line.startsWith("error: "));
  const said = new Set(first < 0 ? [] : lines.slice(first));
  const words = [...said].filter(
    (line) => line !== "" && !/^(?:err\?|code|stdout|stderr|Command failed)/.test(line),
  );
  return words.join("\n").replace(/^error: /, "") || message;
}
