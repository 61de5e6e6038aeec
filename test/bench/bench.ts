/**
 * What the package costs: `npm run bench -- [part…] [--json]`. Times depend on the machine, so read the ratios within
 * one run; the numbers of requests and bytes do not depend on it.
 */
import { parseArgs } from "node:util";
import { isMet, printSection, type Section } from "./report";

/** Each part is loaded when it is asked for. */
const PARTS: Record<string, () => Promise<readonly Section[]>> = {
  scale: async () => (require("./scale") as typeof import("./scale")).scale(),
  fleet: async () => (require("./fleet") as typeof import("./fleet")).fleet(),
  uploads: async () => (require("./uploads") as typeof import("./uploads")).uploads(),
  parse: async () => (require("./parse") as typeof import("./parse")).parse(),
  start: async () => (require("./start") as typeof import("./start")).start(),
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { json: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0) {
    throw new Error(`no such part: ${unknown.join(", ")}; there are ${Object.keys(PARTS).join(", ")}`);
  }
  const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
  const parts: Record<string, readonly Section[]> = {};
  for (const name of names) {
    const sections = (await PARTS[name]?.()) ?? [];
    parts[name] = sections;
    if (!values.json) for (const section of sections) printSection(section);
  }
  if (values.json)
    console.log(JSON.stringify({ node: process.version, parts: withVerdicts(parts) }, null, 2));
}

function withVerdicts(parts: Record<string, readonly Section[]>) {
  return Object.fromEntries(
    Object.entries(parts).map(([name, sections]) => [
      name,
      sections.map(({ title, figures }) => ({
        title,
        figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })),
      })),
    ]),
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
