/** The main job, start to end, against the simulator: what `npm run demo` shows. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getIniDiff } from "../src";
import { startSimulator } from "../src/simulator";
import { availableEngines, openEngine, type RunResult } from "../test/engine";
import { essentials } from "./essentials";
import { screen } from "./screen";

const DEVICE = "sbc1";
const QUICKSTART = join(__dirname, "..", "examples", "quickstart");
/** What the quickstart declares: shown at the end, as the device has it. */
const DECLARED_LINES = /^(EnableSyslog|SyslogServerIP|ProxySet 3) |^FORMAT .*ProxyName|^\[ \\?ProxySet \]/i;

async function main(): Promise<boolean> {
  const started = Date.now();
  const simulator = await startSimulator({ tls: true });
  onInterrupt(() => simulator.close());
  const kind = availableEngines().includes("pulumi") ? "pulumi" : "in-process";
  const device = {
    url: simulator.url,
    username: "Admin",
    password: "Admin",
    tls: { fingerprint256: simulator.fingerprint256 },
  };
  const engine = await openEngine(kind, {
    cwd: QUICKSTART,
    stack: "demo",
    secrets: { "mediant:devices": JSON.stringify({ [DEVICE]: device }) },
  });
  onInterrupt(() => engine.dispose());
  try {
    screen.title("pulumi-mediant: a device's configuration, declared, previewed, converged, watched");
    screen.note(`the device   ${simulator.url}, a simulated ${DEVICE}`);
    screen.note("the program  examples/quickstart/index.ts: two parameters and one row of ProxySet");
    screen.note(
      kind === "pulumi"
        ? "the engine   pulumi, found on PATH"
        : "the engine   a small one of our own, in this process, for there is no pulumi on PATH",
    );
    let passed = true;
    let steps = 0;
    const step = async (
      command: string,
      why: string,
      runStep: () => Promise<RunResult>,
      exitCode: number,
      good: string,
    ) => {
      screen.step(++steps, command, why);
      const before = simulator.requests.length;
      const result = await runStep();
      screen.lines(essentials(result.output));
      const asExpected = result.exitCode === exitCode;
      passed &&= asExpected;
      const sent = requestsText(simulator.requests.slice(before));
      screen.verdict(
        asExpected,
        asExpected ? `${good}  (${sent})` : `exit code ${result.exitCode}, ${exitCode} was expected`,
      );
      if (!asExpected) screen.lines(result.output.split("\n"));
    };

    await step(
      "pulumi preview",
      "what would change",
      () => engine.preview({ ...run, diff: true }),
      0,
      "nothing is written by a preview",
    );
    screen.step(++steps, "getIniDiff", "the first preview of a resource asks no device; this function does");
    const { patch } = await getIniDiff({ device: { name: DEVICE, ...device }, ini: quickstartIni() });
    screen.lines(patch.split("\n").filter((line) => line !== "" && !line.startsWith("@@")));

    await step("pulumi up", "apply it", () => engine.up(run), 0, "written, read back, saved to flash");
    await step(
      "pulumi up",
      "once more",
      () => engine.up({ ...run, expectNoChanges: true }),
      0,
      "no changes: the device is as declared",
    );

    screen.step(++steps, "somebody logs in to the device", "and changes a parameter by hand");
    simulator.running.setParameter("SyslogServerIP", "192.0.2.66");
    screen.lines(["SyslogServerIP = 192.0.2.66"]);

    await step(
      "pulumi preview --refresh --expect-no-changes",
      "the scheduled drift check",
      () => engine.preview({ ...run, refresh: true, expectNoChanges: true }),
      7,
      "drift: exit code 7, and only what changed is named",
    );
    await step("pulumi up --refresh", "put it back", () => engine.up({ ...run, refresh: true }), 0, "healed");

    screen.step(++steps, "GET /api/v1/files/ini", "the device's own words");
    screen.lines(
      simulator.flash
        .dump()
        .split(/\r?\n/)
        .filter((line) => DECLARED_LINES.test(line)),
    );
    const healed = simulator.flash.parameter("SyslogServerIP") === "10.1.1.20";
    screen.verdict(
      healed,
      healed ? "in flash, so a reset keeps it" : "the flash does not hold what was declared",
    );

    await engine.destroy(run);
    screen.title("Summary");
    screen.note(`requests   ${requestsText(simulator.requests)}`);
    screen.note("resources  1 IncrementalIniConfig: 2 parameters, 1 row");
    screen.note(`time       ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return passed && healed;
  } finally {
    await cleanUp();
  }
}

/** The ini text that the quickstart's program declares. */
function quickstartIni(): string {
  const program = readFileSync(join(QUICKSTART, "index.ts"), "utf8");
  return (/ini: `([^`]*)`/.exec(program)?.[1] ?? "").replaceAll("\\\\", "\\");
}

function requestsText(requests: readonly { method: string }[]): string {
  if (requests.length === 0) return "no request sent";
  const counts = new Map<string, number>();
  for (const { method } of requests) counts.set(method, (counts.get(method) ?? 0) + 1);
  const total = requests.length === 1 ? "1 request" : `${requests.length} requests`;
  return `${total}: ${[...counts].map(([method, count]) => `${count} ${method}`).join(", ")}`;
}

const cleanups: (() => Promise<void>)[] = [];
const interrupted = new AbortController();
/** Every run ends with the demo, and leaves no compiled program behind. */
const run = { signal: interrupted.signal, env: { TS_NODE_CACHE: "false" } };

function onInterrupt(cleanup: () => Promise<void>): void {
  cleanups.unshift(cleanup);
}

async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0)) await cleanup();
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    interrupted.abort();
    void cleanUp().finally(() => process.exit(130));
  });
}

main().then(
  (passed) => {
    process.exitCode = passed ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
