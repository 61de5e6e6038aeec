import type { Place } from "../../ini/errors";

/** What `lint` looks for, and what it means. */
export const RULES = {
  syntax: "A line that no device and no program can read as it is meant.",
  "unquoted-semicolon": "A `;` outside of quotes: it ends the value, or makes a comment of what follows.",
  "duplicate-parameter": "A parameter that is given twice.",
  "duplicate-row": "A row that is given twice.",
  "unknown-parameter": "A parameter that no dump shows: it is misspelt, or at its default there.",
  "unknown-table": "A table that no dump shows: it is misspelt, or empty there.",
  "unknown-column": "A column that the table has on none of the devices of the dumps.",
  "unknown-command": "A command that no exported script has, though it has one that is spelt alike.",
  "missing-reference": "A cell that refers to a row which is nowhere.",
  "table-order": "A row that refers to a row further down: a device may drop it.",
  "plain-secret": "A secret that everybody who reads the file can read, or turn back.",
  "refused-command": "A command that a script sent through the REST API cannot run.",
} as const;

export type Rule = keyof typeof RULES;

/** `error`: it is wrong; `warning`: it most likely is; `note`: it may be meant. */
export const LEVELS = ["note", "warning", "error"] as const;
export type Level = (typeof LEVELS)[number];

/** One thing to look at in a file. No message holds the value of a secret. */
export interface Finding extends Place {
  rule: Rule;
  level: Level;
  message: string;
}

/** In the order of the text. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => a.line - b.line || a.column - b.column);
}
