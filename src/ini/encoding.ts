/** How the bytes of a device's ini file stand for characters: dumps are ASCII, ISO-8859-1 or UTF-8. */
export type Encoding = "utf-8" | "latin1";

/** The text of an ini file, and the encoding that keeps every byte of it when it is written back. */
export function decodeIni(bytes: Uint8Array): { text: string; encoding: Encoding } {
  try {
    // A byte order mark stays in the text, since it is among the bytes; the parser passes over it.
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(bytes), encoding: "utf-8" };
  } catch {
    return { text: Buffer.from(bytes).toString("latin1"), encoding: "latin1" };
  }
}

/** Whether the encoding has a form for each character of `text`. */
export function hasForm(text: string, encoding: Encoding): boolean {
  return !WITHOUT[encoding].test(text);
}

const WITHOUT = { "utf-8": /\p{Surrogate}/u, latin1: /[^\u0000-\u00ff]/ } as const;

/** The bytes of `text`, or undefined if the encoding has no form for one of its characters. */
export function encodeIni(text: string, encoding: Encoding): Buffer | undefined {
  if (!hasForm(text, encoding)) return undefined;
  return Buffer.from(text, encoding);
}
