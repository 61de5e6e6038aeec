import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  installTarball,
  type Manifest,
  openFolder,
  packTarball,
  REPOSITORY,
  readManifest,
  removeFolder,
  type Tarball,
} from "./install";
import { run } from "./run";

/** What a program can import, beside the modules of thunks that stored texts name. */
const SUBPATHS = [".", "./inventory", "./provider", "./simulator", "./package.json"];
const THUNKS = "./dist/thunks/*.js";

describe("the package", () => {
  let folder: string;
  let tarball: Tarball;
  /** Where the package stands, installed. */
  let installed: string;
  let manifest: Manifest;
  before(async () => {
    folder = await openFolder();
    tarball = await packTarball(folder);
    await installTarball(folder, tarball);
    installed = join(folder, "node_modules", "pulumi-mediant");
    manifest = await readManifest(installed);
  });
  after(() => removeFolder(folder));

  /** Runs a line of JavaScript as a program of a user and parses what it prints. */
  async function evaluate(code: string, type: "commonjs" | "module"): Promise<unknown> {
    const { stdout } = await run(process.execPath, [`--input-type=${type}`, "-e", code], { cwd: folder });
    return JSON.parse(stdout);
  }

  it("holds what the sources are compiled to, the examples, its documents, manifest, licence and readme, and nothing else", async () => {
    const sources = readdirSync(join(REPOSITORY, "src"), { recursive: true })
      .map((path) => String(path).replaceAll("\\", "/"))
      .filter((path) => path.endsWith(".ts"));
    const compiled = sources.flatMap((path) => [
      `dist/${path.replace(/ts$/, "js")}`,
      `dist/${path.replace(/ts$/, "d.ts")}`,
    ]);
    const tracked = (await run("git", ["ls-files", "examples", "docs"], { cwd: REPOSITORY })).stdout
      .trim()
      .split("\n");
    const isPacked = (path: string) =>
      path.startsWith("docs/")
        ? /\.(md|svg)$/.test(path) && !path.endsWith(".api.md")
        : // npm leaves these out of any package.
          !path.endsWith("/.gitignore");
    const others = tracked.filter(isPacked);
    const optional = ["CHANGELOG.md"].filter((name) => existsSync(join(REPOSITORY, name)));
    const expected = [...compiled, ...others, ...optional, "LICENSE", "README.md", "package.json"].sort();
    assert.deepEqual(tarball.paths, expected, "remove dist and build it again");
  });

  it("asks nothing of an install but packages of the registry", () => {
    assert.equal(manifest.pulumi, undefined, "the engine would look for a plugin of that name");
    assert.deepEqual(Object.keys(manifest.peerDependencies), ["@pulumi/pulumi"]);
    for (const [name, range] of Object.entries(manifest.dependencies)) {
      assert.match(range, /^\^\d+\.\d+\.\d+$/, name);
    }
    for (const script of ["preinstall", "install", "postinstall"]) {
      assert.equal(manifest.scripts[script], undefined);
    }
  });

  it("is CommonJS whose exports all exist", () => {
    assert.equal(manifest.type, "commonjs");
    assert.deepEqual(Object.keys(manifest.exports).sort(), [...SUBPATHS, THUNKS].sort());
    // As text by reference names the same file whether or not the serializer finds this manifest.
    assert.equal(manifest.exports[THUNKS], THUNKS);
    const { main, types, bin, exports } = manifest;
    const files = Object.values(exports).flatMap((target) =>
      typeof target === "string" ? target : Object.values(target),
    );
    for (const file of [main, types, ...Object.values(bin), ...files]) {
      if (file !== THUNKS) assert.ok(existsSync(join(installed, file)), file);
    }
  });

  it("loads the same from CommonJS and from ES modules", async () => {
    const thunks = readdirSync(join(installed, "dist", "thunks")).filter((file) => file.endsWith(".js"));
    assert.ok(thunks.length > 0);
    const paths = [
      ...SUBPATHS.filter((path) => path !== "./package.json"),
      ...thunks.map((t) => `./dist/thunks/${t}`),
    ];
    const names = JSON.stringify(paths.map((path) => `pulumi-mediant${path.slice(1)}`));
    const required = await evaluate(
      `console.log(JSON.stringify(${names}.map((name) => Object.keys(require(name)).sort())))`,
      "commonjs",
    );
    assert.ok(Array.isArray(required) && required.every((keys) => keys.length > 0), JSON.stringify(required));
    const namespaces = `await Promise.all(${names}.map((name) => import(name)))`;
    const imported = await evaluate(
      // A thunk is one object, so all that a module sees of it by name is what the lexer finds.
      `console.log(JSON.stringify((${namespaces}).map((m) => Object.keys(m.default).sort())))`,
      "module",
    );
    assert.deepEqual(imported, required);
    const named = await evaluate(
      `console.log(JSON.stringify((${namespaces}).slice(0, 4).map((m) => Object.keys(m).sort())))`,
      "module",
    );
    const nodeAdds = ["__esModule", "default", "module.exports"];
    assert.ok(Array.isArray(named));
    assert.deepEqual(
      named.map((keys: string[]) => keys.filter((key) => !nodeAdds.includes(key))),
      required.slice(0, 4),
    );
  });

  it("lets its manifest be read, and nothing else be reached", async () => {
    const version = await evaluate(
      `console.log(JSON.stringify(require("pulumi-mediant/package.json").version))`,
      "commonjs",
    );
    assert.equal(version, manifest.version);
    for (const path of [
      "dist/index.js",
      "dist/device/client",
      "dist/device/client.js",
      "dist/thunks",
      "src/index.ts",
    ]) {
      const code = `try { require("pulumi-mediant/${path}"); } catch (e) { console.log(JSON.stringify(e.code)); }`;
      assert.equal(await evaluate(code, "commonjs"), "ERR_PACKAGE_PATH_NOT_EXPORTED", path);
    }
  });

  it("has a command that runs", async () => {
    const { stdout } = await run(
      process.execPath,
      [join(installed, manifest.bin["pulumi-mediant"] ?? ""), "--version"],
      {
        cwd: folder,
      },
    );
    assert.equal(stdout.trim(), manifest.version);
  });

  it("leaves publint nothing to say", async () => {
    const { publint } = await import("publint");
    const { messages } = await publint({ pkgDir: installed, level: "suggestion", strict: true, pack: false });
    assert.deepEqual(messages, []);
  });
});
