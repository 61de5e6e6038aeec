import { type Answer, json, Refusal } from "../answer";
import type { Behaviour } from "../behaviour";
import type { CliOutcome } from "./session";

/**
 * How an incremental script is answered. `refused` is 400 for one that fails, else as `description-output`; all others
 * answer HTTP 200 whatever happened: `manual` is the example of LTRT-41760 section 6.2.2,
 * two bare texts in braces; `description-output` the form of the 7.4 documents, which does not tell success from
 * failure; `status` what clients of 7.x read; `text` the bare output.
 */
export type CliAnswer = Behaviour["cliAnswer"];

export interface CliAnswerStyle {
  form: CliAnswer;
  /** Whether line ends in the output become `. `. */
  flatten: boolean;
  eol: "\r\n" | "\n";
}

export function answerScript(
  { output, failure, bare }: CliOutcome,
  { form, flatten, eol }: CliAnswerStyle,
): Answer {
  if (bare) return json(200, { status: "success" });
  if (form === "refused" && failure !== undefined) throw new Refusal(400, failure);
  const lines = failure === undefined ? output : [...output, failure];
  const text = lines.join(flatten ? ". " : eol);
  if (form === "text") return { status: 200, body: Buffer.from(text), contentType: "text/plain" };
  if (form === "manual") {
    const texts = ["Incremental CLI script file was loaded", text].map((each) => JSON.stringify(each));
    return json(200, `{\n${texts.join(",\n")}\n}`);
  }
  const description = "Incremental CLI Script file was loaded.";
  if (form === "description-output" || form === "refused") return json(200, { description, output: text });
  if (failure === undefined) return json(200, { status: "success", description, output: text });
  return json(200, {
    status: "failure",
    description: "Incremental CLI Script file was not loaded.",
    output: text,
  });
}
