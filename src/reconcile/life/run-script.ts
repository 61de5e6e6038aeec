import { type CliAnswer, readCliAnswer } from "../../cli/answer";
import type { CanonicalScript } from "../../cli/canonical";
import { renderScript } from "../../cli/render";
import { parseAnswer } from "../../device/answers/lenient-json";
import type { DeviceClient } from "../../device/client";
import { decodeIni, type Encoding } from "../../ini/encoding";
import { encoded } from "./encoded";

/** Runs a script on a device, whatever it has. @throws ReconcileError if its text has no form for a character; DeviceError */
export async function runScript(
  client: DeviceClient,
  script: CanonicalScript,
  { secrets, encoding }: { secrets: readonly string[]; encoding: Encoding },
): Promise<CliAnswer & { sent: string }> {
  const sent = renderScript(script);
  const body = encoded(sent, encoding);
  const answer = await client.putIncrementalCliScript(body, secrets);
  const text = decodeIni(answer.body).text;
  return { ...readCliAnswer(text, parseAnswer(answer.body), sent), sent };
}
