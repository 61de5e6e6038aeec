/** Whether a text can stand in a path as one part of it; dots alone would name another resource. */
export function isPathPart(text: unknown): text is string {
  return typeof text === "string" && /^[^\s/\\?#\p{Cc}]{1,200}$/u.test(text) && !/^\.+$/.test(text);
}
