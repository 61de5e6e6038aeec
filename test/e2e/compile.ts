import { join } from "node:path";
import ts from "typescript";

/** What the compiler says of files under the options of a `tsconfig.json`, one line each; empty where they compile. */
export function compileErrors(tsconfig: string, files: readonly string[]): string[] {
  const { config, error } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  if (error) return [lineOf(error)];
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, join(tsconfig, ".."));
  const settings = { ...options, noEmit: true };
  const program = ts.createProgram([...files], settings, rememberingHost(settings));
  return ts.getPreEmitDiagnostics(program).map(lineOf);
}

/** What the packages declare is read once by each process: it is the most of a program. */
const declarations = new Map<string, ts.SourceFile | undefined>();

function rememberingHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (file, settings, ...others) => {
    if (!file.endsWith(".d.ts")) return getSourceFile(file, settings, ...others);
    const form = typeof settings === "object" ? settings : { languageVersion: settings };
    const key = `${file} ${form.languageVersion} ${form.impliedNodeFormat}`;
    if (!declarations.has(key)) declarations.set(key, getSourceFile(file, settings, ...others));
    return declarations.get(key);
  };
  return host;
}

function lineOf({ file, start = 0, messageText }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, " ");
  if (file === undefined) return text;
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${text}`;
}

/** The names of the members of exported interfaces of the package, as its declarations have them. */
export function membersOf(file: string, interfaces: readonly string[]): Map<string, string[]> {
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: [],
  };
  const program = ts.createProgram([file], options, rememberingHost(options));
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
