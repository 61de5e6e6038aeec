import { createHash } from "node:crypto";
import { html } from "./escape";
import { SCRIPT, STYLE } from "./page-style";

/*
 * One page for people, whole in one file: it loads nothing, and nothing in it can run but its own script.
 */

export type Tone = "good" | "info" | "warn" | "bad";

export interface Cell {
  text: string;
  /** `code` for what a device or a program says, `none` for what is not there. */
  style?: "code" | "none" | "badge";
  tone?: Tone;
  /** Below the text, small. */
  detail?: string;
}

export interface PageRow {
  cells: readonly Cell[];
  /** The filters that it belongs to. */
  tags: readonly string[];
  tone?: Tone;
}

export interface PageSection {
  title: string;
  badges: readonly { text: string; tone?: Tone }[];
  notes: readonly string[];
  rows: readonly PageRow[];
}

export interface Page {
  title: string;
  summary: string;
  tiles: readonly { value: number; label: string; tone?: Tone }[];
  alerts: readonly { title: string; tone: Tone; items: readonly string[] }[];
  /** What a section is: `device`. */
  noun: string;
  columns: readonly string[];
  filters: readonly { tag: string; label: string }[];
  sections: readonly PageSection[];
  footer: string;
}

/** The page as HTML. */
export function pageHtml(page: Page): string {
  const { title, summary, tiles, alerts, sections, footer } = page;
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(STYLE)}`,
    `script-src ${hashOf(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const rows = sections.reduce((sum, section) => sum + section.rows.length, 0);
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${html(policy).replaceAll("&#39;", "'")}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">',
    `<title>${html(title)}</title><style>${STYLE}</style></head><body>`,
    `<header><div><h1>${html(title)}</h1><p class="soft">${html(summary)}</p></div>`,
    '<button id="theme" type="button" hidden>Dark or light</button></header><main>',
    `<section class="tiles" aria-label="Summary">${tiles.map(tileHtml).join("")}</section>`,
    ...alerts.map(alertHtml),
    rows > 0 ? toolsHtml(page) : "",
    ...sections.map((section) => sectionHtml(section, page.columns)),
    sections.length === 0 ? '<p class="empty">There is nothing to show.</p>' : "",
    `</main><footer>${html(footer)}</footer><script>${SCRIPT}</script></body></html>`,
    "",
  ].join("\n");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function tileHtml({ value, label, tone }: Page["tiles"][number]): string {
  const shade = value > 0 && tone !== undefined ? ` ${tone}` : "";
  return `<div class="tile${shade}"><b>${value}</b>${html(label)}</div>`;
}

function alertHtml({ title, tone, items }: Page["alerts"][number]): string {
  const list = items.map((item) => `<li>${html(item)}</li>`).join("");
  return `<section class="alert ${tone}"><h2>${html(title)}</h2><ul>${list}</ul></section>`;
}

/** Without a script there is nothing to search with, so it shows the tools. */
function toolsHtml({ noun, filters, sections }: Page): string {
  const chips = filters.map(
    ({ tag, label }) =>
      `<label class="chip"><input type="checkbox" value="${html(tag)}" checked> ${html(label)}</label>`,
  );
  const options = sections
    .map(({ title }) => `<option value="${html(title)}">${html(title)}</option>`)
    .join("");
  const pick = `<select id="group" aria-label="${html(noun)}"><option value="">every ${html(noun)}</option>${options}</select>`;
  return [
    '<div class="tools" role="search" hidden><input id="search" type="search" placeholder="Search (press /)" aria-label="Search">',
    sections.length > 1 ? pick : "",
    ...chips,
    '<button id="fold" type="button">Fold all</button><span id="shown" class="soft" aria-live="polite"></span></div>',
  ].join("");
}

function sectionHtml({ title, badges, notes, rows }: PageSection, columns: readonly string[]): string {
  const heads = columns.map((column) => `<th scope="col">${html(column)}</th>`).join("");
  const table =
    rows.length === 0
      ? ""
      : `<table><thead><tr>${heads}</tr></thead><tbody>\n${rows.map((row) => rowHtml(row, columns)).join("\n")}\n</tbody></table>`;
  return [
    `<section class="group" data-name="${html(title)}"><details open><summary><h2>${html(title)}</h2>`,
    ...badges.map(({ text, tone }) => ` <span class="badge ${tone ?? ""}">${html(text)}</span>`),
    `</summary>${notes.map((note) => `<p class="note">${html(note)}</p>`).join("")}${table}</details></section>`,
  ].join("");
}

function rowHtml({ cells, tags, tone }: PageRow, columns: readonly string[]): string {
  const shown = cells.map((cell, at) => `<td data-label="${html(columns[at] ?? "")}">${cellHtml(cell)}</td>`);
  return `<tr class="${tone ?? ""}" data-tags="${html(tags.join(" "))}">${shown.join("")}</tr>`;
}

function cellHtml({ text, style, tone, detail }: Cell): string {
  const small = detail === undefined ? "" : `<div class="soft">${html(detail)}</div>`;
  if (text === "") return small;
  if (style === "code") return `<code>${html(text)}</code>${small}`;
  if (style === "none") return `<span class="none">${html(text)}</span>${small}`;
  if (style === "badge") return `<span class="badge ${tone ?? ""}">${html(text)}</span>${small}`;
  return `${html(text)}${small}`;
}
