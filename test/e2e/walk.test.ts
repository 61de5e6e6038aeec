import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { access, chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { readInventory } from "../../examples/fleet/devices";
import { standingAt } from "../../examples/fleet/rollout/plan";
import { installTarball, linkTypes, packTarball } from "../contract/install";
import { childEnv } from "../contract/run";
import { availableEngines } from "../engine";
import { temporaryFolder } from "../shared/files";
import { blocksOf, ROOT } from "./readme";

/*
 * A stranger's walk: what the documents tell to type, in an empty folder that has the packed package, on a real `pulumi`,
 * and what they say comes of it.
 */

const blocks = async (document: string, language: string) =>
  blocksOf(await readFile(join(ROOT, "docs", document), "utf8"), language);

const hasPulumi = availableEngines().includes("pulumi");
const isNight =
  standingAt(
    readInventory(join(ROOT, "examples", "fleet", "fleet.yaml")).devices.filter(
      ({ site }) => site === "madrid",
    ),
    new Date(),
  ).held.length === 0;
const skip = !hasPulumi ? "there is no pulumi" : isNight && "the window of the document is open";

test("docs/fleet.md, then docs/review.md of a stack of that fleet", { skip }, async (t) => {
  const shell = await openShell(t);
  const [install = "", login = "", up = "", again = ""] = await blocks("fleet.md", "sh");
  const [previewed = "", stopped = "", done = ""] = await blocks("fleet.md", "");
  const [unpack = "", npmInstall = "", startLab = ""] = install.trim().split("\n");
  await shell.run(unpack);
  // The rest of it takes what is installed here, since a test asks no registry.
  assert.equal(npmInstall, "npm install ./pulumi-mediant-0.1.0.tgz");
  await shell.install();
  await shell.usePorts("fleet.yaml");
  const lab = await shell.start(startLab, /^User and password are Admin/);

  const preview = await shell.run(login);
  assert.deepEqual(tellings(preview.out), tellings(previewed));
  assert.equal(preview.code, 7, preview.out);
  shell.remember(login.split("\n").filter((line) => line.startsWith("export ")));
  await lab.type("sbc-par-2", /^sbc-par-2: a critical alarm$/);
  const failed = await shell.run(up);
  assert.deepEqual(tellings(failed.out), tellings(stopped));
  assert.equal(failed.code, 1, failed.out);
  await lab.type("sbc-par-2", /^sbc-par-2: healthy again$/);
  const resumed = await shell.run(again);
  assert.deepEqual(tellings(resumed.out), tellings(done));
  assert.equal(resumed.code, 3, resumed.out);

  // A reviewer of a change at one site.
  const [report = ""] = await blocks("review.md", "sh");
  await shell.run(
    "pulumi stack select lab && sed -i.was 's/syslog: 192.0.2.20/syslog: 192.0.2.21/' fleet.yaml",
  );
  const reported = await shell.run(report);
  assert.equal(reported.code, 0, reported.out);
  const comment = await readFile(join(shell.folder, "comment.md"), "utf8");
  assert.match(comment, /^! SyslogServerIP: "192\.0\.2\.20" => "192\.0\.2\.21"$/m);
  assert.match(comment, /^\*\*1 \w+ on 1 device\*\*/m);
  await access(join(shell.folder, "report.html"));
  const states =
    "pulumi stack export > before.json && pulumi up --yes > up.txt && pulumi stack export > after.json";
  const between = await shell.run(`${states} && npx pulumi-mediant report before.json after.json`);
  assert.match(between.out, /^! SyslogServerIP: "192\.0\.2\.20" => "192\.0\.2\.21"$/m, between.out);
});

/** What a run of the fleet tells, without times and in no order: sites of a wave end as they come. */
function tellings(text: string): string[] {
  return text
    .split("\n")
    .filter((line) =>
      /^(?:[✓○✗] |\d+ of \d+ |Stopped|Mend|\d+ device|wave|fleet\.yaml|paris|berlin)/.test(line),
    )
    .map((line) => line.replace(/\(\d{4}-[^)]*Z\)|\(…\)/, "(…)").replace(/ \((?:\d+ min )?\d+ s\)/, ""))
    .map((line) =>
      line.replace(
        /^(✓ done by an earlier run: )(.*)$/,
        (_, head, sites) => head + sites.split(", ").sort().join(", "),
      ),
    )
    .sort();
}

async function openShell(t: TestContext) {
  const folder = await temporaryFolder(t, "walk-");
  const tarball = await packTarball(folder);
  const bin = join(folder, "node_modules", ".bin");
  const exports: string[] = [];
  const env = childEnv({
    ...{ PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true" },
    ...{ npm_config_offline: "true", npm_config_update_notifier: "false" },
  });
  const options = { cwd: folder, env, detached: true } as const;

  return {
    folder,
    remember: (lines: readonly string[]) => exports.push(...lines),

    async install(): Promise<void> {
      await installTarball(folder, tarball);
      await linkTypes(folder);
      await mkdir(bin, { recursive: true });
      for (const name of ["tsx", "typescript"])
        await symlink(join(ROOT, "node_modules", name), join(folder, "node_modules", name), "junction");
      await symlink(join(folder, "node_modules", "tsx", "dist", "cli.mjs"), join(bin, "tsx"));
      const command = join(folder, "node_modules", "pulumi-mediant", "dist", "bin", "pulumi-mediant.js");
      await chmod(command, 0o755);
      await symlink(command, join(bin, "pulumi-mediant"));
    },

    /** Other ports in place of those of the example, which somebody may have. */
    async usePorts(file: string): Promise<void> {
      const text = await readFile(join(folder, file), "utf8");
      const ports = new Map<string, number>();
      for (const [port] of text.matchAll(/(?<=127\.0\.0\.1:)\d+/g)) ports.set(port, await freePort());
      await writeFile(
        join(folder, file),
        text.replace(/(?<=127\.0\.0\.1:)\d+/g, (port) => String(ports.get(port))),
      );
    },

    async run(commands: string): Promise<{ code: number | null; out: string }> {
      const child = spawn("sh", ["-c", [...exports, commands].join("\n")], options);
      let out = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (out += part));
      const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
      return { code, out };
    },

    /** What goes on running, until the test is done. */
    async start(command: string, isReady: RegExp) {
      const child = spawn("sh", ["-c", `exec ${command}`], options);
      const lines = linesOf(child);
      t.after(() => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"));
      await lines(isReady);
      return {
        async type(line: string, answer: RegExp): Promise<void> {
          child.stdin.write(`${line}\n`);
          await lines(answer);
        },
      };
    },
  };
}

/** Waits for a line of a process. */
function linesOf(child: ChildProcess & { stdout: NodeJS.ReadableStream }): (wanted: RegExp) => Promise<void> {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (wanted) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`it ended without ${wanted}`);
      if (wanted.test(value)) return;
    }
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
