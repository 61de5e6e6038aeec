import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { describe, it } from "node:test";
import { REPOSITORY } from "./install";

/** What git ignores, and git itself. */
const IGNORED = ["node_modules", "dist", "coverage", ".git"];

/** Every text of the repository, by its path. Read without git: a tree can be exported, too. */
function texts(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (IGNORED.includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      for (const [name, text] of texts(path)) found.set(name, text);
    } else if (entry.isFile()) {
      const text = readFileSync(path, "latin1");
      if (!text.includes("\0")) found.set(relative(REPOSITORY, path).replaceAll("\\", "/"), text);
    }
  }
  return found;
}

/** A path of somebody's machine, this one's included. */
const MACHINE_PATH = new RegExp(
  [
    ...[REPOSITORY, homedir()]
      .filter((path) => path.length > 1)
      .map((path) => `(?<![\\w.])${path.replace(/[^\w/]/g, "\\$&")}\\b`),
    String.raw`(?<![\w.])/(?:home|Users)/[\w.-]+/`,
    String.raw`\b[A-Z]:\\Users\\`,
  ].join("|"),
);

/** Where a package manager fetches from. */
const DOWNLOAD =
  /https?:\/\/[^\s"'`<>)]+\.(?:tgz|tar\.gz|tar\.xz|zip|whl|deb|rpm)\b|https?:\/\/[^\s/"'`]*registry[^\s"'`]*/i;

describe("the files of the repository", () => {
  const files = texts(REPOSITORY);

  it("name no path of a machine", () => {
    assert.ok(files.has("package.json") && files.has("src/index.ts"));
    for (const [path, text] of files) assert.doesNotMatch(text, MACHINE_PATH, path);
  });

  it("hold no address of a download", () => {
    for (const [path, text] of files) {
      const [address] = DOWNLOAD.exec(text) ?? [];
      assert.equal(address, undefined, path);
    }
  });

  it("hold each program that a script of package.json runs", () => {
    const { scripts } = JSON.parse(files.get("package.json") ?? "{}");
    const programs = Object.values<string>(scripts).flatMap(
      (line) => line.match(/[\w./-]+\.(?:c|m)?[jt]s\b/g) ?? [],
    );
    const ours = programs
      .filter((path) => !path.startsWith("dist/"))
      .map((path) => path.replace(/^\.\//, ""));
    assert.ok(ours.length > 5, ours.join(" "));
    for (const path of ours) assert.ok(files.has(path), path);
  });

  it("lock packages by digest, not by where they came from", () => {
    const { packages } = JSON.parse(files.get("package-lock.json") ?? "{}");
    for (const [name, entry] of Object.entries<{ link?: boolean; resolved?: string; integrity?: string }>(
      packages,
    )) {
      if (name === "" || entry.link === true) continue;
      assert.equal(entry.resolved, undefined, name);
      assert.match(entry.integrity ?? "", /^sha512-/, name);
    }
  });
});
