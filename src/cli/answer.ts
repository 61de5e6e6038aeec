/** The body of an answer as the REST client reads it: its JSON members, and strings that stand there without a name. */
export interface AnswerParts {
  description?: string;
  fields: Readonly<Record<string, unknown>>;
  bare: readonly string[];
}

/** What the device said to an incremental script. LTRT-41760 section 6.2.2. */
export interface CliAnswer {
  /** Whether the whole script ran. HTTP 200 does not say so. */
  ok: boolean;
  /** What the commands printed; secrets among it. Empty if the device gave none. */
  output: string;
  /** The device's own sentence; empty if it gave none. */
  description: string;
  /** Line of the script at which the device stopped, from 1, where its words tell. */
  failedLine?: number;
}

/**
 * Reads the answer to an incremental script in every form that devices give: the manual's own object of two strings
 * without names, `{description, output}`, `{status, description, output}`, and plain text, which is all output. Any
 * status but `success` is a failure; so are words of refusal, whatever the status says. What queries print may speak of
 * errors as well: of a script that has some, loose words do not count, nor do words that name no line of it beside a
 * status of success.
 *
 * @param body as it came
 * @param parts the body, read
 * @param script as it was sent, to find the line that the device speaks of
 */
export function readCliAnswer(body: string, parts: AnswerParts, script: string): CliAnswer {
  const { description, output, status } = members(body, parts);
  const asks = /^[ \t]*(?:do[ \t]+)?show\b|\bdisplay[ \t]*\r?$/im.test(script);
  const complaint = complaintIn(description, asks) ?? complaintIn(output, asks);
  const words = complaint ?? (output || description);
  const failedLine = lineNumberIn(words) ?? lineOf(words, script);
  const success = status === undefined ? undefined : /^\s*success\s*$/i.test(status);
  const printed = success === true && asks && failedLine === undefined;
  const ok = success !== false && (complaint === undefined || printed);
  if (ok) return { ok, output, description };
  return { ok, output, description, ...(failedLine === undefined ? {} : { failedLine }) };
}

function members(
  body: string,
  { description = "", fields, bare }: AnswerParts,
): { description: string; output: string; status: string | undefined } {
  if (!body.trimStart().startsWith("{")) return { description: "", output: body, status: undefined };
  const [, second = ""] = bare;
  const { output, status } = fields;
  return {
    description,
    output: typeof output === "string" ? output : second,
    status: status === undefined || status === null ? undefined : String(status),
  };
}

/**
 * Sentences of a device that does not take a command, as they begin a line or, where line ends were flattened to
 * `. `, a sentence. Output of `show` may speak of errors too, so no looser wording counts there.
 */
const COMPLAINT =
  /(?:^|[\r\n]|\. )[ \t%*>]*((?:invalid|unknown|unrecogni[sz]ed|ambiguous|incomplete) (?:command|parameter|value|argument|input|keyword|index)\b[^\r\n]*|command (?:failed|not found|is not supported)\b[^\r\n]*|(?:failed|error) (?:in|at|on) line\b[^\r\n]*)/i;

/** The words of a device whose only other output is `Done`. */
const LOOSE_COMPLAINT =
  /(?:^|[\r\n]|\. )[ \t%*>]*((?:error|fail(?:ed|ure)|illegal|invalid|rejected|refused|denied|cannot|can't|unable to|not (?:allowed|permitted|supported|found|valid)|no such|out of range|(?:access|permission) denied)\b[^\r\n]*)/i;

function complaintIn(text: string, asks: boolean): string | undefined {
  return COMPLAINT.exec(text)?.[1] ?? (asks ? undefined : LOOSE_COMPLAINT.exec(text)?.[1]);
}

function lineNumberIn(words: string): number | undefined {
  const digits = /\bline[ \t#:]*([0-9]{1,9})\b/i.exec(words)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A sentence of a device is shorter; what it prints can be as long as the script, and each line is looked for in it. */
const LONGEST_SENTENCE = 4000;

/** The first of the longest script lines that the device's words repeat. */
function lineOf(words: string, script: string): number | undefined {
  let best: { number: number; length: number } | undefined;
  // Devices and scripts quote in ways of their own.
  const plain = (text: string) => text.replaceAll('"', "").trim().toLowerCase();
  const said = plain(words.slice(0, LONGEST_SENTENCE));
  script.split(/\r\n|\n|\r/).forEach((content, i) => {
    const line = plain(content);
    // Shorter ones (`exit`) stand in any text by chance.
    if (line.length > Math.max(best?.length ?? 0, 4) && said.includes(line))
      best = { number: i + 1, length: line.length };
  });
  return best?.number;
}
