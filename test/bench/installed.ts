import { cp, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** A provider that does nothing, as thin as ours: six methods that require a package by name. */
const THUNK = `module.exports = {
  check(olds, news) { return require("no-op/provider").resource().check(olds, news); },
  diff(id, olds, news) { return require("no-op/provider").resource().diff(id, olds, news); },
  create(inputs) { return require("no-op/provider").resource().create(inputs); },
  read(id, props) { return require("no-op/provider").resource().read(id, props); },
  update(id, olds, news) { return require("no-op/provider").resource().update(id, olds, news); },
  delete(id, props) { return require("no-op/provider").resource().delete(id, props); },
};
`;
const PROVIDER = `const { randomUUID } = require("node:crypto");
const { isDeepStrictEqual } = require("node:util");
const without = ({ __provider, ...rest }) => rest;
const life = {
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async (id, olds, news) => ({ changes: !isDeepStrictEqual(without(olds), without(news)) }),
  create: async (inputs) => ({ id: randomUUID(), outs: inputs }),
  read: async (id, props) => ({ id, props }),
  update: async (id, olds, news) => ({ outs: news }),
  delete: async () => {},
};
exports.resource = () => life;
`;

/**
 * A project with this package installed as npm does it, so that a state names its code, and beside it the package
 * `no-op`, whose provider does nothing.
 */
export async function installedProject(folder: string, program: string): Promise<void> {
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "no-op"), { recursive: true });
  for (const name of await readdir(join(ROOT, "node_modules")))
    if (name !== "pulumi-mediant" && !name.startsWith("."))
      await symlink(join(ROOT, "node_modules", name), join(modules, name));
  await cp(join(ROOT, "dist"), join(modules, "pulumi-mediant", "dist"), { recursive: true });
  await cp(join(ROOT, "package.json"), join(modules, "pulumi-mediant", "package.json"));
  const noOp = {
    name: "no-op",
    version: "1.0.0",
    exports: { "./provider": "./provider.js", "./*.js": "./*.js" },
  };
  await writeFile(join(modules, "no-op", "package.json"), JSON.stringify(noOp));
  await writeFile(join(modules, "no-op", "thunk.js"), THUNK);
  await writeFile(join(modules, "no-op", "provider.js"), PROVIDER);
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ name: "bench", private: true, main: "index.js" }),
  );
  const runtime = "runtime:\n  name: nodejs\n  options:\n    typescript: false\n";
  await writeFile(join(folder, "Pulumi.yaml"), `name: bench\n${runtime}`);
  await writeFile(join(folder, "index.js"), program);
}
