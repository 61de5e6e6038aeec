import { Command } from "commander";
import type { DeviceClient } from "../device/client";
import { THE_ONLY_ONE } from "../device/whole-document";
import { decodeIni } from "../ini/encoding";
import { type Observed, observe } from "../ini/observe";
import { secretTest } from "../ini/secrets";
import { judgeIni } from "../ini/whole";
import { putBack } from "../reconcile/ini/put-back";
import { planRestore, type RestorePlan } from "../restore/plan";
import { REDACTED } from "../secrets/values";
import { type ConnectionOptions, clientOf, connectionOf, withConnection, withSigns } from "./connection";
import { givenFile } from "./given-file";
import { UsageError } from "./outcome";
import { say } from "./terminal";

interface RestoreOptions extends ConnectionOptions {
  from: string;
  apply?: boolean;
  save?: boolean;
}

const EXAMPLES = [
  "restore --profile sbc1 --from before/sbc1.2026-01-02T03-04-05Z.ini",
  "restore --profile sbc1 --from before/sbc1.2026-01-02T03-04-05Z.ini --apply --save",
];

const HELP = `
Shows what would bring a device back to an ini that it gave before (device.keepBefore writes one), a parameter, cell or
row a line, and what an incremental ini cannot bring back. Nothing is sent without --apply. What is applied is read back;
it is saved only with --save. What the device obscures is not compared. A file of \`backup\` is refused: it has no secrets.`;

/** `pulumi-mediant restore`: brings a device back to what it held before. */
export function restoreCommand(): Command {
  const command = new Command("restore")
    .description("Show what brings a device back to an earlier ini of its own, and do it")
    .requiredOption("--from <file>", "an ini that the device gave before")
    .option("--apply", "do it; without this, only GETs are sent")
    .option("--save", "save to flash what was applied")
    .addHelpText("after", HELP)
    .action(restore);
  return withConnection(command, EXAMPLES);
}

async function restore({ from, apply = false, save = false, ...options }: RestoreOptions): Promise<void> {
  if (save && !apply) throw new UsageError("--save goes with --apply");
  const before = dumpOf(from);
  const connection = await connectionOf(options);
  const client = clientOf(connection);
  const { name } = connection;
  const now = observe(decodeIni(await withSigns(name, client.ini(THE_ONLY_ONE))).text);
  const plan = planRestore(before, now);
  tellPlan(name, from, plan);
  if (!apply) return;
  if (plan.lines.length > 0) await applied(client, name, plan);
  else if (!save) return;
  if (save) await withSigns(name, client.saveConfiguration());
  const done = plan.lines.length > 0 ? "applied" : "nothing to apply";
  say(`[${name}] ${done}${save ? ", saved" : ", not saved: --save does that"}`);
}

function tellPlan(name: string, from: string, { lines, cannot }: RestorePlan): void {
  if (lines.length === 0) say(`[${name}] nothing differs from ${from} that an ini could bring back`);
  for (const line of lines) say(`[${name}] ${line}`);
  for (const sentence of cannot) say(`[${name}] cannot: ${sentence}`);
}

async function applied(client: DeviceClient, name: string, plan: RestorePlan): Promise<void> {
  const work = client.device.queue.exclusive("restore", () => putBack(client, plan.out, secretTest([])));
  const { left, reasons } = await withSigns(name, work);
  const other = left.filter((address) => !plan.lasting.has(address));
  if (other.length === 0 && reasons.length === 0) return;
  const sentence = `not everything was brought back, and nothing was saved; still different: ${other.join(", ")}`;
  throw new Error([sentence, ...reasons].join("; "));
}

/** @throws UsageError if the file was not written by a device */
function dumpOf(file: string): Observed {
  const { text } = decodeIni(givenFile("--from", file));
  const { fault } = judgeIni(text);
  if (fault !== undefined) throw new UsageError(`--from ${file}: not the whole ini of a device: ${fault}`);
  if (text.includes(REDACTED))
    throw new UsageError(
      `--from ${file}: a file of \`backup\`, which leaves secrets out; restore needs an ini as the device gave it, such as device.keepBefore writes`,
    );
  return observe(text);
}
