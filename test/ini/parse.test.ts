import assert from "node:assert/strict";
import { test } from "node:test";
import { cellPlace, type IniDocument, type IniRow } from "../../src/ini/document";
import { parseIni } from "../../src/ini/parse";

/** A document without its places: what it says. */
function said({ parameters, tables, hiddenParameters }: IniDocument) {
  return {
    parameters: parameters.map(({ name, value }) => [name, value]),
    tables: tables.map(({ name, columns, rows, hidden }) => ({
      name,
      columns,
      rows: rows.map(({ index, cells }) => [index, cells.map(({ text }) => text)]),
      ...(hidden ? { hidden } : {}),
    })),
    hiddenParameters,
  };
}

function problems(text: string): [number, number, string][] {
  return parseIni(text).problems.map(({ message, place }) => [place?.line ?? 0, place?.column ?? 0, message]);
}

const X = { name: "X", columns: ["A", "B"], rows: [["0", ["a", "1"]]] };
const HEAD = "[ X ]\nFORMAT Index = A, B;\n";

const values: [string, string, string | string[]][] = [
  ["a bare number", "P = 5", "5"],
  ["no blanks around the equals sign", "P=5", "5"],
  ["blanks and tabs around everything", "\t P \t=\t 5 \t", "5"],
  ["text in single quotes", "P = 'a b'", "a b"],
  ["text in double quotes", 'P = "a b"', "a b"],
  ["blanks inside quotes stay", "P = ' a '", " a "],
  ["nothing", "P =", ""],
  ["empty quotes", "P = ''", ""],
  ["what divides and ends elsewhere, inside quotes", "P = 'a;b=c,d [e] \"f\"'", 'a;b=c,d [e] "f"'],
  ["an equals sign in a bare value", "P = a=b", "a=b"],
  ["a list", "P = 'a', '', 'c'", ["a", "", "c"]],
  ["a list of bare words", "P = a,b , c", ["a", "b", "c"]],
  ["a list that ends in a comma", "P = 'a',", ["a", ""]],
  ["backslashes as they are", "P = 'a\\'", "a\\"],
  ["a name that begins with a digit", "3WayConferenceMode = 2", "2"],
];

for (const [what, line, expected] of values) {
  test(`a parameter: ${what}`, () => {
    const document = parseIni(line);
    assert.deepEqual(document.problems, []);
    assert.deepEqual(
      document.parameters.map(({ value }) => value),
      [expected],
    );
  });
}

const cells: [string, string, string[], string[]][] = [
  ["quoted text and a bare number", '"a", 5', ["a", "5"], ['"a"', "5"]],
  ["empty cells in both forms", ' , ""', ["", ""], ["", '""']],
  ["bare text and an address", "eth2:1, 10.0.0.1", ["eth2:1", "10.0.0.1"], ["eth2:1", "10.0.0.1"]],
  ["what divides and ends elsewhere, inside quotes", '"a;b=c, d\'e", "f\\"', ["a;b=c, d'e", "f\\"], []],
  ["blanks around commas", '  "a"\t ,\t5  ', ["a", "5"], ['"a"', "5"]],
  ["tabs and blanks around bare values", "\ta\t \t, 5\t ", ["a", "5"], ["a", "5"]],
  ["blanks inside quotes", '" a ", "\t"'.replace("\t", "  "), [" a ", "  "], []],
  ["an apostrophe in a bare value", "it's, 1", ["it's", "1"], []],
  ["back-references", '"$1", "$1$2"', ["$1", "$1$2"], []],
];

for (const [what, line, texts, raws] of cells) {
  test(`a row: ${what}`, () => {
    const document = parseIni(`${HEAD}X 0 = ${line};\n`);
    assert.deepEqual(document.problems, []);
    const row = document.tables[0]?.rows[0]?.cells ?? [];
    assert.deepEqual(
      row.map(({ text }) => text),
      texts,
    );
    if (raws.length > 0)
      assert.deepEqual(
        row.map(({ raw }) => raw),
        raws,
      );
  });
}

