/** A text in HTML, also within the quotes of an attribute. */
export function html(text: string): string {
  return text.replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A text in Markdown, outside of code: every sign that could mean something is written as a character reference. */
export function markdown(text: string): string {
  return (
    text
      .replace(/\s+/g, " ")
      .replace(/[!-,/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`)
      // An address or a version would become a link.
      .replace(/\b(www)\./gi, "$1&#46;")
  );
}

/** A block of code whose fence no line of it can end. */
export function fenced(lines: readonly string[], language: string): string {
  const longest = Math.max(
    2,
    ...lines.map((line) => Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length))),
  );
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence].join("\n");
}
