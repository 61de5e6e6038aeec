import { cellAddress } from "../ini/address";
import type { Value } from "../ini/configuration";
import type { IniDocument } from "../ini/document";
import { type Observed, type ObservedTable, observedIn } from "../ini/observe";
import { parseIni } from "../ini/parse";
import { secretTest } from "../ini/secrets";
import { orderTables } from "../ini/table-order";
import { byName } from "../text/order";
import { steadyValue } from "./shown";
import type { Steady } from "./steady";

const isSecret = secretTest();

/**
 * The ini file of a device (LTRT-41760 section 6.1.1) in a form that git can compare: parameters by name, tables in
 * the order of their references, rows by index; without what the device alone sets (its clock and addresses in the
 * header, status columns).
 */
export function steadyIni(dump: string): Steady {
  const document = parseIni(dump, { dump: true });
  const observed = observedIn(document);
  const parts = [headerLines(dump), parameterLines(observed), ...tableParts(observed)];
  const lines = parts
    .filter((part) => part.length > 0)
    .flatMap((part, at) => (at === 0 ? part : ["", ...part]));
  return { text: lines.map((line) => `${line}\n`).join(""), notes: lostLines(document) };
}

/**
 * What the header says of hardware, firmware and licence changes with these alone. Its other lines tell the time,
 * addresses that the configuration has already, and the serial number, which is another one after a switchover.
 */
const KEPT_HEADERS = [
  /^;(Board|HW Board Type|Slot Number|Software Version|DSP Software Version|Ram size|Num of [\w ]+|Profile):/i,
  /^;;;Key features:/i,
  /^;[ \t]*Slot #[ \t]*:/i,
  /^;[ \t]*\d+[ \t]*:[^:]+:[ \t]*\d+$/,
];

function headerLines(dump: string): string[] {
  const lines = dump.split(/\r\n|\n|\r/).map((line) => line.trimEnd());
  const end = lines.findIndex((line) => /^[ \t]*[^;\s]/.test(line));
  const header = end === -1 ? lines : lines.slice(0, end);
  return header
    .filter((line) => KEPT_HEADERS.some((kept) => kept.test(line)))
    .map((line) => steadyValue(line, false));
}

function parameterLines({ parameters, hiddenParameters }: Observed): string[] {
  const shown = [...parameters].map(([name, value]) => ({
    name,
    line: `${name} = ${parameterText(name, value)}`,
  }));
  const hidden = [...hiddenParameters.keys()].map((name) => ({
    name,
    line: `;${name} is hidden but has non-default value`,
  }));
  return [...shown, ...hidden].sort((a, b) => byName(a.name, b.name)).map(({ line }) => line);
}

/** As dumps have it: numbers and addresses bare, text and lists in single quotes. */
function parameterText(name: string, value: Value): string {
  const secret = isSecret(name);
  if (typeof value !== "string") return value.map((text) => `'${steadyValue(text, secret)}'`).join(", ");
  const text = steadyValue(value, secret);
  return /^-?[0-9]+(\.[0-9]+)*$/.test(text) ? text : `'${text}'`;
}

/** In the known order of references, else by name: an order of the device's own may change without a reason. */
function tableParts({ tables, longHeaders }: Observed): string[][] {
  const names = [...tables.keys()].sort(byName);
  return orderTables(names, [], []).flatMap((name) => {
    const table = tables.get(name);
    return table === undefined
      ? []
      : [[`[ ${table.name} ]`, "", ...body(table, longHeaders), "", `[ \\${table.name} ]`]];
  });
}

function body(table: ObservedTable, longHeaders: boolean): string[] {
  const { name, columns, rows } = table;
  if (table.hidden)
    return [`; *** TABLE ${name} ***`, "; This table contains hidden elements and will not be exposed."];
  const prefix = longHeaders ? `${name}_` : "";
  const sorted = [...rows].sort(([a], [b]) => byName(a, b));
  // What is secret by its name is so in each row.
  const secret = columns.map((column) => isSecret(cellAddress(name, "0", column)));
  return [
    `FORMAT ${prefix}Index = ${columns.map((column) => prefix + column).join(", ")};`,
    ...sorted.map(([index, cells]) => {
      const texts = columns.map((column, at) => {
        const { raw = "", text = "" } = cells.get(column) ?? {};
        const shown = steadyValue(text, secret[at] === true);
        return raw.startsWith('"') ? `"${shown}"` : shown;
      });
      return `${name} ${index} = ${texts.join(", ")};`;
    }),
  ];
}

function lostLines({ parameters, tables, problems }: IniDocument): string[] {
  const kept = new Set([...parameters, ...tables.flatMap(({ rows }) => rows)].map(({ place }) => place.line));
  const lost = new Set(
    problems.flatMap(({ place }) => (place === undefined || kept.has(place.line) ? [] : [place.line])),
  );
  return lost.size === 0
    ? []
    : [`the ini file has lines that cannot be read and are left out: ${[...lost].join(", ")}`];
}
