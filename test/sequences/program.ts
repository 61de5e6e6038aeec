import type { DeviceSettings } from "../../src/declare/device";
import { CLI_PLACES, INI_PLACES, type Place } from "./palette";

export type Kind = "ini" | "cli" | "saved";

/** A resource as a program has it. Its logical name can change while it stays the same. */
export interface Resource {
  key: string;
  name: string;
  /** The name that it had before a rename, if the program says so. */
  alias?: string;
  kind: Kind;
  /** Indexes in INI_PLACES or CLI_PLACES. */
  places: Set<number>;
  restores: boolean;
  owns?: string;
  ignores: string[];
  trigger: number;
}

/** A program, as its author changes it from step to step. */
export interface Program {
  resources: Resource[];
  /** Which of its values each place has, by address: resources that declare the same place agree. */
  choices: Map<string, number>;
  save: boolean;
}

/** What is given to a resource, but for device and name. */
export type Inputs = Record<string, unknown>;

export function placesOf({ kind, places }: Resource): Place[] {
  const all: readonly Place[] = kind === "cli" ? CLI_PLACES : INI_PLACES;
  return [...places].sort((a, b) => a - b).flatMap((at) => all[at % all.length] ?? []);
}

export function declaredValue({ choices }: Program, { address, values }: Place): string {
  return values[(choices.get(address) ?? 0) % values.length] ?? "";
}

/** The inputs that the classes would send to the engine. Undefined where the resource would declare nothing. */
export function inputsOf(program: Program, resource: Resource, device: DeviceSettings): Inputs | undefined {
  const common = { device, __mediantName: resource.name, __provider: "the thunk" };
  if (resource.kind === "saved") return { ...common, triggers: [resource.trigger] };
  const places = placesOf(resource);
  if (places.length === 0) return undefined;
  if (resource.kind === "cli") {
    const { script, variables } = scriptOf(program, resource);
    return {
      ...common,
      script,
      ...(Object.keys(variables).length > 0 && {
        variables,
        __mediantSecrets: Object.keys(variables),
      }),
      ...(!program.save && { save: false }),
      ...(resource.trigger > 0 && { triggers: [resource.trigger] }),
    };
  }
  const parameters: Record<string, string> = {};
  const tables: Record<string, Record<string, Record<string, string>>> = {};
  for (const place of places) {
    const { table, index, name } = place;
    if (table === undefined || index === undefined) parameters[name] = declaredValue(program, place);
    else {
      const rows = tables[table] ?? {};
      rows[index] = { ...rows[index], [name]: declaredValue(program, place) };
      tables[table] = rows;
    }
  }
  const owned = ownedBy(program, resource);
  return {
    ...common,
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(Object.keys(tables).length > 0 && { tables }),
    ...(resource.restores && { onRelease: "restore" }),
    ...(!program.save && { save: false }),
    ...(owned !== undefined && { ownTables: [owned] }),
  };
}

/** The table that a resource owns: nobody else may declare a row of it. */
function ownedBy(program: Program, resource: Resource): string | undefined {
  const { owns } = resource;
  if (owns === undefined || resource.kind !== "ini") return undefined;
  const others = program.resources.filter((other) => other !== resource && other.kind !== "saved");
  return others.some((other) => other.owns === owns || placesOf(other).some(({ table }) => table === owns))
    ? undefined
    : owns;
}

/**
 * What a resource ignores changes of: nothing that another declares too. It would keep what a refresh found, and that
 * contradicts the other.
 */
export function ignoredBy(program: Program, resource: Resource): string[] {
  const others = program.resources.filter((other) => other !== resource && other.kind === "ini");
  const elsewhere = new Set(others.flatMap((other) => placesOf(other).map(pathOf)));
  return resource.ignores.filter((path) => !elsewhere.has(path));
}

/** Where the inputs of an ini resource have a place. */
export function pathOf({ table, index, name }: Place): string {
  return table === undefined ? `parameters.${name}` : `tables.${table}["${index}"].${name}`;
}

function scriptOf(
  program: Program,
  resource: Resource,
): { script: string; variables: Record<string, string> } {
  const variables: Record<string, string> = {};
  const byPath = new Map<string, string[]>();
  for (const at of [...resource.places].sort((a, b) => a - b)) {
    const place = CLI_PLACES[at % CLI_PLACES.length];
    if (place === undefined) continue;
    const value = declaredValue(program, place);
    const path = place.path.join("\n ");
    const lines = byPath.get(path) ?? [];
    byPath.set(path, lines);
    if (place.secret) variables[`v${at}`] = value;
    lines.push(`  ${place.line} ${place.secret ? `{{v${at}}}` : JSON.stringify(value)}`);
  }
  const blocks = [...byPath].map(([path, lines]) =>
    [path, ...lines, "  activate", " exit", "exit"].join("\n"),
  );
  return { script: `${blocks.join("\n")}\n`, variables };
}
