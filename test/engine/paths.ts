/** Property paths (`a.b["c d"][0]`, `*` for every member) and what `ignoreChanges` does with them. */
import { isMap, type PropertyMap, type PropertyValue } from "./values";

/** Every member of an object or list; a member that is called `*` is written `["*"]`. */
const ANY = Symbol("*");
type Segment = string | number | typeof ANY;

export function parsePath(text: string): Segment[] {
  const segments: Segment[] = [];
  for (const [, quoted, index, name] of text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)) {
    if (quoted !== undefined) segments.push(quoted.replace(/\\(.)/g, "$1"));
    else if (index !== undefined) segments.push(index === "*" ? ANY : Number(index));
    else if (name !== undefined) segments.push(name === "*" ? ANY : name);
  }
  return segments;
}

/** Writes a path so that `parsePath` reads it back. */
export function formatPath(segments: readonly (string | number)[]): string {
  return segments
    .map((segment, at) => {
      if (typeof segment === "number") return `[${segment}]`;
      if (/^[A-Za-z_$][\w$]*$/.test(segment)) return at === 0 ? segment : `.${segment}`;
      return `[${JSON.stringify(segment)}]`;
    })
    .join("");
}

/** Gives `inputs` with each ignored path put back to what `old` has there: its value, or nothing. */
export function ignoreChanges(inputs: PropertyMap, old: PropertyMap, paths: readonly string[]): PropertyMap {
  return paths.reduce((result, path) => reset(result, old, parsePath(path)) as PropertyMap, inputs);
}

function reset(value: PropertyValue, old: PropertyValue, [head, ...rest]: Segment[]): PropertyValue {
  if (head === undefined) return old;
  if (Array.isArray(value) && Array.isArray(old)) {
    return value.map((element, index) => {
      const before = old[index];
      return before !== undefined && (head === ANY || head === index)
        ? reset(element, before, rest)
        : element;
    });
  }
  if (!isMap(value) || !isMap(old)) return value;
  const result = { ...value };
  for (const name of head === ANY ? Object.keys({ ...old, ...value }) : [String(head)]) {
    const [before, now] = [old[name], value[name]];
    if (rest.length > 0) {
      if (before !== undefined && now !== undefined) result[name] = reset(now, before, rest);
    } else if (before === undefined) delete result[name];
    else result[name] = before;
  }
  return result;
}
