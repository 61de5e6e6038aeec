import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix } from "node:path";
import { describe, it } from "node:test";
import * as ts from "typescript";

const REPOSITORY = join(__dirname, "..", "..");

const PURE = ["secrets", "ini", "cli", "text"];
/** The pure rooms, and those that only compute with them. */
const WITHOUT_IO = [...PURE, "declare", "generate", "backup", "inventory", "report", "files", "types"];

/** The rooms of `src`, and what each may import of ours. Arrows point down only. */
const ROOMS: Record<string, readonly string[]> = {
  index: ["resources", "functions", "device", "declare", "ini"],
  bin: [
    "generate",
    "imports",
    "doctor",
    "backup",
    "restore",
    "probe",
    "report",
    "compliance",
    "inventory",
    "files",
    "types",
    "reconcile",
    "device",
    "simulator",
    "declare",
    ...PURE,
  ],
  generate: ["types", "declare", ...PURE],
  imports: ["resources", "reconcile", "device", "declare", ...PURE],
  backup: ["device", ...PURE],
  files: PURE,
  types: PURE,
  restore: ["reconcile", ...PURE],
  inventory: ["device", "declare", ...PURE],
  report: ["device", "declare", ...PURE],
  compliance: ["report", "inventory", "files", "device", ...PURE],
  doctor: ["probe", "device", "declare", ...PURE],
  probe: ["device", ...PURE],
  functions: ["resources", "reconcile", "device", "declare", ...PURE],
  resources: ["thunks", "device", "declare", ...PURE],
  thunks: [],
  provider: ["text", "reconcile", "device"],
  reconcile: ["device", "declare", ...PURE],
  device: ["declare", ...PURE],
  declare: ["device", ...PURE],
  ini: ["secrets", "text"],
  cli: ["secrets", "ini", "text"],
  text: ["secrets"],
  secrets: [],
  simulator: [],
};

/**
 * The second floor: the rooms within a room, and what each may import of its neighbours. A file that stands beside
 * such rooms counts as a room of its own.
 */
const SECOND_FLOOR: Record<string, Record<string, readonly string[]>> = {
  reconcile: {
    lives: ["life", "ini", "full-ini", "cli", "software", "license", "auxiliary", "actions"],
    adopted: ["life", "ini"],
    life: [],
    health: ["life"],
    ini: ["life", "health"],
    "full-ini": ["life", "ini"],
    cli: ["life", "health", "ini"],
    software: ["life"],
    license: ["life"],
    auxiliary: ["life", "ini"],
    actions: ["life"],
  },
  device: {
    devices: ["client", "connect", "http", "shared"],
    client: [
      "clock",
      "errors",
      "connect",
      "http",
      "upload",
      "reset",
      "answers",
      "shared",
      "whole-document",
      "kept-before",
    ],
    "whole-document": ["http"],
    "kept-before": ["connect", "shared", "errors"],
    "alarm-reader": ["client", "errors", "http", "answers"],
    "performance-reader": ["client", "errors", "http", "answers"],
    reset: ["http", "connect", "answers", "shared", "clock", "errors", "log"],
    upload: ["http", "connect", "answers", "shared", "errors", "log"],
    http: ["connect", "answers", "shared", "clock", "errors", "log"],
    connect: ["errors"],
    shared: ["clock", "errors", "log"],
    answers: [],
    late: ["clock"],
    clock: [],
    errors: [],
    log: [],
  },
  simulator: {
    index: ["options", "behaviour", "faults", "server", "device", "config", "simulated", "timers"],
    simulated: [
      "options",
      "behaviour",
      "answer",
      "timers",
      "faults",
      "server",
      "bodies",
      "endpoints",
      "device",
      "config",
      "cli",
    ],
    options: ["behaviour", "faults", "server", "bodies", "device", "config", "cli"],
    server: ["endpoints", "device", "bodies", "config", "answer", "behaviour", "faults", "timers"],
    endpoints: ["device", "bodies", "config", "cli", "answer", "faults"],
    device: ["bodies", "config", "cli", "answer", "behaviour", "faults"],
    cli: ["config", "answer", "behaviour"],
    bodies: ["answer", "behaviour"],
    config: ["behaviour"],
    behaviour: [],
    answer: [],
    faults: ["timers"],
    timers: [],
  },
};

/** What a reader takes in at a glance. */
const FILES_IN_A_FOLDER = 20;

const KNOW_PULUMI = ["index", "functions", "resources", "imports", "provider"];
const KNOW_HTTP = ["device", "simulator"];
const HTTP = ["undici", "http", "https", "http2", "net", "tls", "dgram"];
/** Packages that only compute. */
const PURE_PACKAGES = ["diff", "valibot", "yaml", "crypto", "util"];
/** What reaches out of a program without an import. */
const GLOBALS = [
  "process",
  "console",
  "globalThis",
  "fetch",
  "WebSocket",
  "setTimeout",
  "setInterval",
  "setImmediate",
];

