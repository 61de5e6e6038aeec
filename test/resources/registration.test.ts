import assert from "node:assert/strict";
import { cpSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import * as mediant from "../../src";
import { deviceReset } from "../../src/reconcile/actions/device-reset";
import { savedConfiguration } from "../../src/reconcile/actions/saved-configuration";
import { auxiliaryFile } from "../../src/reconcile/auxiliary/auxiliary-file";
import { cliScriptConfig } from "../../src/reconcile/cli/cli-script-config";
import { fullCliScriptConfig } from "../../src/reconcile/cli/full-cli-script-config";
import { fullIniConfig } from "../../src/reconcile/full-ini/full-ini-config";
import { incrementalIniConfig } from "../../src/reconcile/ini/incremental-ini-config";
import { deviceLicense } from "../../src/reconcile/license/device-license";
import { softwareLoad } from "../../src/reconcile/software/software-load";
import { openFolder, REPOSITORY } from "../contract/install";
import { DECLARED } from "../contract/samples";

const RESOURCES = [
  incrementalIniConfig,
  fullIniConfig,
  cliScriptConfig,
  fullCliScriptConfig,
  softwareLoad,
  auxiliaryFile,
  deviceLicense,
  savedConfiguration,
  deviceReset,
];

interface MediantClass {
  new (name: string, args: object): pulumi.CustomResource;
  readonly __pulumiType: string;
  isInstance(value: unknown): boolean;
}

type Package = object;

function classOf(of: Package, type: string): MediantClass {
  return (of as Record<string, MediantClass>)[type] as MediantClass;
}

/** The type of each resource as the engine was told it, by name. */
const told = new Map<string, string>();
pulumi.runtime.setMocks({
  newResource: ({ name, type, inputs }) => {
    told.set(name, type);
    return { id: name, state: inputs };
  },
  call: () => ({}),
});

describe("the classes of resources", () => {
  let folder: string;
  let copy: Package;
  before(async () => {
    folder = await openFolder();
    cpSync(join(REPOSITORY, "dist"), join(folder, "dist"), { recursive: true });
    cpSync(join(REPOSITORY, "package.json"), join(folder, "package.json"));
    symlinkSync(join(REPOSITORY, "node_modules"), join(folder, "node_modules"), "junction");
    copy = require(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { type, args } of DECLARED) {
    const Class = classOf(mediant, type);

    it(`${type} knows its own, of this and of another copy of the package`, async () => {
      const Copied = classOf(copy, type);
      const resource = new Class(`${type}-own`, args);
      const copied = new Copied(`${type}-copied`, args);
      await new Promise((resolve) => resource.urn.apply(resolve));
      assert.equal(told.get(`${type}-own`), Class.__pulumiType);
      assert.ok(!(copied instanceof Class));
      for (const one of [resource, copied]) {
        const knownBy = (of: Package) =>
          DECLARED.map((declared) => declared.type).filter((name) => classOf(of, name).isInstance(one));
        assert.deepEqual([knownBy(mediant), knownBy(copy)], [[type], [type]]);
      }
    });

    it(`${type} takes nothing else for its own`, () => {
      const stranger = new pulumi.ComponentResource("pulumi-nodejs:dynamic:Resource", type);
      const values = [
        undefined,
        null,
        5,
        type,
        {},
        Class,
        Class.__pulumiType,
        { __pulumiType: type },
        stranger,
      ];
      for (const value of values) assert.equal(Class.isInstance(value), false);
    });

    it(`${type} has every output of the provider's that a program may read, and no more`, () => {
      const resource = new Class(`${type}-outputs`, args);
      const found = RESOURCES.find((one) => one.type === type);
      assert.ok(found);
      const names = Object.keys(found.outputs).filter((name) => !name.startsWith("__mediant"));
      for (const name of names) assert.ok(Object.hasOwn(resource, name), name);
      const hidden = Object.keys(found.outputs).filter((name) => name.startsWith("__mediant"));
      for (const name of hidden) assert.ok(!Object.hasOwn(resource, name), name);
    });
  }

  const DEVICE = { name: "sbc1", url: "https://sbc1.example.com", username: "Admin", password: "Admin" };
  const ROW = { device: DEVICE, parameters: { EnableSyslog: true } };

  it("make an output of an argument that is not set only if it is read", async () => {
    const resource = new mediant.IncrementalIniConfig("lean", ROW);
    const made = Object.keys(resource).filter((name) => {
      const { get } = Object.getOwnPropertyDescriptor(resource, name) ?? {};
      return (
        get === undefined && pulumi.Output.isInstance((resource as unknown as Record<string, unknown>)[name])
      );
    });
    const ours = ["__mediantName", "device", "parameters", "previous"];
    assert.deepEqual(made.sort(), ["__provider", "id", "urn", ...ours].sort());
    for (const unset of [
      resource.tables,
      resource.largeTables,
      resource.atDefault,
      resource.save,
      resource.confirm,
    ]) {
      assert.ok(pulumi.Output.isInstance(unset));
      assert.equal(await settled<unknown>(unset), undefined);
    }
  });

  it("keep the output of an argument that is not set if something else may set it", async () => {
    const setting = new mediant.IncrementalIniConfig("set", ROW, {
      transformations: [({ props, opts }) => ({ props: { ...props, save: false }, opts })],
    });
    assert.equal(await settled(setting.save), false);
    const ignoring = new mediant.IncrementalIniConfig("ignoring", ROW, { ignoreChanges: ["save"] });
    assert.equal(Object.getOwnPropertyDescriptor(ignoring, "save")?.get, undefined);
  });
});

function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