const tables: [string, string][] = [
  ["a short header", `${HEAD}X 0 = "a", 1;\n[ \\X ]\n`],
  ["a long header", '[ X ]\nFORMAT X_Index = X_A, X_B;\nX 0 = "a", 1;\n[ \\X ]\n'],
  ["a long header in other case", '[ x ]\nformat X_INDEX = x_A, X_B;\nX 0 = "a", 1;\n[ \\x ]\n'],
  ["a long header without a section", 'FORMAT X_Index = X_A, X_B;\nX 0 = "a", 1;\n'],
  ["a long header under another heading", '[SIP Params]\nFORMAT X_Index = X_A, X_B;\nX 0 = "a", 1;\n'],
  ["an end tag without blanks", `${HEAD}X 0 = "a", 1;\n[\\X]\n`],
  ["an end tag with one blank", `${HEAD}X 0 = "a", 1;\n[\\X ]\n`],
  ["an end tag with two backslashes", `${HEAD}X 0 = "a", 1;\n[ \\ \\X ]\n`],
  ["no end tag at the end", `${HEAD}X 0 = "a", 1;`],
  ["no blanks in the section", '[X]\nFORMAT Index=A,B;\nX 0="a",1;\n[\\X]'],
  ["a row without its semicolon", `${HEAD}X 0 = "a", 1\n[ \\X ]`],
  ["blanks behind lines", '[ X ] \nFORMAT Index = A, B; \t\nX 0 = "a", 1;\t \n[ \\X ] \n'],
  ["a FORMAT line without its semicolon", '[ X ]\nFORMAT Index = A, B\nX 0 = "a", 1;\n'],
  ["blanks before lines", `  ${HEAD}\t X 0 = "a", 1;\n [ \\X ]`],
  [
    "comments behind lines",
    '[ X ]\nFORMAT Index = A, B; ; columns, both\nX 0 = "a", 1;   ; "quoted", 2; and; more\n',
  ],
  [
    "a FORMAT line that goes on behind a comma",
    '[ X ]\nFORMAT Index = A,\n ; a note\n\n\t B;\nX 0 = "a", 1;\n',
  ],
  ["a FORMAT line a column a line", '[ X ]\nFORMAT X_Index = X_A,\nX_B ;;\nX 0 = "a", 1;\n'],
  [
    "comments before and behind FORMAT",
    '[ X ]\n; first\n\nFORMAT Index = A, B;\n; X 1 = "b", 2;\nX 0 = "a", 1;',
  ],
  ["a leading zero in the index", `${HEAD}X 00 = "a", 1;`],
];

for (const [what, text] of tables) {
  for (const eol of ["\n", "\r\n", "\r"]) {
    test(`a table: ${what}, line ends ${JSON.stringify(eol)}`, () => {
      const document = parseIni(text.replaceAll("\n", eol));
      assert.deepEqual(document.problems, []);
      const [table] = said(document).tables;
      assert.deepEqual({ ...table, name: table?.name.toUpperCase() }, X);
      assert.equal(document.tables.length, 1);
    });
  }
}

const commented: [string, string, string[]][] = [
  ["a bare value before a quoted one", '1, "a;b"; ; note', ["1", "a;b"]],
  ["bare values only", "a, 1; ;; note", ["a", "1"]],
  ["signs of a comment inside quotes", '"a; ; b", 1;', ["a; ; b", "1"]],
  ["the same without the end of the row", '"a; ; b", 1', ["a; ; b", "1"]],
];

for (const [what, line, texts] of commented) {
  test(`a comment behind a row: ${what}`, () => {
    const document = parseIni(`${HEAD}X 0 = ${line}\n`);
    assert.deepEqual(document.problems, []);
    assert.deepEqual(said(document).tables[0]?.rows, [["0", texts]]);
  });
}

test("a fault in a row makes none of the comment behind it", () => {
  const said = problems(`${HEAD}X 0 = hun"ter2, 5; ; "note", 1\n`);
  assert.deepEqual(said, [[3, 7, "a quote inside a value"]]);
});

test("a table without an end tag ends at a parameter, a section and another table", () => {
  const text = `${HEAD}X 0 = "a", 1;\nP = 5\n${HEAD}X 1 = "b", 2;\n[SIP Params]\nQ = 6\n[ Y ]\nFORMAT Index = C;\nY 3 = 7;`;
  const document = parseIni(text);
  assert.deepEqual(document.problems, []);
  assert.deepEqual(said(document), {
    parameters: [
      ["P", "5"],
      ["Q", "6"],
    ],
    tables: [X, { ...X, rows: [["1", ["b", "2"]]] }, { name: "Y", columns: ["C"], rows: [["3", ["7"]]] }],
    hiddenParameters: [],
  });
});

