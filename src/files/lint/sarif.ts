import { RULES } from "./finding";
import type { Linted } from "./lint";

/** Of this package, as it calls itself in reports. */
interface Tool {
  version: string;
  informationUri?: string;
}

/**
 * Findings in the format that GitHub and other forges show beside the lines of a pull request (SARIF 2.1.0).
 *
 * @param uriOf the relative uri of a file
 */
export function sarif(linted: readonly Linted[], tool: Tool, uriOf: (name: string) => string): string {
  const ids = Object.keys(RULES);
  const results = linted.flatMap(({ name, findings }) =>
    findings.map(({ rule, level, message, line, column }) => ({
      ruleId: rule,
      ruleIndex: ids.indexOf(rule),
      level,
      message: { text: message },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(name) },
            region: { startLine: line, startColumn: column },
          },
        },
      ],
    })),
  );
  const rules = Object.entries(RULES).map(([id, text]) => ({ id, shortDescription: { text } }));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "pulumi-mediant", ...tool, rules } },
        columnKind: "utf16CodeUnits",
        results,
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}
