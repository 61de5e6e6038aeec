/** What differs between two property maps, as a tree, and how it is displayed: in Pulumi's marks, only what differs. */
import { diffLines } from "diff";
import { formatPath } from "./paths";
import {
  equal,
  isMap,
  mapValues,
  type PropertyMap,
  type PropertyValue,
  Secret,
  Unknown,
  unwrap,
} from "./values";

export interface Change {
  name: string | number;
  kind: "+" | "-" | "~";
  old?: PropertyValue;
  new?: PropertyValue;
  /** Where both sides are objects or lists: what differs inside. */
  members?: Change[];
  /** A secret that became another secret: Pulumi shows nothing of it, and so do we. */
  hidden: boolean;
}

/** Properties that begin with `__` are nobody's business but the provider's: they are neither compared nor shown. */
export function changesBetween(old: PropertyMap, news: PropertyMap): Change[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(news)])].filter(
    (name) => !name.startsWith("__"),
  );
  return names.sort().flatMap((name) => changeOf(name, old[name], news[name]) ?? []);
}

function changeOf(name: string | number, old?: PropertyValue, value?: PropertyValue): Change | undefined {
  if (old === undefined || value === undefined) {
    if (old === value) return undefined;
    return { name, kind: old === undefined ? "+" : "-", old, new: value, hidden: false };
  }
  const members = membersOf(old, value);
  if (members !== undefined) {
    if (members.length === 0) return undefined;
    return { name, kind: "~", members, hidden: members.every((member) => member.hidden) };
  }
  if (equal(unwrap(old), unwrap(value))) return undefined;
  const hidden = old instanceof Secret && value instanceof Secret && !(value.value instanceof Unknown);
  return { name, kind: "~", old, new: value, hidden };
}

function membersOf(old: PropertyValue, value: PropertyValue): Change[] | undefined {
  if (isMap(old) && isMap(value)) return changesBetween(old, value);
  if (!Array.isArray(old) || !Array.isArray(value)) return undefined;
  const length = Math.max(old.length, value.length);
  return Array.from({ length }, (_, index) => changeOf(index, old[index], value[index])).flatMap(
    (change) => change ?? [],
  );
}

/** The path of each difference, secrets included: an object that came or went is one. */
export function changedPaths(changes: readonly Change[], parent: (string | number)[] = []): string[] {
  return changes.flatMap((change) => {
    const path = [...parent, change.name];
    return change.members === undefined ? formatPath(path) : changedPaths(change.members, path);
  });
}

/** The top-level properties behind their marks, as in `+added-gone~changed`. */
export function changeSummary(changes: readonly Change[]): string {
  return (["+", "-", "~"] as const)
    .map((kind) => changes.filter((change) => change.kind === kind && !change.hidden).map(({ name }) => name))
    .map((names, index) => (names.length === 0 ? "" : `${"+-~"[index]}${names.join(",")}`))
    .join("");
}

export function renderChanges(changes: readonly Change[], indent: string): string[] {
  return changes
    .filter((change) => !change.hidden)
    .flatMap((change) => {
      const head = `${indent}${change.kind} ${typeof change.name === "number" ? `[${change.name}]` : change.name}: `;
      if (change.members !== undefined) {
        const [open, close] = change.members.some(({ name }) => typeof name === "number") ? "[]" : "{}";
        return [`${head}${open}`, ...renderChanges(change.members, `${indent}    `), `${indent}  ${close}`];
      }
      if (change.kind === "~") return renderUpdate(head, change.old ?? null, change.new ?? null, indent);
      return renderValue(head, (change.kind === "+" ? change.new : change.old) ?? null, indent, change.kind);
    });
}

function renderUpdate(head: string, old: PropertyValue, value: PropertyValue, indent: string): string[] {
  if (typeof old === "string" && typeof value === "string" && `${old}${value}`.includes("\n")) {
    const lines = diffLines(old, value).flatMap(({ added, removed, value: text }) =>
      added || removed
        ? text
            .replace(/\n$/, "")
            .split("\n")
            .map((line) => `${indent}    ${added ? "+" : "-"} ${line}`)
        : [],
    );
    return [`${head}(lines)`, ...lines];
  }
  return [`${head}${inline(old)} => ${inline(value)}`];
}

/** A value that came or went, whole. */
export function renderValue(head: string, value: PropertyValue, indent: string, mark = " "): string[] {
  if (isMap(value) && Object.keys(value).length > 0) {
    const members = Object.entries(value).filter(([name]) => !name.startsWith("__"));
    const lines = members.flatMap(([name, member]) =>
      renderValue(`${indent}    ${mark} ${name}: `, member, `${indent}    `, mark),
    );
    return [`${head}{`, ...lines, `${indent}  }`];
  }
  return [`${head}${inline(value)}`];
}

/** A value on one line, secrets and unknowns named in its place. */
function inline(value: PropertyValue): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (isMap(value)) {
    const members = Object.entries(value).map(([name, member]) => `${name}: ${inline(member)}`);
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  const shown = displayable(value);
  return shown === value ? JSON.stringify(value) : String(shown);
}

/** JSON with `[secret]` and `[unknown]` in place of what cannot be shown. */
export function displayable(value: PropertyValue): unknown {
  if (value instanceof Secret) return value.value instanceof Unknown ? "[unknown]" : "[secret]";
  if (value instanceof Unknown) return "[unknown]";
  if (Array.isArray(value)) return value.map(displayable);
  return isMap(value) ? mapValues(value, displayable) : value;
}
