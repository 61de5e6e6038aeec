import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import * as typescript from "typescript";
import { installTarball, linkTypes, openFolder, packTarball, removeFolder } from "./install";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { deviceFromConfig, getStatusOutput, IncrementalIniConfig, type DeviceArgs } from "pulumi-mediant";

const device: DeviceArgs = deviceFromConfig("sbc1");
const base = new IncrementalIniConfig("base", {
  device,
  parameters: { EnableSyslog: true, SyslogServerIP: pulumi.output("10.1.1.20") },
  tables: { ProxySet: { 3: { ProxyName: "PS_Trunk", ProxyKeepAliveTime: 60 } } },
});
export const managed: pulumi.Output<Record<string, unknown> | undefined> = base.parameters;
export const version: pulumi.Output<string | undefined> = getStatusOutput({ device }).apply((s) => s.version);
// @ts-expect-error: the types are those of the package, not any
new IncrementalIniConfig("base", { device, onRelease: "forget" });
`;

const SUBPATHS = `
import { startSimulator, type Simulator } from "pulumi-mediant/simulator";
import { incrementalIniConfig } from "pulumi-mediant/provider";

export const simulator: Promise<Simulator> = startSimulator({ resetSeconds: 1 });
export const life = incrementalIniConfig();
// @ts-expect-error: the types are those of the package, not any
startSimulator({ resetSeconds: "1" });
`;

/** The tsconfig.json of Pulumi's own TypeScript template. */
const TEMPLATE: typescript.CompilerOptions = {
  strict: true,
  target: typescript.ScriptTarget.ES2020,
  module: typescript.ModuleKind.CommonJS,
  moduleResolution: typescript.ModuleResolutionKind.Node10,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  forceConsistentCasingInFileNames: true,
};

const NODE16: typescript.CompilerOptions = {
  strict: true,
  target: typescript.ScriptTarget.ES2022,
  module: typescript.ModuleKind.Node16,
  moduleResolution: typescript.ModuleResolutionKind.Node16,
};

/** Our own declarations have to stand without `skipLibCheck`, which the template does not set. */
describe("a program's types", () => {
  let folder: string;
  before(async () => {
    folder = await openFolder();
    await installTarball(folder, await packTarball(folder));
    await linkTypes(folder);
    for (const [name, text] of [
      ["program.ts", PROGRAM],
      ["program.mts", PROGRAM],
      ["subpaths.ts", SUBPATHS],
      ["subpaths.mts", SUBPATHS],
    ] as const) {
      await writeFile(join(folder, name), text);
    }
  });
  after(() => removeFolder(folder));

  /** Read once, for most of a program is what packages declare. */
  const read = new Map<string, typescript.SourceFile | undefined>();

  /** What the compiler says of these programs and of the declarations of ours that they load. */
  function problems(options: typescript.CompilerOptions, ...names: string[]): string[] {
    const files = names.map((name) => join(folder, name));
    const host = typescript.createCompilerHost(options);
    host.getCurrentDirectory = () => folder;
    const { getSourceFile } = host;
    host.getSourceFile = (file, settings, ...others) => {
      const form = typeof settings === "object" ? settings : { languageVersion: settings };
      const key = `${file} ${form.languageVersion} ${form.impliedNodeFormat}`;
      if (!read.has(key)) read.set(key, getSourceFile(file, settings, ...others));
      return read.get(key);
    };
    const program = typescript.createProgram(files, { ...options, noEmit: true, types: ["node"] }, host);
    const ours = program.getSourceFiles().filter(({ fileName }) => {
      return files.includes(fileName) || fileName.includes("/node_modules/pulumi-mediant/");
    });
    assert.ok(ours.length > files.length, "the package's types were not found");
    return ours
      .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
      .map(
        (each) =>
          `${each.file?.fileName}: ${typescript.flattenDiagnosticMessageText(each.messageText, "\n")}`,
      );
  }

  it("are checked under the settings of Pulumi's template", () => {
    assert.deepEqual(problems(TEMPLATE, "program.ts"), []);
  });

  it("are checked under node16, as CommonJS and as ES modules", () => {
    const names = ["program.ts", "program.mts", "subpaths.ts", "subpaths.mts"];
    assert.deepEqual(problems(NODE16, ...names), []);
  });

  it("are found for every subpath under the template's settings as well", () => {
    assert.deepEqual(problems(TEMPLATE, "subpaths.ts"), []);
  });
});
