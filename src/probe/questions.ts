import { obscuredParts } from "../secrets/values";
import { block, type Header, type OwnRow, type Place } from "./place";

/** One request of a question. After an upload the rows of the table are read. */
export type Step =
  | { kind: "ini"; text: string; form?: UploadForm }
  | { kind: "cli"; text: string }
  | { kind: "get"; path: string; accept?: string }
  | { kind: "status" };

/** How a file is sent. Default: as the device takes it. */
export type UploadForm = "raw" | "multipart" | "base64";

/** A row as the dump shows it. */
export interface SeenRow {
  index: string;
  name: string;
  /** Undefined if the dump has no such column. */
  value: string | undefined;
}

/** What came of a step. */
export interface Seen {
  /** HTTP status. */
  status: number;
  /** Of the answer. */
  body: string;
  /** In the order of the dump; none after a step that uploads nothing. */
  rows: readonly SeenRow[];
  /** `saveNeeded`, of a status. */
  saveNeeded?: boolean | undefined;
}

/** What is known by now. */
export interface Known {
  answers: Readonly<Record<string, string | number>>;
  /** The dumps that were read before the first write, two of them. */
  dumps: readonly [string, string];
}

/** An answer by its name, a note in its place, or both. */
export interface Verdict {
  answer?: string | number;
  note?: string;
}

/** Something that no manual settles: what to send, and what its outcome means. Pure. */
export interface Question {
  /** As the simulator's option and `docs/evidence.md` call it. */
  id: string;
  /** For people. */
  asks: string;
  /** Why it cannot be asked; undefined if it can. */
  unless?(known: Known): string | undefined;
  steps(place: Place, header: Header): Step[];
  /** Whether the steps that follow a refusal are left out. */
  stopsAtRefusal?: boolean;
  judge(seen: readonly Seen[], place: Place, known: Known): Verdict;
}

const cell = (text: string): string => `"${text}"`;
const ini = (text: string, form?: UploadForm): Step => ({ kind: "ini", text, ...(form ? { form } : {}) });
const rows = (place: Place, header: Header, ...list: OwnRow[]): Step => ini(block(place, header, list));
const has = (seen: Seen | undefined, index: string): boolean =>
  seen?.rows.some((row) => row.index === index) ?? false;
const cellOf = (seen: Seen | undefined, index: string): string =>
  seen?.rows.find((row) => row.index === index)?.value ?? "";
const refused = (seen: Seen | undefined): boolean => (seen?.status ?? 0) >= 400;
const unlike = (what: string, seen: Seen | undefined): Verdict => ({
  note: `${what} (HTTP ${seen?.status ?? "-"})`,
});

const KIB = 1024;
const SIZES = [64 * KIB, 256 * KIB, 1024 * KIB, 4096 * KIB];

/** A file of this length that ends in a row: comments first, so that a file cut short has no row. */
function padded(size: number, end: string): string {
  const line = `;${"-".repeat(62)}\n`;
  return line.repeat(Math.max(0, Math.floor((size - end.length) / line.length))) + end;
}

/** Parameters that every firmware has, mostly at their default: a dump that shows all of them shows defaults. */
const COMMON = ["SyslogServerPort", "SSHServerPort", "SNMPPort", "HTTPport", "SIPT1RTX", "SIPT2RTX"];

