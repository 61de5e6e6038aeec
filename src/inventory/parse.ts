import * as v from "valibot";
import { LineCounter, parseDocument } from "yaml";
import { checkSettings, type DeviceSettings } from "../declare/device";
import { isSecretArgument } from "../secrets/names";
import { messageOf } from "../text/message";
import { suggest } from "../text/suggest";
import {
  DAYS,
  type GoldenFile,
  type Inventory,
  type InventoryDevice,
  InventoryError,
  type InventoryProblem,
  type InventoryValue,
  type Waiver,
  type Window,
} from "./form";
import { type Path, Places } from "./place";
import { rolloutOf, rolloutProblems, strangeName } from "./rollout";
import {
  connectionKeys,
  type InventoryFile,
  inventorySchema,
  listOf,
  ownConnectionKeys,
  rolloutKeys,
  valueProblems,
} from "./schema";
import { minutesOf } from "./window";

/**
 * Reads an inventory: YAML, or JSON, which is YAML.
 *
 * @param file how messages call it
 * @throws InventoryError with all that is wrong, each with its line and column
 */
export function parseInventory(text: string, file = "inventory"): Inventory {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const places = new Places(document.contents, lines);
  const fail = (problems: readonly InventoryProblem[]): never => {
    throw new InventoryError(
      file,
      [...problems].sort((a, b) => a.line - b.line || a.column - b.column),
    );
  };
  if (document.errors.length > 0) {
    fail(
      document.errors.map(({ message, pos }) => {
        const { line, col } = lines.linePos(pos[0]);
        return { line: Math.max(line, 1), column: Math.max(col, 1), message: withoutPlace(message) };
      }),
    );
  }
  const raw = asPlain(() => document.toJS({ maxAliasCount: 1000 }), fail);
  const checked = v.safeParse(inventorySchema, raw);
  if (!checked.success) fail(checked.issues.map((issue) => problemOf(issue, places)));
  const content = checked.output as InventoryFile;
  const problems = [...lostKeys(raw, content, [], places), ...problemsOf(content, places)];
  if (problems.length > 0) fail(problems);
  return inventoryOf(content, places);
}

function asPlain(read: () => unknown, fail: (problems: readonly InventoryProblem[]) => never): unknown {
  try {
    return read();
  } catch (error) {
    return fail([{ line: 1, column: 1, message: messageOf(error) }]);
  }
}

/** The reader of YAML ends some messages with the place in words of its own. */
function withoutPlace(message: string): string {
  const first = message.split("\n")[0] ?? "";
  return `is no YAML: ${first.replace(/ at line \d+, column \d+:?$/, "")}`;
}

