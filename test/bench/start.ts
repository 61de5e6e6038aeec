import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { memory } from "./memory";
import type { Section } from "./report";

const ROOT = join(__dirname, "../..");
const RUNS = 5;

/** What Pulumi's SDK takes to load, and with it what a provider process of ours and a program load. */
const LOADS = {
  sdk: 'require("@pulumi/pulumi")',
  provider: 'require("@pulumi/pulumi"); require("./dist/provider.js")',
  program: 'require("@pulumi/pulumi"); require("./dist/index.js")',
};

/** How long it takes until the package is there. */
export async function start(): Promise<readonly Section[]> {
  const times: Record<keyof typeof LOADS, number[]> = { sdk: [], provider: [], program: [] };
  for (let run = 0; run < RUNS; run++)
    for (const [name, load] of Object.entries(LOADS))
      times[name as keyof typeof LOADS].push(await timeOf(load));
  const sdk = Math.min(...times.sdk);
  const figure = (what: string, all: readonly number[]) => {
    const ours = Math.min(...all);
    return { what, measured: { ours, sdk }, ratio: ours / sdk, target: { atMost: 1.3 } };
  };
  return [
    {
      title: "Start of a process, ms of its own work, beside loading @pulumi/pulumi alone",
      figures: [figure("provider", times.provider), figure("program", times.program)],
    },
    await memory(),
  ];
}

async function timeOf(load: string): Promise<number> {
  const code = `${load}; const { user, system } = process.cpuUsage(); console.log((user + system) / 1000); process.exit()`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", code], { cwd: ROOT });
  return Number(stdout);
}
