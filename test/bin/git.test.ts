import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { parse } from "yaml";
import { scratch } from "./command";

const ROOT = join(__dirname, "..", "..");
const EXAMPLE = join(ROOT, "examples", "gitops");
const SECTION = readFileSync(join(ROOT, "docs", "review.md"), "utf8").split("\n## Files in git\n")[1] ?? "";
const [SETUP = "", COMMANDS = ""] = [...SECTION.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
  ([, block = ""]) => block,
);

const table = (...rows: string[]) =>
  `[ ProxySet ]\nFORMAT Index = ProxyName, EnableProxyKeepAlive;\n${rows.map((row) => `ProxySet ${row};\n`).join("")}[ \\ProxySet ]\n`;

interface Repository {
  write(path: string, text: string): void;
  read(path: string): string;
  /** Runs a command of the shell, and gives its exit code and all that it says. */
  run(command: string): { status: number | null; said: string };
  ok(command: string): string;
}

/** A repository with the files of the example, set up word for word as the documentation says. */
function repository(t: TestContext): Repository {
  const folder = scratch(t);
  for (const path of [".gitattributes", ".githooks", ".gitignore", ".pre-commit-config.yaml", "config"])
    cpSync(join(EXAMPLE, path), join(folder, path), { recursive: true });
  // What npm install makes, and npx without the second that it takes.
  const bin = join(folder, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  const script = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  script(
    "pulumi-mediant",
    `exec "${process.execPath}" "${join(ROOT, "dist", "bin", "pulumi-mediant.js")}" "$@"`,
  );
  script("npx", `if [ "$1" = --no-install ]; then shift; fi\nname=$1; shift\nexec "${bin}/$name" "$@"`);
  const { GIT_DIR, GIT_INDEX_FILE, ...surroundings } = process.env;
  const env = {
    ...surroundings,
    PATH: `${bin}${delimiter}${process.env["PATH"]}`,
    ...{ GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_EDITOR: "true" },
    ...{ GIT_AUTHOR_NAME: "A", GIT_AUTHOR_EMAIL: "a@example.com" },
    ...{ GIT_COMMITTER_NAME: "A", GIT_COMMITTER_EMAIL: "a@example.com" },
  };
  const run = (command: string) => {
    const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    return { status, said: stdout + stderr };
  };
  const ok = (command: string) => {
    const { status, said } = run(command);
    assert.equal(status, 0, `${command}: ${said}`);
    return said;
  };
  ok("git init --quiet --initial-branch main");
  ok(SETUP);
  return {
    write: (path, text) => writeFileSync(join(folder, path), text),
    read: (path) => readFileSync(join(folder, path), "utf8"),
    run,
    ok,
  };
}

const hasGit = spawnSync("git", ["--version"]).status === 0 && process.platform !== "win32";

describe("files in a git repository", { skip: !hasGit && "there is no git" }, () => {
  it("are committed only in their layout and without what lint finds", (t) => {
    const { write, run, ok } = repository(t);
    ok("git add . && git commit --quiet --message first");
    const secret = "AUPDDigestPassword = 'Sturdy-Harbour-88'\n";
    write("config/a site.ini", "P=1\n");
    write("config/berlin1.ini", secret);
    ok("git add .");
    write("config/a site.ini", "P = 1\n");
    const layout = run("git commit --message no");
    assert.notEqual(layout.status, 0, "what is staged counts, not what lies in the folder");
    assert.match(layout.said, /^\.\/config\/a site\.ini\n.*another layout/s);
    write("config/a site.ini", "<<<<<<< ours\n");
    ok("git add .");
    const unreadable = run("git commit --message no");
    assert.notEqual(unreadable.status, 0);
    assert.match(unreadable.said, /a site\.ini: ini line 1, column 1: neither/);
    assert.doesNotMatch(unreadable.said, /layout/, "what cannot be read has no other layout");
    write("config/a site.ini", "P = 1\n");
    ok("git add .");
    const found = run("git commit --message no");
    assert.notEqual(found.status, 0);
    assert.match(found.said, /^\.\/config\/berlin1\.ini:1:1: error: .*\(plain-secret\)$/m);
    assert.doesNotMatch(found.said, /Harbour/);
    assert.equal(ok("git log --format=%s").trim(), "first");
  });

  it("are looked at by pre-commit with commands that exist", (t) => {
    const { read, write, run } = repository(t);
    const [{ hooks }] = parse(read(".pre-commit-config.yaml")).repos;
    write("config/bad.ini", "P=1\np = 2\n");
    for (const { entry, files } of hooks) {
      assert.match("config/bad.ini", new RegExp(files));
      assert.equal(run(`${entry} config/bad.ini`).status, 7, entry);
    }
  });

  it("are merged by row and cell, and compared by value", (t) => {
    const { write, read, run, ok } = repository(t);
    const FILE = "config/berlin1.ini";
    const commit = (name: string, text: string) => {
      ok(`git checkout --quiet -b ${name} main`);
      write(FILE, text);
      ok(`git commit --quiet --no-verify --all --message ${name}`);
    };
    write(FILE, table('0 = "A", 1'));
    ok("git add . && git commit --quiet --no-verify --message first");
    commit("ann", table('0 = "A", 1', '1 = "Ann", 1'));
    commit("bob", table('0 = "B", 1', '2 = "Bob", 1'));
    commit("cem", table('0 = "C", 0'));
    ok("git checkout --quiet ann && git merge --quiet --no-edit bob");
    assert.equal(read(FILE), table('0 = "B", 1', '1 = "Ann", 1', '2 = "Bob", 1'));

    const conflict = run("git merge cem");
    assert.equal(conflict.status, 1, conflict.said);
    assert.match(read(FILE), /^<{7} ours\nProxySet 0 = "B", 0;\n={7}\nProxySet 0 = "C", 0;\n>{7} theirs$/m);
    ok("git checkout --quiet --force bob");
    assert.deepEqual(ok("git diff main bob").split("\n").slice(4), [
      "@@ -1,2 +1,4 @@",
      ' ProxySet 0 EnableProxyKeepAlive = "1"',
      '-ProxySet 0 ProxyName = "A"',
      '+ProxySet 0 ProxyName = "B"',
      '+ProxySet 2 EnableProxyKeepAlive = "1"',
      '+ProxySet 2 ProxyName = "Bob"',
      "",
    ]);
  });

  it("are read by the commands of the documentation", (t) => {
    const { write, ok, run } = repository(t);
    ok("mkdir backup");
    const dump = readFileSync(join(EXAMPLE, "config", "berlin1.ini"), "utf8");
    for (const name of ["berlin1", "madrid1"]) write(`backup/${name}.ini`, dump);
    for (const command of COMMANDS.trim().split("\n")) assert.equal(run(command).status, 0, command);
  });
});
