/** `{{name}}`, blanks inside the braces free. */
const PLACEHOLDER = /\{\{[ \t]{0,20}([A-Za-z_][A-Za-z0-9_.-]{0,100})[ \t]{0,20}\}\}/g;

/** The names of the variables that a text asks for, each once. */
export function placeholders(text: string): string[] {
  // Few texts ask for any, and a large table has many texts.
  if (!text.includes("{{")) return [];
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ""))];
}

/**
 * A text with its placeholders replaced. What is put in is never looked at again, so a value cannot bring in
 * placeholders of its own.
 */
export function replacePlaceholders(
  text: string,
  variables: Readonly<Record<string, string | number>>,
): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return value === undefined ? whole : String(value);
  });
}
