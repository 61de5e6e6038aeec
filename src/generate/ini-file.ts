import { renderIni } from "../ini/render";
import type { AdoptedRow, AdoptedTable, Part, Section } from "./adopt";

/** The ini text of a part of a device's configuration, in the style of the device's own dumps. */
export function iniFile({ group, sections, tables }: Part): string {
  const blocks = [`; ${group.about}\n`, ...sections.flatMap(sectionBlock), ...tables.flatMap(tableBlocks)];
  return blocks.join("\n");
}

function sectionBlock({ heading, parameters, comments }: Section): string[] {
  if (parameters.length === 0 && comments.length === 0) return [];
  const title = heading === undefined ? [] : [`[${heading}]\n`];
  const lines = render({ parameters, tables: [] });
  return [...title, [...comments.map(comment), lines].join("")];
}

function tableBlocks({ name, rows, comments }: AdoptedTable): string[] {
  const about = comments.length > 0 ? [comments.map(comment).join("")] : [];
  const blocks = byColumns(rows).map(({ columns, alike }) => {
    const lines = alike.map(({ index, cells }) => ({ index, cells: cells.map(({ raw }) => raw) }));
    return render({ parameters: [], tables: [{ name, columns, rows: lines }] });
  });
  return [...about, ...blocks];
}

/** A cell that a row leaves out would stand empty under a shared FORMAT line, which declares it as empty. */
function byColumns(rows: readonly AdoptedRow[]): { columns: string[]; alike: AdoptedRow[] }[] {
  const groups = new Map<string, { columns: string[]; alike: AdoptedRow[] }>();
  for (const row of rows) {
    const columns = row.cells.map(({ column }) => column);
    const group = groups.get(columns.join()) ?? { columns, alike: [] };
    groups.set(columns.join(), group);
    group.alike.push(row);
  }
  return [...groups.values()];
}

function comment(leftOut: string): string {
  return `; Not declared: ${leftOut}.\n`;
}

/** With the line ends of a repository. */
function render(content: Parameters<typeof renderIni>[0]): string {
  return renderIni(content).replaceAll("\r\n", "\n");
}