interface Import {
  /** As written, without `node:`. */
  name: string;
  /** It leaves nothing in the compiled file. */
  typeOnly: boolean;
}

/** Everything that a source names of other modules: imports, exports, `require`, `import()`, types of modules. */
function importsOf(source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (name: ts.Node | undefined, typeOnly: boolean): void => {
    if (name === undefined || !ts.isStringLiteralLike(name)) return;
    found.push({ name: name.text.replace(/^node:/, ""), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportEqualsDeclaration(node)) {
      const { moduleReference } = node;
      if (ts.isExternalModuleReference(moduleReference)) add(moduleReference.expression, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    } else if (ts.isCallExpression(node)) {
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      if (isImport || /^require\b/.test(node.expression.getText(source))) add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The names of {@link GLOBALS} that a source uses as such. */
function globalsOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && GLOBALS.includes(node.text) && !isNameOfAnother(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A member, parameter or key of that name is another thing. */
function isNameOfAnother(node: ts.Identifier): boolean {
  return "name" in node.parent && node.parent.name === node;
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

interface Source {
  path: string;
  room: string;
  imports: Import[];
  globals: string[];
}

const sources: Source[] = readdirSync(join(REPOSITORY, "src"), { recursive: true })
  .map((path) => String(path).replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts"))
  .map((path) => {
    const file = parse(path, readFileSync(join(REPOSITORY, "src", path), "utf8"));
    return { path, room: roomOf(path), imports: importsOf(file), globals: globalsOf(file) };
  });

function roomOf(path: string): string {
  return (path.split("/")[0] ?? path).replace(/\.ts$/, "");
}

/** Each import of ours, with the room in which it ends. */
function* arrows(): Generator<{ from: Source; to: string; name: string }> {
  for (const from of sources) {
    for (const { name } of from.imports.filter((each) => each.name.startsWith("."))) {
      yield { from, to: roomOf(posix.join(posix.dirname(from.path), name)), name };
    }
  }
}

/** The room of the second floor: the folder, or the file that stands beside such folders. */
function innerRoomOf(path: string): string {
  return (path.split("/")[1] ?? "").replace(/\.ts$/, "");
}

/** Each import of a package or of Node. */
function* outside(): Generator<Import & { from: Source }> {
  for (const from of sources) {
    for (const each of from.imports.filter(({ name }) => !name.startsWith("."))) yield { from, ...each };
  }
}

/** The files that lie in a circle of imports, or on a way between two circles. */
function circling(imports: ReadonlyMap<string, readonly string[]>): string[] {
  let left = [...imports.keys()];
  for (;;) {
    const importing = left.filter((path) => imports.get(path)?.some((other) => left.includes(other)));
    const imported = importing.filter((path) =>
      importing.some((other) => imports.get(other)?.includes(path)),
    );
    if (imported.length === left.length) return left;
    left = imported;
  }
}

/** The files of ours that a file imports, types included. */
function importedBy({ path, imports }: Source): string[] {
  const paths = new Set(sources.map((each) => each.path));
  return imports
    .filter(({ name }) => name.startsWith("."))
    .map(({ name }) => posix.join(posix.dirname(path), name))
    .map((name) => [`${name}.ts`, `${name}/index.ts`].find((file) => paths.has(file)) ?? name);
}

function packageOf(name: string): string {
  return name.split("/", name.startsWith("@") ? 2 : 1).join("/");
}

describe("the rooms of the house", () => {
  it("are those of the plan, and none is empty", () => {
    assert.deepEqual([...new Set(sources.map(({ room }) => room))].sort(), Object.keys(ROOMS).sort());
  });

  it("import downwards only", () => {
    const wrong = [...arrows()].filter(({ from, to }) => to !== from.room && !ROOMS[from.room]?.includes(to));
    assert.deepEqual(
      wrong.map(({ from, name }) => `${from.path} imports ${name}`),
      [],
    );
  });

  for (const [room, inner] of Object.entries(SECOND_FLOOR)) {
    it(`within ${room} are those of the plan, and import downwards only`, () => {
      const within = sources.filter((source) => source.room === room);
      assert.deepEqual(
        [...new Set(within.map(({ path }) => innerRoomOf(path)))].sort(),
        Object.keys(inner).sort(),
      );
      const wrong = within.flatMap((from) =>
        importedBy(from)
          .filter((to) => roomOf(to) === room && innerRoomOf(to) !== innerRoomOf(from.path))
          .filter((to) => !inner[innerRoomOf(from.path)]?.includes(innerRoomOf(to)))
          .map((to) => `${from.path} imports ${to}`),
      );
      assert.deepEqual(wrong, []);
    });

    it(`within ${room} form no circle`, () => {
      assert.deepEqual(circling(new Map(Object.entries(inner))), []);
    });
  }

  it("are read at a glance", () => {
    const folders = sources.map(({ path }) => posix.dirname(path));
    const large = [...new Set(folders)].filter(
      (folder) => folders.filter((each) => each === folder).length > FILES_IN_A_FOLDER,
    );
    assert.deepEqual(large, []);
  });

  it("import in no circle, types included", () => {
    const imports = new Map(sources.map((source) => [source.path, importedBy(source)]));
    for (const file of [...imports.values()].flat()) assert.ok(imports.has(file), file);
    assert.deepEqual(circling(imports), []);
  });

  it("leave HTTP to the REST client and the simulator", () => {
    const wrong = [...outside()].filter(
      ({ from, name }) => HTTP.includes(packageOf(name)) && !KNOW_HTTP.includes(from.room),
    );
    assert.deepEqual(
      wrong.map(({ from, name }) => `${from.path} imports ${name}`),
      [],
    );
    const fetching = sources.filter(
      ({ room, globals }) =>
        !KNOW_HTTP.includes(room) && (globals.includes("fetch") || globals.includes("WebSocket")),
    );
    assert.deepEqual(
      fetching.map(({ path }) => path),
      [],
    );
  });

  it("leave Pulumi to resources, functions and the entry; of thunks it has the types", () => {
    const wrong = [...outside()].filter(({ from, name, typeOnly }) => {
      if (packageOf(name) !== "@pulumi/pulumi" || KNOW_PULUMI.includes(from.room)) return false;
      return from.room !== "thunks" || !typeOnly;
    });
    assert.deepEqual(
      wrong.map(({ from, name }) => `${from.path} imports ${name}`),
      [],
    );
  });

  it("keep what is pure without I/O", () => {
    const wrong = [...outside()].filter(
      ({ from, name }) => WITHOUT_IO.includes(from.room) && !PURE_PACKAGES.includes(name),
    );
    assert.deepEqual(
      wrong.map(({ from, name }) => `${from.path} imports ${name}`),
      [],
    );
    const reaching = sources.filter(({ room, globals }) => WITHOUT_IO.includes(room) && globals.length > 0);
    assert.deepEqual(
      reaching.map(({ path, globals }) => `${path} uses ${globals}`),
      [],
    );
  });

  it("have in thunks nothing but the name of the entry", () => {
    for (const { path, imports } of sources.filter(({ room }) => room === "thunks")) {
      const left = imports.filter(({ typeOnly }) => !typeOnly).map(({ name }) => name);
      assert.deepEqual([...new Set(left)], ["pulumi-mediant/provider"], path);
    }
  });

  it("import no package that the manifest does not declare", () => {
    const manifest = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8"));
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const wrong = [...outside()].filter(
      ({ name }) => !isBuiltin(name) && !["pulumi-mediant", ...declared].includes(packageOf(name)),
    );
    assert.deepEqual(
      wrong.map(({ from, name }) => `${from.path} imports ${name}`),
      [],
    );
  });
});

describe("what the rooms are judged by", () => {
  it("sees every form of import", () => {
    const text = `
      import "a"; import b from "b"; import * as c from "node:c"; import type { D } from "d"; import { type E } from "e";
      import f = require("f"); export * from "g"; export type { H } from "h"; export { i } from "@s/i";
      type J = import("j").J; const k = require("k"); void import("l"); require.resolve("m");
      import type n = require("n");
    `;
    assert.deepEqual(
      importsOf(parse("x.ts", text)).map(({ name, typeOnly }) => (typeOnly ? `type ${name}` : name)),
      ["a", "b", "c", "type d", "e", "f", "g", "type h", "@s/i", "type j", "k", "l", "m", "type n"],
    );
  });

  it("sees circles of any length, and not what leads to them", () => {
    const imports = { a: ["b"], b: ["c", "d"], c: ["e"], e: ["b"], d: [], f: ["f"] };
    assert.deepEqual(circling(new Map(Object.entries(imports))), ["b", "c", "e", "f"]);
  });

  it("sees globals, and not what only has their name", () => {
    const text = `process.env.A; globalThis.fetch("a"); setTimeout(f, 1); console; a.process; ({ fetch: 1 }); const console = 1;`;
    assert.deepEqual(globalsOf(parse("x.ts", text)), ["process", "globalThis", "setTimeout", "console"]);
  });
});
