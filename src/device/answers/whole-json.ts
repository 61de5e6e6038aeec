/**
 * What shows that a JSON answer was cut off, to follow "200, but "; undefined if nothing does. It is read leniently, so
 * its first half alone would look like an answer with fewer members.
 */
export function cutOffJson({ body }: { body: Buffer }): string | undefined {
  const text = textOf(body);
  return /^[{[]/.test(text) && !/[}\]]$/.test(text)
    ? "the answer is not whole: its JSON has no end"
    : undefined;
}

/** The same of an answer that must be JSON, if it says anything. */
export function noWholeJson({ body }: { body: Buffer }): string | undefined {
  const text = textOf(body);
  if (text !== "" && !/^[{[]/.test(text)) return "the answer is not JSON; does url name the device?";
  return cutOffJson({ body });
}

/** Without the mark of its encoding. */
function textOf(body: Buffer): string {
  return body.toString("latin1").replace("\u00ef\u00bb\u00bf", "").trim();
}