/** In the order in which they are asked: how files are sent comes first. */
export const QUESTIONS: readonly Question[] = [
  {
    id: "upload",
    asks: "In which form are files taken?",
    steps: (place, header) => [
      ini(block(place, header, [{ index: "7" }]), "raw"),
      ini(block(place, header, [{ index: "8" }]), "multipart"),
    ],
    judge: ([raw, multipart]) => {
      const [takesRaw, takesForm] = [has(raw, "7"), has(multipart, "8")];
      if (takesRaw && takesForm) return { answer: "both" };
      if (takesRaw || takesForm) return { answer: takesRaw ? "raw" : "multipart" };
      return unlike("neither form of upload made the row show", multipart);
    },
  },
  {
    id: "tableMode",
    asks: "What becomes of the rows that an incremental table leaves out?",
    steps: (place, header) => [
      rows(place, header, { index: "7" }, { index: "8" }),
      rows(place, header, { index: "7" }),
    ],
    judge: ([first, second]) => {
      if (!has(first, "8") || !has(second, "7")) return unlike("the rows did not show", second);
      return { answer: has(second, "8") ? "merge" : "replace" };
    },
  },
  {
    id: "partialColumns",
    asks: "What becomes of the columns that FORMAT leaves out?",
    steps: (place, header) => [
      rows(place, header, { index: "7", value: cell(place.values[0]) }),
      rows(place, header, { index: "7" }),
    ],
    judge: ([first, second], { values: [value] }) => {
      if (cellOf(first, "7") !== value || !has(second, "7")) return unlike("the row did not show", second);
      return { answer: cellOf(second, "7") === value ? "keep" : "default" };
    },
  },
  {
    id: "defaultMark",
    asks: "What is $$ in a cell?",
    steps: (place, header) => [
      rows(place, header, { index: "7" }),
      rows(place, header, { index: "7", value: cell(place.values[0]) }),
      rows(place, header, { index: "7", value: "$$" }),
    ],
    judge: ([fresh, , marked], { values: [value] }) => {
      const shown = cellOf(marked, "7");
      if (refused(marked) || !has(marked, "7")) return unlike("a row with $$ is refused", marked);
      if (shown === value) return { answer: "ignored" };
      if (shown === "$$") return { answer: "text" };
      return shown === cellOf(fresh, "7") ? { answer: "default" } : { note: "$$ gives another value" };
    },
  },
  {
    id: "duplicateRows",
    asks: "Which of two rows with one index counts?",
    steps: (place, header) => [
      rows(
        place,
        header,
        { index: "7", value: cell(place.values[0]) },
        { index: "7", value: cell(place.values[1]) },
      ),
    ],
    judge: ([seen], { values: [first, last] }) => {
      if (refused(seen)) return { answer: "refused" };
      if (cellOf(seen, "7") === first) return { answer: "first" };
      return cellOf(seen, "7") === last ? { answer: "last" } : unlike("neither of two rows counts", seen);
    },
  },
  {
    id: "duplicateNames",
    asks: "May two rows have one name?",
    steps: (place, header) => [
      rows(place, header, { index: "7" }, { index: "8", name: "pulumi-mediant-probe-7" }),
    ],
    judge: ([seen]) => {
      if (!has(seen, "7")) return unlike("a file with two rows of one name has no effect", seen);
      return { answer: has(seen, "8") ? "taken" : "dropped" };
    },
  },
  {
    id: "rowOrder",
    asks: "In which order does a dump have rows?",
    steps: (place, header) => [rows(place, header, { index: "9" }, { index: "8" })],
    judge: ([seen]) => {
      const order = seen?.rows.map(({ index }) => index).join() ?? "";
      if (order === "8,9") return { answer: "index" };
      return order === "9,8" ? { answer: "sent" } : unlike("the rows did not show", seen);
    },
  },
  {
    id: "columnsAtDefault",
    asks: "Does a dump have columns that are at their default in all rows?",
    steps: (place, header) => [rows(place, header, { index: "7" })],
    judge: ([seen]) => {
      const row = seen?.rows.find(({ index }) => index === "7");
      if (row === undefined) return unlike("the row did not show", seen);
      return { answer: row.value === undefined ? "left out" : "shown" };
    },
  },
  {
    id: "lastLineEnd",
    asks: "What becomes of a last line without a line end?",
    steps: (place, header) => [ini(block(place, header, [{ index: "8" }, { index: "7" }], "").trimEnd())],
    judge: ([seen]) => {
      if (refused(seen)) return { answer: "refused" };
      if (!has(seen, "8")) return unlike("a table without an end tag has no effect", seen);
      return { answer: has(seen, "7") ? "taken" : "lost" };
    },
  },
  {
    id: "faultyLines",
    asks: "What becomes of a line without meaning?",
    steps: (place, header) => [ini(`pulumi-mediant-probe line\n${block(place, header, [{ index: "7" }])}`)],
    judge: ([seen]) => {
      if (refused(seen)) return { answer: "refused" };
      return has(seen, "7") ? { answer: "ignored" } : unlike("the rest of the file has no effect", seen);
    },
  },
  {
    id: "base64Parts",
    asks: "Is a part in base64 decoded?",
    unless: ({ answers }) => (answers["upload"] === "raw" ? "no multipart forms are taken" : undefined),
    steps: (place, header) => [ini(block(place, header, [{ index: "7" }]), "base64")],
    judge: ([seen]) => ({ answer: has(seen, "7") ? "decoded" : "kept" }),
  },
  {
    id: "unsavedChange",
    asks: "Does saveNeeded tell of an unsaved change?",
    steps: (place, header) => [{ kind: "status" }, rows(place, header, { index: "7" }), { kind: "status" }],
    judge: ([before, , after]) => {
      if (after?.saveNeeded === undefined) return { note: "the status has no saveNeeded" };
      if (before?.saveNeeded) return { note: "there were unsaved changes before: saveNeeded tells nothing" };
      return { answer: after.saveNeeded ? "told" : "silent" };
    },
  },
  {
    id: "defaults",
    asks: "Does a dump show parameters at their default?",
    steps: () => [],
    judge: (_, __, { dumps: [dump] }) => {
      const shown = COMMON.filter((name) => new RegExp(`^${name}\\s*=`, "im").test(dump));
      return { answer: shown.length === COMMON.length ? "shown" : "dropped" };
    },
  },
  {
    id: "obscuring",
    asks: "Is a secret obscured in the same form each time?",
    steps: () => [],
    judge: (_, __, { dumps }) => {
      const [first, second] = dumps.map((dump) => obscuredParts(dump).join());
      if (first === "") return { note: "the dump shows no obscured value" };
      return { answer: first === second ? "steady" : "anew" };
    },
  },
  {
    id: "downloadAccept",
    asks: "Is a download sent although Accept excludes its type?",
    steps: () => [{ kind: "get", path: "/api/v1/files/ini", accept: "application/json" }],
    judge: ([seen]) => ({ answer: seen?.status === 200 ? "any" : "checked" }),
  },
  {
    id: "looseUrls",
    asks: "Is a slash at the end of a path borne?",
    steps: () => [{ kind: "get", path: "/api/v1/status/" }],
    judge: ([seen]) => ({ answer: seen?.status === 200 ? "ignored" : "refused" }),
  },
  {
    id: "cliAnswer",
    asks: "How is a wrong CLI command answered?",
    steps: () => [{ kind: "cli", text: "pulumi-mediant-probe\r\n" }],
    judge: ([seen]) => judgeCliAnswer(seen),
  },
  {
    id: "largestBodyBytes",
    asks: "How large a body is taken?",
    stopsAtRefusal: true,
    steps: (place, header) => SIZES.map((size) => ini(padded(size, block(place, header, [{ index: "7" }])))),
    judge: (seen) => {
      const taken = seen.filter((each) => !refused(each) && has(each, "7")).length;
      const largest = SIZES[taken - 1];
      if (largest === undefined) return unlike("a file of 64 KiB is not taken", seen[0]);
      if (taken === SIZES.length)
        return { note: `files of ${largest / KIB} KiB are taken; no larger one was sent` };
      return { answer: largest, note: `a file of ${(SIZES[taken] ?? 0) / KIB} KiB is not taken` };
    },
  },
];

function judgeCliAnswer(seen: Seen | undefined): Verdict {
  if (seen === undefined || seen.status === 400) return { answer: "refused" };
  if (seen.status !== 200) return unlike("the script is not answered", seen);
  if (!seen.body.trimStart().startsWith("{")) return { answer: "text" };
  if (/"status"\s*:/.test(seen.body)) return { answer: "status" };
  return { answer: /"output"\s*:/.test(seen.body) ? "description-output" : "manual" };
}