/** Names that an object cannot safely have: the check of the form drops them without a word. */
function lostKeys(raw: unknown, checked: unknown, path: Path, places: Places): InventoryProblem[] {
  if (!isObject(raw) || !isObject(checked) || Array.isArray(raw)) return [];
  return Object.entries(raw).flatMap(([key, value]) => {
    const at = [...path, key];
    if (Object.hasOwn(checked, key)) return lostKeys(value, checked[key], at, places);
    return [{ ...places.of(at), message: `${pathText(at)}: cannot be a name here` }];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function problemOf(issue: v.BaseIssue<unknown>, places: Places): InventoryProblem {
  const items = issue.path ?? [];
  const path = items.map(({ key }) => (typeof key === "number" ? key : String(key)));
  const place = places.of(path, items.at(-1)?.origin !== "key");
  const name = pathText(path);
  if (issue.type === "strict_object" && items.at(-1)?.origin === "key") {
    const key = String(path.at(-1));
    if (issue.expected === "never") return { ...place, message: `${name}: ${strangerMessage(key, path)}` };
    return { ...place, message: `${pathText(path.slice(0, -1)) || "the inventory"}: needs ${key}` };
  }
  return { ...place, message: name === "" ? `the inventory ${issue.message}` : `${name}: ${issue.message}` };
}

function strangerMessage(key: string, path: Path): string {
  if (isSecretArgument(key)) {
    return (
      "keep passwords out of the inventory: name a section of the credentials file with profile, " +
      "or set MEDIANT_USERNAME and MEDIANT_PASSWORD"
    );
  }
  const meant = suggest(key, keysAt(path));
  return `is not a key${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}

const LAYER_KEYS: readonly string[] = [...connectionKeys, "firmware", "frozen", "window", "values"];

function keysAt(path: Path): readonly string[] {
  if (path.includes("golden")) return ["file", "severity", "ownTables", "atDefault"];
  if (path.includes("window")) return ["days", "from", "to", "timeZone"];
  const [first] = path;
  if (path.length === 1) return ["defaults", "sites", "roles", "devices", "rollout", "waivers"];
  if (first === "rollout") return rolloutKeys;
  if (first === "waivers") return ["devices", "sites", "roles", "names", "until", "reason"];
  if (first === "devices") return [...LAYER_KEYS, ...ownConnectionKeys, "site", "role"];
  return first === "roles" ? [...LAYER_KEYS, "golden"] : LAYER_KEYS;
}

function pathText(path: Path): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
}

type Layer = NonNullable<InventoryFile["defaults"]>;
type FileDevice = NonNullable<InventoryFile["devices"][string]>;

/** What the form alone does not tell: names that must exist, settings, values. */
function problemsOf(content: InventoryFile, places: Places): InventoryProblem[] {
  const problems: InventoryProblem[] = [];
  const add = (path: Path, message: string, value = true) => {
    problems.push({ ...places.of(path, value), message: `${pathText(path)}: ${message}` });
  };
  const checkLayer = (path: Path, layer: Layer) => {
    // A url stands in for the one of the device.
    for (const [keys, message] of settingProblems({ url: "https://unused", ...settingsOf(layer) })) {
      add([...path, ...keys], message);
    }
    for (const { path: keys, message } of valueProblems(layer.values ?? {})) {
      add([...path, "values", ...keys], message);
    }
  };
  checkLayer(["defaults"], content.defaults ?? {});
  for (const part of ["sites", "roles"] as const) {
    for (const [name, layer] of Object.entries(content[part] ?? {})) checkLayer([part, name], layer ?? {});
  }
  for (const [name, role] of Object.entries(content.roles ?? {})) {
    for (const [index, { file }] of (role?.golden ?? []).map(goldenOf).entries()) {
      if (!/\.(ini|cli)$/i.test(file)) add(["roles", name, "golden", index], "must end in .ini or .cli");
    }
  }
  for (const { path, message } of rolloutProblems(content)) add(path, message);
  for (const [name, device] of Object.entries(content.devices)) {
    checkDevice(content, name, device ?? {}, add);
    for (const { path: keys, message } of valueProblems(device?.values ?? {})) {
      add(["devices", name, "values", ...keys], message);
    }
  }
  return problems;
}

type Add = (path: Path, message: string, value?: boolean) => void;

function checkDevice(content: InventoryFile, name: string, device: FileDevice, add: Add): void {
  const path = ["devices", name];
  for (const [key, known] of [
    ["site", content.sites],
    ["role", content.roles],
  ] as const) {
    const named = device[key];
    if (named === undefined || Object.hasOwn(known ?? {}, named)) continue;
    add([...path, key], strangeName(key, named, known));
  }
  const own = { ...settingsOf(device), url: device.url, profile: device.profile };
  const all = connectionOf(name, layersOf(content, device), device);
  for (const [keys, message] of settingProblems(all)) {
    const first = keys[0];
    // What another part of the file says was looked at there.
    const inherited =
      first !== undefined && first !== "name" && (own as Record<string, unknown>)[first] === undefined;
    const atName = first === undefined || first === "name";
    if (!inherited) add(atName ? path : [...path, ...keys], message, !atName);
  }
}

/** What is wrong with settings, by the keys that lead to it. */
function settingProblems(settings: unknown): [keys: string[], message: string][] {
  return checkSettings(settings, "device").map((sentence) => {
    const match = /^device((?:\.\w+)*): ([\s\S]*)$/.exec(sentence);
    return [(match?.[1] ?? "").split(".").slice(1), match?.[2] ?? sentence];
  });
}

/** The parts of the file that speak of a device, the strongest last. */
function layersOf(content: InventoryFile, device: FileDevice): Layer[] {
  const of = (layers: Readonly<Record<string, Layer | null>> | undefined, name: string | undefined) =>
    (name !== undefined && layers !== undefined && Object.hasOwn(layers, name) ? layers[name] : undefined) ??
    {};
  return [content.defaults ?? {}, of(content.roles, device.role), of(content.sites, device.site), device];
}

function settingsOf(layer: Layer): Record<string, unknown> {
  return Object.fromEntries(
    connectionKeys.filter((key) => layer[key] !== undefined).map((key) => [key, layer[key]]),
  );
}

function connectionOf(name: string, layers: readonly Layer[], device: FileDevice): DeviceSettings {
  const { url, profile } = device;
  const settings = Object.assign({ name }, ...layers.map(settingsOf)) as DeviceSettings;
  if (url !== undefined) settings.url = url as string;
  if (profile !== undefined) settings.profile = profile as string;
  return settings;
}

function inventoryOf(content: InventoryFile, places: Places): Inventory {
  const devices = Object.entries(content.devices).map(([name, given]): InventoryDevice => {
    const device = given ?? {};
    const layers = layersOf(content, device);
    const last = <T>(of: (layer: Layer) => T | undefined): T | undefined =>
      layers.reduce<T | undefined>((found, layer) => of(layer) ?? found, undefined);
    const frozen = last((layer) => layer.frozen);
    const window = last((layer) => layer.window);
    return {
      name,
      site: device.site,
      role: device.role,
      firmware: last((layer) => layer.firmware),
      frozen: frozen === true ? "by the inventory" : frozen === false ? undefined : frozen,
      windows: listOf(window).map(windowOf),
      values: Object.fromEntries(layers.flatMap((layer) => Object.entries(layer.values ?? {}))) as Record<
        string,
        InventoryValue
      >,
      connection: connectionOf(name, layers, device),
      line: places.of(["devices", name]).line,
    };
  });
  return {
    sites: Object.keys(content.sites ?? {}),
    roles: Object.entries(content.roles ?? {}).map(([name, role]) => ({
      name,
      golden: (role?.golden ?? []).map(goldenOf),
    })),
    devices,
    waivers: (content.waivers ?? []).map(
      ({ devices, sites, roles, names, until, reason }): Waiver => ({
        devices: listOf(devices),
        sites: listOf(sites),
        roles: listOf(roles),
        names: listOf(names),
        until,
        reason,
      }),
    ),
    rollout: rolloutOf(content.rollout ?? {}),
  };
}

type FileGolden = NonNullable<NonNullable<NonNullable<InventoryFile["roles"]>[string]>["golden"]>[number];

function goldenOf(given: FileGolden): GoldenFile {
  if (typeof given === "string") return { file: given, severity: "major", ownTables: [], atDefault: [] };
  const { file, severity = "major", ownTables, atDefault } = given;
  return { file, severity, ownTables: listOf(ownTables), atDefault: listOf(atDefault) };
}

type FileWindow = Exclude<NonNullable<Layer["window"]>, readonly unknown[]>;

function windowOf({ days, from, to, timeZone }: FileWindow): Window {
  return {
    days: days ?? DAYS,
    from: minutesOf(from) ?? 0,
    to: minutesOf(to) ?? 0,
    timeZone: timeZone ?? "UTC",
  };
}