test("a table with nothing between its tags is an empty one; a section with parameters is none", () => {
  const { tables, problems } = parseIni(
    "[ X ]\n\n[ \\X ]\n[SIPParams]\nP = 5\n[ \\SIPParams ]\n[ Y ]\n[ \\Z ]\n",
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(
    tables.map(({ name, columns, rows }) => ({ name, columns, rows })),
    [{ name: "X", columns: [], rows: [] }],
  );
});

test("a table about which a comment says something is never taken for an empty one", () => {
  assert.deepEqual(parseIni("[ X ]\n; withheld for a reason of its own\n[ \\X ]\n").tables, []);
  const announced = parseIni("; *** TABLE X ***\n; contains hidden elements\n[ X ]\n[ \\X ]\n").tables;
  assert.deepEqual(
    announced.map(({ name, hidden }) => [name, hidden]),
    [["X", true]],
  );
});

test("what is withheld has a name of the device, or is a comment like any other", () => {
  const document = parseIni(
    ";\u001b[2J is hidden but has non-default value\n; *** TABLE \u001b[2J ***\n; contains hidden elements\n" +
      "[SIP Params]\n; this part contains hidden elements\n",
  );
  assert.deepEqual(said(document), { parameters: [], tables: [], hiddenParameters: [] });
  assert.deepEqual(parseIni("\u001b[2J 5 = 1;\n__proto__ 5 = 1;\n").tables, []);
});

test("indexes may have gaps and come in any order", () => {
  const { tables } = parseIni(`${HEAD}X 6 = "a", 1;\nX 0 = "b", 2;\nX 12345678901234567890 = "c", 3;`);
  assert.deepEqual(
    tables[0]?.rows.map(({ index }) => index),
    ["6", "0", "12345678901234567890"],
  );
});

test("a parameter that the device withholds, in both comment forms", () => {
  const document = parseIni(
    ";CertFile is hidden but has non-default value\n;  KeyFile is hidden but has non-default value.\n; this is hidden\n",
  );
  assert.deepEqual(document.hiddenParameters, ["CertFile", "KeyFile"]);
  assert.deepEqual(document.parameters, []);
});

const hiddenForms: [string, string][] = [
  [
    "three lines of comment",
    "[ X ]\n; *** TABLE X ***\n; This table contains hidden elements and will not be exposed\n; exists on board\n[ \\X ]",
  ],
  [
    "one line of comment",
    "[ X ]\n; *** TABLE X *** contains hidden elements and will not be exposed\n[ \\X ]",
  ],
  [
    "comment lines without text between them",
    "[ X ]\n;\n;***TABLE X***\n;\n; contains hidden elements\n;\n[ \\X ]",
  ],
  [
    "no banner, under its section",
    "[ X ]\n; This table contains hidden elements and will not be exposed\n[ \\X ]",
  ],
  ["no section", "; *** TABLE X ***\n; contains hidden elements and will not be exposed\n"],
];

for (const [what, text] of hiddenForms) {
  test(`a table that the device withholds: ${what}`, () => {
    const document = parseIni(text);
    assert.deepEqual(document.problems, []);
    assert.deepEqual(said(document).tables, [{ name: "X", columns: [], rows: [], hidden: true }]);
  });
}

test("a banner alone hides nothing, and none that came before another section", () => {
  const { tables } = parseIni(
    `; *** TABLE Y ***\n${HEAD}X 0 = "a", 1;\n[ \\X ]\n; it once said: contains hidden elements\n`,
  );
  assert.deepEqual(
    tables.map(({ name, hidden }) => [name, hidden]),
    [["X", false]],
  );
});

test("noise of old firmware and byte order marks are no lines of the file", () => {
  for (const mark of ["\uFEFF", "\u00EF\u00BB\u00BF"]) {
    const document = parseIni(`${mark}P = 5\r\nGET /topAreaStaus.json`);
    assert.deepEqual(document.problems, []);
    assert.deepEqual(said(document).parameters, [["P", "5"]]);
  }
});

test("lines of many kilobytes", () => {
  const columns = Array.from({ length: 400 }, (_, at) => `Column${at}`);
  const line = columns.map((column) => `"${column}, of; many"`).join(", ");
  const { tables, problems } = parseIni(`[ X ]\nFORMAT Index = ${columns.join(", ")};\nX 0 = ${line};`);
  assert.deepEqual(problems, []);
  assert.deepEqual(tables[0]?.columns, columns);
  assert.equal(tables[0]?.rows[0]?.cells[399]?.text, "Column399, of; many");
});

test("places count lines and columns from 1, in every kind of line end", () => {
  const { parameters, tables } = parseIni(
    `A = 1\r\n  B = 2\r[ X ]\nFORMAT Index = A, B;\r\n X 0 = "a",  15;`,
  );
  assert.deepEqual(
    parameters.map(({ place }) => place),
    [
      { line: 1, column: 1 },
      { line: 2, column: 3 },
    ],
  );
  const [table] = tables;
  assert.deepEqual(table?.place, { line: 3, column: 1 });
  assert.deepEqual(
    table?.rows[0]?.cells.map((cell) => cellPlace(table.rows[0] as IniRow, cell)),
    [
      { line: 5, column: 8 },
      { line: 5, column: 14 },
    ],
  );
});

const faults: [string, string, number, number, RegExp][] = [
  ["a word alone", "P = 1\n  hunter2", 2, 3, /neither a parameter/],
  ["a name with a blank", "My Param = 1", 1, 1, /neither a parameter/],
  ["a name that is none", "__proto__ = 1", 1, 1, /a parameter's name begins with a letter/],
  ["a parameter called FORMAT", "format=1", 1, 1, /a parameter's name begins/],
  ["a comment behind a value", "P = 5 ; five", 1, 5, /';' behind a value/],
  ["a quote inside a bare value", "P = it's", 1, 5, /a quote inside a value/],
  ["a quote that never closes", "P = 'hunter2", 1, 5, /opens here is never closed/],
  ["a quote inside quotes", "P = 'hun'ter2'", 1, 9, /quote \('\) inside a quoted value/],
  ["a single quote inside double ones", `P = "hun'ter2"`, 1, 5, /a single quote inside a value/],
  ["text behind a quote", "P = 'a' b", 1, 7, /inside a quoted value/],
  ["a control character", "P = 'hun\u0007ter2'", 1, 5, /control character/],
  ["half a character", "P = 'hun\ud800ter2'", 1, 5, /half a character/],
  ["an open bracket", "[ X", 1, 1, /must end with '\]'/],
  ["a row outside a table", 'X 0 = "hunter2";', 1, 1, /row X 0 stands outside a table/],
  ["a row before FORMAT", "[ X ]\nX 0 = 1;", 2, 1, /before its FORMAT line/],
  ["a row of another table", `${HEAD}Y 0 = "a", 1;`, 3, 1, /row Y 0 stands in table X/],
  ["too few values", `${HEAD}X 0 = "hunter2";`, 3, 1, /row X 0 has 1 values, but FORMAT names 2/],
  ["too many values", `${HEAD}X 0 = 1, 2, 3;`, 3, 1, /has 3 values/],
  ["a quote that never closes in a row", `${HEAD}X 0 = 5, "hunter2;`, 3, 10, /never closed/],
  ["a quote inside a cell", `${HEAD}X 0 = "hun"ter2", 5;`, 3, 11, /inside a quoted value/],
  ["a quote inside a bare cell", `${HEAD}X 0 = hun"ter2, 5;`, 3, 7, /a quote inside a value/],
  [
    "a control character in a cell",
    `${HEAD}X 0 = 5, "hun\u0007ter2";`,
    3,
    10,
    /^the value must not .*control/,
  ],
  [
    "a quote that never closes before signs of a comment",
    `${HEAD}X 0 = 5, "hunter2; ; a;`,
    3,
    10,
    /never closed/,
  ],
  ["a semicolon inside a bare cell", `${HEAD}X 0 = 5, hun;ter2;`, 3, 10, /';' inside a value/],
  ["single quotes in a row", `${HEAD}X 0 = 'hunter2', 5;`, 3, 7, /takes double quotes/],
  ["a single quote before a cell", `${HEAD}X 0 = 'hunter2, 5;`, 3, 7, /takes double quotes/],
  ["signs of a comment in the middle of a row", `${HEAD}X 0 = hunter2; ; 2, 3;`, 3, 7, /';' inside a value/],
  [
    "a quote inside a cell before a comment",
    `${HEAD}X 0 = hun"ter2, 5; ; note`,
    3,
    7,
    /a quote inside a value/,
  ],
  ["a row whose name is none", "__hunter2 5 = 1;", 1, 1, /^a row stands outside a table/],
  [
    "a bad column in a line that goes on",
    "[ X ]\nFORMAT Index = A,\n  B,\t_C;",
    3,
    6,
    /a column's name begins/,
  ],
  ["a column twice in a line that goes on", "[ X ]\nFORMAT Index = A,\na;", 3, 1, /column a stands twice/],
  ["a word below FORMAT", "[ X ]\nFORMAT Index = A, B\nhunter2", 3, 1, /neither a parameter/],
  ["a word below a FORMAT line that went on", "[ X ]\nFORMAT Index = A,\nB\nhunter2", 4, 1, /neither a para/],
  ["a word below its end", "[ X ]\nFORMAT Index = A,\nB;\nhunter2", 4, 1, /neither a parameter/],
  ["a word below its comment", "[ X ]\nFORMAT Index = A,\nB; ; both,\nhunter2", 4, 1, /neither a parameter/],
  [
    "a word below a comment behind FORMAT",
    "[ X ]\nFORMAT Index = A; ; one,\nhunter2",
    3,
    1,
    /neither a para/,
  ],
  ["a comment behind a row", `${HEAD}X 0 = 5, 6; hunter2`, 3, 10, /';' inside a value/],
  ["FORMAT without a table", "FORMAT Index = A;", 1, 1, /without the '\[ Table \]' line/],
  ["FORMAT without an equals sign", "[ X ]\nFORMAT Index A;", 2, 1, /reads 'FORMAT Index = /],
  ["FORMAT of another table", "[ X ]\nFORMAT Y_Index = Y_A;", 2, 1, /reads 'FORMAT Index = /],
  ["FORMAT of no index", "[ X ]\nFORMAT X_Name = X_A;", 2, 1, /reads 'FORMAT Index = /],
  ["a column twice", "[ X ]\nFORMAT Index = A, B, a;", 2, 22, /column a stands twice/],
  ["an empty column", "[ X ]\nFORMAT Index = A, ;", 2, 19, /a column's name begins/],
  ["a bad column", "[ X ]\nFORMAT Index = A, hunter2!;", 2, 19, /a column's name begins/],
];

for (const [what, text, line, column, message] of faults) {
  test(`at fault: ${what}`, () => {
    const [first] = problems(text);
    assert.deepEqual(first?.slice(0, 2), [line, column]);
    assert.match(first?.[2] ?? "", message);
    // A reader of findings tells a `;` from the rest.
    for (const each of parseIni(text).problems)
      assert.equal(each.semicolon === true, /^a ';'/.test(each.message));
    for (const [, , each] of problems(text)) assert.doesNotMatch(each, /hunter2|hun|ter2/);
  });
}

test("a line at fault leaves the others as they are", () => {
  const document = parseIni(`P = 1\n???\n${HEAD}X 0 = 1;\nX 1 = "b", 2;\n[ \\X ]\nQ = 2\n`);
  assert.deepEqual(said(document), {
    parameters: [
      ["P", "1"],
      ["Q", "2"],
    ],
    tables: [{ ...X, rows: [["1", ["b", "2"]]] }],
    hiddenParameters: [],
  });
  assert.equal(document.problems.length, 2);
});

const damaging: [string, string, Record<string, number[]>][] = [
  ["a row with a value too few", `${HEAD}X 0 = 1;\nX 1 = 1, 2;`, { X: [3] }],
  ["a row whose quote never closes", `${HEAD}X 0 = 1, "2;\nX 1 = 1, 2;`, { X: [3] }],
  ["a row broken over two lines", `${HEAD}X 0 = "a\nb", 2;\nX 1 = 1, 2;`, { X: [3, 4] }],
  [
    "a row whose second half looks like a parameter",
    `${HEAD}X 0 = "a\nb = c", 2;\nX 1 = 1, 2;`,
    { X: [3, 5] },
  ],
  ["a row in another table", `${HEAD}Y 5 = 1, 2;\n`, { X: [3], Y: [3] }],
  ["a FORMAT line that cannot be read", "[ X ]\nFORMAT Index A, B;\nX 0 = 1, 2;\n", { X: [2, 3] }],
  ["a column that is none", "[ X ]\nFORMAT Index = A!, B;\nX 0 = 1, 2;\n", { X: [2] }],
  ["a column twice", "[ X ]\nFORMAT Index = A, A;\nX 0 = 1, 2;\n", { X: [2] }],
  ["a broken section line", "[ X\nFORMAT Index = A, B;\nX 0 = 1, 2;\n", { X: [3] }],
];

for (const [what, text, expected] of damaging) {
  test(`a table that must not be sent back: ${what}`, () => {
    const lost: Record<string, number[]> = {};
    for (const { name, unreadable } of parseIni(text).tables) {
      lost[name] = [...(lost[name] ?? []), ...unreadable];
    }
    assert.deepEqual(lost, expected);
  });
}
