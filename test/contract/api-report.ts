/**
 * `npm run api` after a build: writes the reports of the public surface anew. `api-report.test.ts` compares them.
 */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig, type ExtractorMessage } from "@microsoft/api-extractor";

const ROOT = join(__dirname, "..", "..");

/** What users import, and the report of each. */
export const ENTRIES = {
  "pulumi-mediant": "dist/index.d.ts",
  "pulumi-mediant-inventory": "dist/inventory/index.d.ts",
  "pulumi-mediant-simulator": "dist/simulator/index.d.ts",
} as const;

export interface ReportOutcome {
  /** Whether the checked-in report differs from the surface. */
  changed: boolean;
  /** What is wrong with the surface: types that stand in it and that nobody can import. */
  problems: string[];
}

/** Compares the surface of an entry with its report in `docs`; with `write`, writes the report. */
export function reportOf(entry: keyof typeof ENTRIES, temporary: string, write = false): ReportOutcome {
  mkdirSync(temporary, { recursive: true });
  const problems: string[] = [];
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(ROOT, "package.json"),
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: join(ROOT, ENTRIES[entry]),
      compiler: { tsconfigFilePath: join(ROOT, "tsconfig.build.json") },
      apiReport: {
        enabled: true,
        reportFileName: `${entry}.api.md`,
        reportFolder: join(ROOT, "docs"),
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        compilerMessageReporting: { default: { logLevel: "none" as never } },
        extractorMessageReporting: {
          default: { logLevel: "none" as never },
          "ae-forgotten-export": { logLevel: "error" as never },
        },
        tsdocMessageReporting: { default: { logLevel: "none" as never } },
      },
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: write,
    showVerboseMessages: false,
    messageCallback: (message: ExtractorMessage) => {
      if (message.messageId === "ae-forgotten-export") problems.push(message.text);
      message.handled = true;
    },
  });
  return { changed: result.apiReportChanged || !existsSync(join(ROOT, "docs", `${entry}.api.md`)), problems };
}

if (require.main === module) {
  for (const entry of Object.keys(ENTRIES) as (keyof typeof ENTRIES)[]) {
    const { changed, problems } = reportOf(entry, join(ROOT, "coverage", "api"), true);
    console.log(`docs/${entry}.api.md: ${changed ? "written" : "unchanged"}`);
    if (entry === "pulumi-mediant") for (const problem of problems) console.log(`  ${problem}`);
  }
}
