import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { checkFleet } from "../compliance/fleet";
import { GoldenFiles } from "../compliance/golden";
import { complianceHtml, complianceSummary } from "../compliance/html";
import { deviceLines, waiverFault } from "../compliance/text";
import { matcher } from "../compliance/waivers";
import { type Inventory, InventoryError } from "../inventory/form";
import { parseInventory } from "../inventory/parse";
import { madeBy } from "../report/words";
import { messageOf } from "../text/message";
import { givenFile } from "./given-file";
import { exitCodes, exitCodesHelpOf, UsageError } from "./outcome";
import { progress, say } from "./terminal";
import { writtenFile } from "./written-file";

interface ComplianceOptions {
  inventory: string;
  device: string[];
  site: string[];
  role: string[];
  html?: string;
  json?: string;
  title?: string;
  day?: string;
  parallel: string;
}

const HELP = `
Holds each device against the golden files of its role: what differs, what is missing, which rows are extra. Only GETs are
sent. The inventory says which devices there are and which differences are waived until when (docs/inventory.md). The
password is never an argument: it comes from a profile, or from $MEDIANT_PASSWORD.

Examples:
  $ npx pulumi-mediant compliance --inventory fleet.yaml --html compliance.html
  $ npx pulumi-mediant compliance --inventory fleet.yaml --site london --json -

${exitCodesHelpOf("something differs that is not waived")}`;

/** `pulumi-mediant compliance`: many devices against the golden files of their role. */
export function complianceCommand(): Command {
  return new Command("compliance")
    .description("Hold many devices against the golden files of their role")
    .requiredOption("--inventory <file>", "YAML or JSON: sites, roles, devices")
    .option("--device <name>", "only this one; * stands for any characters; may be repeated", more, [])
    .option("--site <name>", "only its devices; may be repeated", more, [])
    .option("--role <name>", "only its devices; may be repeated", more, [])
    .option("--html <file>", "where a page goes; it needs no other file")
    .option("--json <file>", "where the result goes as JSON; - is the output")
    .option("--title <text>", "title of the page")
    .option("--day <YYYY-MM-DD>", "the day for which waivers count (default: today, in UTC)")
    .option("--parallel <n>", "how many devices to ask at the same time", "64")
    .addHelpText("after", HELP)
    .action(compliance);
}

function more(value: string, before: string[]): string[] {
  return [...before, value];
}

async function compliance(options: ComplianceOptions): Promise<void> {
  const { html, json, title, day = new Date().toISOString().slice(0, 10) } = options;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new UsageError("--day: must be a day such as 2027-01-31");
  const parallel = Number(options.parallel);
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > 1_000)
    throw new UsageError("--parallel: must be a whole number from 1 to 1000");
  const inventory = inventoryOf(options.inventory);
  const asked = selection(inventory, options);
  const folder = dirname(options.inventory);
  const golden = new GoldenFiles((file) => givenFile("golden file", resolve(folder, file)));
  const quiet = json === "-";
  const found = await checkFleet(inventory, golden, {
    asked,
    parallel,
    now: new Date(),
    day,
    env: process.env,
    log: progress,
    done: (result) => {
      for (const line of deviceLines(result)) (quiet ? progress : say)(line);
    },
  }).catch((error: unknown) => {
    // Nothing was sent: a device that fails is told in the result.
    throw error instanceof UsageError ? error : new UsageError(messageOf(error));
  });
  const made = madeBy("compliance", new Date());
  if (html !== undefined) await writtenFile("--html", html, complianceHtml(found, title, made));
  if (json !== undefined) await writtenFile("--json", json, `${JSON.stringify(found, null, 2)}\n`);
  for (const waiver of found.waivers)
    progress(`waiver of ${waiver.names.join(", ")} (${waiver.reason}): ${waiverFault(waiver)}`);
  (quiet ? progress : say)(complianceSummary(found));
  if (found.result === "differs") process.exitCode = exitCodes.found;
  if (found.result === "failed") process.exitCode = exitCodes.failed;
}

function inventoryOf(file: string): Inventory {
  const text = givenFile("--inventory", file).toString("utf8");
  try {
    return parseInventory(text, file);
  } catch (error) {
    if (error instanceof InventoryError) throw new UsageError(error.message);
    throw error;
  }
}

function selection(
  { devices }: Inventory,
  { device, site, role }: Pick<ComplianceOptions, "device" | "site" | "role">,
): (device: Inventory["devices"][number]) => boolean {
  const [byName, bySite, byRole] = [device, site, role].map((given) =>
    given.length === 0 ? () => true : matcher(given),
  );
  const chosen = new Set(
    devices
      .filter((each) => byName?.(each.name) && bySite?.(each.site ?? "") && byRole?.(each.role ?? ""))
      .map(({ name }) => name),
  );
  if (chosen.size === 0)
    throw new UsageError("no device of the inventory matches --device, --site and --role");
  return ({ name }) => chosen.has(name);
}
