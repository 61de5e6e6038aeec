/** Old firmware appends the request line of its own web page to downloads. */
const NOISE = /^GET \/\S+$/;

/** Whether a document that a device printed ends with a line end, as each of its lines does; noise behind it does not count. */
export function isLastLineEnded(text: string): boolean {
  if (text.endsWith("\n")) return true;
  // Behind a cut between CR and LF, more may follow.
  if (text.endsWith("\r")) return !text.includes("\n");
  const start = Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r")) + 1;
  return start > 0 && NOISE.test(text.slice(start));
}

/** How many lines a text has, for naming the last one. */
export function lineCount(text: string): number {
  return text.split(/\r\n|\n|\r/).length;
}
