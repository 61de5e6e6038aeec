/** `npx tsx fleet.ts preview|up`: the sites of the inventory, one stack each, in waves. */
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { InventoryError } from "pulumi-mediant/inventory";
import { inventoryFile, readInventory } from "./devices";
import { differences, healthCheck } from "./rollout/devices";
import { count } from "./rollout/plan";
import { fingerprints, progressFile } from "./rollout/progress";
import { run } from "./rollout/run";
import { openStacks } from "./rollout/stacks";
import { EXIT, summaryLines } from "./rollout/summary";
import { safe, viewOn } from "./rollout/view";

const HELP = `npx tsx fleet.ts preview   what an update would change; every device is only read
npx tsx fleet.ts up        changes the sites: the canary, then wave after wave

  --site <name>   only this one; may be repeated
  --fresh         begins anew, also with the sites that an unfinished rollout has done
  --json          prints the result as JSON; all else goes to stderr
  --help

The inventory is fleet.yaml, or the file that $FLEET_INVENTORY names. What an unfinished rollout has done is kept beside
it, in fleet.progress.json.

Exit codes: 0 all sites are as declared, or the preview found nothing to change; 1 a site failed; 2 wrong usage, or a
mistake in the inventory: nothing was sent; 3 the rest waits for a window: run it again then; 7 the preview found
something to change; 130 interrupted.`;

class UsageError extends Error {}

async function main(): Promise<number> {
  const { values, positionals } = parsed();
  if (values.help) {
    console.log(HELP);
    return EXIT.done;
  }
  const [command, ...more] = positionals;
  if ((command !== "up" && command !== "preview") || more.length > 0) {
    throw new UsageError("say preview or up; --help tells more");
  }
  const file = inventoryFile();
  const inventory = readInventory(file);
  const used = inventory.sites.filter((site) => inventory.devices.some((device) => device.site === site));
  const strangers = (values.site ?? []).filter((site) => !used.includes(site));
  if (strangers.length > 0) {
    throw new UsageError(`no device is at ${strangers.join(", ")} (there are ${used.join(", ")})`);
  }
  const sites = used.filter((site) => values.site?.includes(site) ?? true);
  const devices = inventory.devices.filter(({ site = "" }) => sites.includes(site));
  const job = {
    command,
    inventory,
    sites,
    fingerprints: fingerprints(inventory, process.env),
    fresh: values.fresh,
  } as const;

  const output = values.json ? process.stderr : process.stdout;
  const live = output.isTTY === true && process.env["CI"] === undefined;
  const screen = {
    write: (text: string) => void output.write(text),
    get columns() {
      return output.columns || 100;
    },
    live,
    colours: output.isTTY === true && process.env["NO_COLOR"] === undefined,
  };
  const now = () => new Date();
  const { stop, terminate } = signals();
  const name = basename(file).replace(/\.\w+$/, "");
  const stackOf = await openStacks({ folder: __dirname, inventory: file, signal: terminate });
  screen.write(`${basename(file)}: ${count(sites.length, "site")}, ${count(devices.length, "device")}\n`);
  const view = viewOn(screen, now, Math.max(...sites.map(({ length }) => length)));
  const restore = logTo(view.note);
  const summary = await run(job, {
    stackOf,
    checkHealth: healthCheck(inventory.rollout),
    differences,
    now,
    progress: progressFile(join(dirname(file), `${name}.progress.json`)),
    view,
    stop,
  }).finally(restore);
  screen.write(`\n${summaryLines(summary).map(safe).join("\n")}\n`);
  if (values.json) console.log(JSON.stringify(summary, null, 2));
  return summary.exitCode;
}

/** What is logged meanwhile must not run into the table, nor into the JSON. */
function logTo(note: (line: string) => void): () => void {
  const { log, warn, error } = console;
  const take = (...words: unknown[]) => words.join(" ").split("\n").forEach(note);
  Object.assign(console, { log: take, warn: take, error: take });
  return () => void Object.assign(console, { log, warn, error });
}

function parsed() {
  try {
    return parseArgs({
      options: {
        site: { type: "string", multiple: true },
        fresh: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Ctrl-C reaches the `pulumi` processes by itself, and makes them end what they are doing; a SIGTERM does not, so it is
 * passed on. Both stay listened to: what listens no more, ends this process at once, and those with it.
 */
function signals() {
  const stopped = new AbortController();
  const terminated = new AbortController();
  process.on("SIGINT", () => stopped.abort());
  process.on("SIGTERM", () => {
    stopped.abort();
    terminated.abort();
  });
  return { stop: stopped.signal, terminate: terminated.signal };
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    console.error(safe(message));
    process.exitCode =
      error instanceof UsageError || error instanceof InventoryError ? EXIT.usage : EXIT.failed;
  },
);
