import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { run } from "../contract/run";

const MODULES = join(__dirname, "..", "..", "node_modules");

/**
 * What the compiler says of files under the options of a `tsconfig.json`, each with the file and the place; empty if
 * they compile.
 */
export async function compileErrors(tsconfig: string, files: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "compile-"));
  try {
    const compilerOptions = { noEmit: true, typeRoots: [join(MODULES, "@types")] };
    const project = join(folder, "tsconfig.json");
    await writeFile(project, JSON.stringify({ extends: tsconfig, compilerOptions, files, include: [] }));
    const compiler = join(MODULES, "typescript-native", "bin", "tsc");
    await run(process.execPath, [compiler, "--pretty", "false", "-p", project], { cwd: folder });
    return [];
  } catch (error) {
    const { stdout = "" } = error as { stdout?: string };
    // Without a word of the compiler it did not run.
    if (stdout === "") throw error;
    // A message of several lines goes on below, indented.
    return stdout.trimEnd().split(/\r?\n(?! )/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The names of the members of exported interfaces of the package, as its declarations have them. */
export function membersOf(file: string, interfaces: readonly string[]): Map<string, string[]> {
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: [],
    noLib: true,
  };
  const program = ts.createProgram([file], options, ourFilesHost(options));
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const exported = module ? checker.getExportsOfModule(module) : [];
  return new Map(
    interfaces.flatMap((name): [string, string[]][] => {
      const symbol = exported.find((one) => one.name === name);
      if (symbol === undefined) return [];
      const members = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
      return [[name, members.map((member) => member.name).sort()]];
    }),
  );
}

/** Leaves out what others declare, which is the most of a program. */
function ourFilesHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (file, ...others) =>
    file.includes("/node_modules/") ? undefined : getSourceFile(file, ...others);
  return host;
}
