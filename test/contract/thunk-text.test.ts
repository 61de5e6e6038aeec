import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { dynamic } from "@pulumi/pulumi";
import * as mediant from "../../src";
import * as entry from "../../src/provider";
import { openFolder, REPOSITORY, removeFolder } from "./install";
import { type Form, type Layout, makeLayouts, PROGRAMS, registeredInputs } from "./layouts";
import { DECLARED } from "./samples";
import { pinnedText, pinnedThunks, thunkName } from "./thunks";

const FORMS: Form[] = ["reference", "value"];
/** A layout for each form. */
const ORIGINS = ["installed", "symlinked"];

/** What each method passes on; the engine calls them so, and states hold them so. */
const METHODS = {
  check: "olds, news",
  diff: "id, olds, news",
  create: "inputs",
  read: "id, props",
  update: "id, olds, news",
  delete: "id, props",
};

/** What states of any release require and call. Names are added, never taken away. */
const ENTRY = [
  "auxiliaryFile",
  "cliScriptConfig",
  "deviceLicense",
  "deviceReset",
  "fullCliScriptConfig",
  "fullIniConfig",
  "incrementalIniConfig",
  "savedConfiguration",
  "softwareLoad",
];

describe("the text that Pulumi stores of a resource", () => {
  let folder: string;
  let layouts: Layout[];
  before(async () => {
    folder = await openFolder();
    layouts = await makeLayouts(folder);
  });
  after(() => removeFolder(folder));

  for (const program of PROGRAMS) {
    it(`is byte for byte the pinned one, wherever the package stands (${program})`, async () => {
      const check = async ({ name, programDir, form }: Layout) => {
        const registered = await registeredInputs(programDir, DECLARED, program);
        for (const { type } of DECLARED) {
          const text = registered[type]?.__provider;
          assert.equal(text, await pinnedText(thunkName(type), form), `${type}, ${name}`);
        }
      };
      // How a program loads the package and where it stands have nothing to do with each other.
      const places =
        program === "program.cjs" ? layouts : layouts.filter(({ name }) => ORIGINS.includes(name));
      assert.ok(places.length > 1);
      await Promise.all(places.map(check));
    });
  }
});

describe("the pinned texts", () => {
  it("are those of all thunks, and of every resource class", async () => {
    const files = await readdir(join(REPOSITORY, "src", "thunks"));
    const thunks = files.map((file) => file.replace(/\.ts$/, "")).sort();
    for (const form of FORMS) {
      const missing = "node --import tsx test/contract/pin-thunks.ts pins the text of a new thunk";
      assert.deepEqual(await pinnedThunks(form), thunks, missing);
    }
    const classes = Object.entries(mediant).filter(
      ([, value]) => typeof value === "function" && value.prototype instanceof dynamic.Resource,
    );
    const types = classes.map(([name]) => name).sort();
    assert.deepEqual(types.map(thunkName), thunks);
    assert.deepEqual(DECLARED.map(({ type }) => type).sort(), types, "a class has no sample");
  });

  it("are small, as each state holds them twice a resource", async () => {
    for (const thunk of await pinnedThunks("reference")) {
      assert.ok((await pinnedText(thunk, "reference")).length < 300, thunk);
      assert.ok((await pinnedText(thunk, "value")).length < 2_500, thunk);
    }
  });

  it("require one module by name, call one function of it, and pass all arguments on", async () => {
    for (const thunk of await pinnedThunks("value")) {
      const text = await pinnedText(thunk, "value");
      const calls = [...text.matchAll(/function \/\*(\w+)\*\/\((.*)\) \{\s*(.*)\s*\}/g)];
      assert.deepEqual(
        calls.map(([, method, parameters, body]) => [method, parameters, body]),
        Object.entries(METHODS).map(([method, parameters]) => {
          const life = thunk.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
          const body = `return require("pulumi-mediant/provider").${life}().${method}(${parameters});`;
          return [method, parameters, body];
        }),
      );
    }
    for (const thunk of await pinnedThunks("reference")) {
      const required = [...(await pinnedText(thunk, "reference")).matchAll(/require\((.*?)\)/g)];
      assert.deepEqual(
        required.map(([, name]) => name),
        [`"pulumi-mediant/dist/thunks/${thunk}.js"`],
      );
    }
  });

  it("find what they call", async () => {
    assert.deepEqual(Object.keys(entry).sort(), ENTRY);
    for (const thunk of await pinnedThunks("value")) {
      const [, life] = /"pulumi-mediant\/provider"\)\.(\w+)\(\)/.exec(await pinnedText(thunk, "value")) ?? [];
      assert.ok(life !== undefined && ENTRY.includes(life), thunk);
    }
    for (const life of Object.values(entry)) assert.deepEqual(Object.keys(life()), Object.keys(METHODS));
  });
});
