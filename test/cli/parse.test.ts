import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { CliSyntaxError } from "../../src/cli/errors";
import { faultOf, scanLines } from "../../src/cli/lines";
import { isDeviceError } from "../../src/device/errors";
import { flatScripts, indentedScripts, linesOf, read, shortly, style, write } from "./scripts";

const refused = (text: string, line: number, column: number, words: RegExp) =>
  assert.throws(
    () => read(text),
    (error: unknown) => {
      assert.ok(error instanceof CliSyntaxError);
      assert.equal(error.code, "MEDIANT_CLI_SYNTAX");
      assert.equal(isDeviceError(error), true, "known as ours across copies of the package");
      assert.equal(error.stack, `CliSyntaxError: ${error.message}`);
      assert.deepEqual([error.line, error.column], [line, column]);
      assert.match(error.message, new RegExp(`^script line ${line}, column ${column}: `));
      assert.match(error.message, words);
      return true;
    },
  );

test("rows with one space, activate and exit, the last exit missing", () => {
  const text =
    'configure network\r\n nat-translation 0\r\n src-interface-name "WAN"\r\n src-start-port "5061"\r\n activate\r\n exit\r\n' +
    ' nat-translation 1\r\n src-interface-name "LAN if"\r\n activate\r\n exit';
  assert.deepEqual(shortly(read(text)), [
    "+configure network",
    "+configure network / nat-translation 0",
    "configure network / nat-translation 0 / src-interface-name WAN",
    "configure network / nat-translation 0 / src-start-port 5061",
    "+configure network / nat-translation 1",
    'configure network / nat-translation 1 / src-interface-name "LAN if"',
  ]);
});

test("a sub-mode without any exit, blank lines between", () => {
  const text = "configure system\n\n  automatic-update\n\n    firmware http://host/a.cmp\n";
  assert.deepEqual(shortly(read(text)), [
    "+configure system",
    "+configure system / automatic-update",
    "configure system / automatic-update / firmware http://host/a.cmp",
  ]);
});

test("rows inside rows, in a device's own layout and flat", () => {
  const indented = `# Running Configuration
## VoIP Configuration
configure voip
    proxy-set 1
        proxy-name "PS"
        activate
        proxy-ip 0
            proxy-address "192.0.2.1:5060"
            activate
        exit
        proxy-ip 1
            proxy-address "192.0.2.2:5060"
            activate
        exit
    exit
    ip-group 0
        name "IPG"
        activate
    exit
exit
`;
  const flat = indented.replaceAll(/^ +/gm, "");
  const expected = [
    "+configure voip",
    "+configure voip / proxy-set 1",
    "configure voip / proxy-set 1 / proxy-name PS",
    "+configure voip / proxy-set 1 / proxy-ip 0",
    "configure voip / proxy-set 1 / proxy-ip 0 / proxy-address 192.0.2.1:5060",
    "+configure voip / proxy-set 1 / proxy-ip 1",
    "configure voip / proxy-set 1 / proxy-ip 1 / proxy-address 192.0.2.2:5060",
    "+configure voip / ip-group 0",
    "configure voip / ip-group 0 / name IPG",
  ];
  assert.deepEqual(shortly(read(indented)), expected);
  assert.deepEqual(shortly(read(flat)), expected);
});

test("a field that has the name of a row stays a field where the row is indented or ended by its exit", () => {
  const expected = [
    "+configure voip",
    "+configure voip / sip-interface 0",
    "configure voip / sip-interface 0 / srd 1",
  ];
  assert.deepEqual(
    shortly(read("configure voip\n sip-interface 0\n  srd 1\n  activate\n exit\nexit\n")),
    expected,
  );
  refused(
    "configure voip\nsip-interface 0\nsrd 1\nudp-port 5060\nactivate\nexit\n",
    3,
    1,
    /`srd` may be a field/,
  );
});

test("a flat row ends at the next row after activate, and at a row of its own table", () => {
  assert.deepEqual(
    shortly(read("configure voip\nproxy-set 1\nproxy-name A\nactivate\nip-group 1\nname B\nactivate\n")),
    [
      "+configure voip",
      "+configure voip / proxy-set 1",
      "configure voip / proxy-set 1 / proxy-name A",
      "+configure voip / ip-group 1",
      "configure voip / ip-group 1 / name B",
    ],
  );
  assert.deepEqual(shortly(read("configure voip\nproxy-set 1\nproxy-name A\nproxy-set 2\nproxy-name B\n")), [
    "+configure voip",
    "+configure voip / proxy-set 1",
    "configure voip / proxy-set 1 / proxy-name A",
    "+configure voip / proxy-set 2",
    "configure voip / proxy-set 2 / proxy-name B",
  ]);
});

test("a flat row of an unknown table is found by its activate and exit", () => {
  const expected = [
    "+configure voip",
    "+configure voip / tomorrow 0",
    "configure voip / tomorrow 0 / name A",
    "configure voip / tomorrow 0 / port 5060",
    "+configure voip / tomorrow 1",
    "configure voip / tomorrow 1 / name B",
    "configure voip / tomorrow 1 / port 5061",
  ];
  const rows = (end: string) =>
    `configure voip\ntomorrow 0\nname A\nport "5060"\n${end}tomorrow 1\nname B\nport "5061"\n${end}exit\n`;
  assert.deepEqual(shortly(read(rows("activate\nexit\n"))), expected);
  assert.deepEqual(shortly(read(rows("exit\n"))), expected);
  assert.deepEqual(
    shortly(read(rows("exit\n").replaceAll('"', ""))),
    expected,
    "the next row repeats the words",
  );
  assert.deepEqual(shortly(read(rows("activate\nexit\n").replaceAll('"', ""))), expected);
  const one = ["+configure voip", "+configure voip / tomorrow 0", "configure voip / tomorrow 0 / port 5060"];
  assert.deepEqual(
    shortly(read('configure voip\ntomorrow 0\nport "5060"\nactivate\n')),
    one,
    "digits in quotes",
  );
  assert.deepEqual(shortly(read('configure voip\ntomorrow 0\nport "5060"\nexit\nexit\n')), one, "two exits");
});

test("interfaces of a router open by their name and port, a user only where there are users", () => {
  const data =
    "configure data\ninterface GigabitEthernet 0/0\nip address 192.0.2.1 255.255.255.0\nexit\nexit\n";
  assert.deepEqual(shortly(read(data)), [
    "+configure data",
    "+configure data / interface GigabitEthernet 0/0",
    "configure data / interface GigabitEthernet 0/0 / ip address 192.0.2.1 255.255.255.0",
  ]);
  assert.deepEqual(shortly(read("configure voip\nuser Bob\nexit\n")), [
    "+configure voip",
    "configure voip / user Bob",
  ]);
  assert.deepEqual(shortly(read("configure system\nuser Bob\nexit\nexit\n")), [
    "+configure system",
    "+configure system / user Bob",
  ]);
});

test("what may be read in two ways is refused with its place", () => {
  refused(
    "configure voip\nsetting 5\ntomorrow 0\nname A\nactivate\nexit\n",
    5,
    1,
    /\(the first is line 2\): indent/,
  );
  refused("configure voip\n  name A\n  activate\n", 3, 3, /no line above opens the row/);
  refused("configure voip\nname A\nexit\nname B\n", 4, 1, /outside of every mode: the `exit` of line 3/);
  refused(" proxy-set 1\n", 1, 2, /begin with `configure <mode>`/);
  refused("configure voip\r\r\nexit\r\r\nname B\r\r\n", 3, 1, /outside of every mode/);
  refused("configure voip\nexit\nexit\nname B\n", 4, 1, /the `exit` of line 2 ended the mode/);
  refused("configure voip\n\n# a note\n\nexit\nname B\n", 6, 1, /the `exit` of line 5/);
  refused(
    "configure voip\nsip-interface 0\nactivate\nport 5\nsrd 1\nactivate\n",
    5,
    1,
    /`srd` may be a field/,
  );
  refused("configure system\nfoo\nbar\nexit\nfoo\nbar\nexit\n", 4, 1, /the first is line 2/);
  refused('configure voip\n name "\n', 2, 7, /never closed/);
  refused("configure ne\n", 1, 1, /takes one of/);
  refused("configure viop\n", 1, 1, /takes one of system, network, voip, troubleshoot, data/);
  refused('configure voip\n name "A\n', 2, 7, /never closed/);
  refused('configure voip\n name "A"B"\n', 2, 9, /no escape/);
  refused('configure voip\n name A"B\n', 2, 8, /quote inside a word/);
  refused('configure voip\n "name" A\n', 2, 2, /begins with the name of a command/);
  refused("configure voip\n no\n", 2, 2, /needs the name/);
  refused("configure voip\n name A;B\n", 2, 8, /';' outside of quotes: a value takes quotes/);
  refused("configure voip\n name A ; a note\n", 2, 9, /a comment a line of its own/);
  refused(
    "configure network foo 0\n",
    1,
    1,
    /one command a line: `configure network` takes a line of its own/,
  );
  refused("configure system ntp primary-server 192.0.2.1\n", 1, 1, /one command a line/);
  refused("conf t\n", 1, 1, /takes one of system, network, voip, troubleshoot, data, in full/);
});

test("what people shorten or write on one line is read as what it can only mean", () => {
  const long = "configure network\n interface network-if 0\n  prefix-length 24\n exit\nexit\n";
  for (const short of [
    "config network\n interface network-if 0\n  prefix-length 24\n",
    "CONF Net\n interface network-if 0\n  prefix-length 24\n",
    "configure network interface network-if 0\nprefix-length 24\nactivate\n",
    "configure network interface network-if 0\n prefix-length 24\n exit\nexit\n",
    "conf netw Interface network-if 0\n prefix-length 24\n",
  ])
    assert.deepEqual(read(short), read(long), short);
  assert.deepEqual(shortly(read("configure system ntp\n primary-server 192.0.2.1\n")), [
    "+configure system",
    "+configure system / ntp",
    "configure system / ntp / primary-server 192.0.2.1",
  ]);
});

test("what a device exports is never taken for an abbreviation", () => {
  const text = "configure system\n config 5\n conf t\nexit\n";
  assert.deepEqual(shortly(read(text, { tolerant: true })), [
    "+configure system",
    "configure system / config 5",
    "configure system / conf t",
  ]);
});

test("the mode's own exit opens nothing, and an exit too many does no harm", () => {
  assert.deepEqual(shortly(read("configure system\nretries 5\nhostname sbc\nexit\nshow system uptime\n")), [
    "+configure system",
    "configure system / retries 5",
    "configure system / hostname sbc",
  ]);
  assert.equal(read("configure system\nhostname sbc\nexit\nexit\n").lines.length, 2);
  assert.equal(read("configure system\nactivate\nhostname sbc\nexit\n").lines.length, 2);
  // What runs outside of modes only goes on with nothing in this one.
  assert.deepEqual(shortly(read("configure system\nretries 5\nhostname sbc\nexit\nenable\n")), [
    "+configure system",
    "configure system / retries 5",
    "configure system / hostname sbc",
  ]);
});

test("an indentation counts in columns, a tab reaching the next multiple of 8", () => {
  const text =
    "configure voip\n        tomorrow 1\n\t  name A\n    \ttomorrow 2\n         \tname B\n\t name C\n";
  assert.deepEqual(shortly(read(text)), [
    "+configure voip",
    "+configure voip / tomorrow 1",
    "configure voip / tomorrow 1 / name A",
    "+configure voip / tomorrow 2",
    "configure voip / tomorrow 2 / name B",
    "configure voip / tomorrow 2 / name C",
  ]);
});

test("an `activate` or `exit` that stands deeper than a field of flat text makes no row of the field", () => {
  const expected = [
    "+configure voip",
    "+configure voip / proxy-set 1",
    "configure voip / proxy-set 1 / proxy-name A",
  ];
  for (const end of [" activate\nexit\n", "  exit\n"])
    assert.deepEqual(shortly(read(`configure voip\nproxy-set 1\nproxy-name A\n${end}`)), expected, end);
  assert.deepEqual(shortly(read("configure voip\ntomorrow A\n  name A\n")), [
    "+configure voip",
    "+configure voip / tomorrow A",
    "configure voip / tomorrow A / name A",
  ]);
  assert.deepEqual(shortly(read("configure voip\n tomorrow 0\n  activate\n exit\nexit\n")), [
    "+configure voip",
    "+configure voip / tomorrow 0",
  ]);
});

test("a row inside of a row begins in it without `activate`, be it empty or the second of its kind", () => {
  const expected = [
    "+configure voip",
    "+configure voip / proxy-set 1",
    "+configure voip / proxy-set 1 / proxy-ip 0",
  ];
  for (const text of ["proxy-set 1\nproxy-ip 0\nexit\nexit\n", " proxy-set 1\n  proxy-ip 0\n exit\nexit\n"])
    assert.deepEqual(shortly(read(`configure voip\n${text}`)), expected, text);
  const realm =
    "realm 0\nname A\nactivate\nremote-media-subnet 0\nname B\nactivate\nrealm-extension 1\nname C\nactivate\n";
  assert.deepEqual(shortly(read(`configure voip\n${realm}`)).slice(2), [
    "configure voip / realm 0 / name A",
    "+configure voip / realm 0 / remote-media-subnet 0",
    "configure voip / realm 0 / remote-media-subnet 0 / name B",
    "+configure voip / realm 0 / realm-extension 1",
    "configure voip / realm 0 / realm-extension 1 / name C",
  ]);
});

test("a field that begins like a row, without a bare index at its end, is a field", () => {
  assert.deepEqual(
    shortly(read("configure voip\nsip-interface 0\nsrd Default\nsrd 1 2\nactivate\nexit\n")).slice(2),
    ["configure voip / sip-interface 0 / srd Default", "configure voip / sip-interface 0 / srd 1 2"],
  );
  const learned =
    "configure voip\nnew group 0\nname A\nactivate\nexit\nnew group 1\nname B\nactivate\nexit\n";
  assert.deepEqual(shortly(read(`${learned}new other 3\nnew group off\n`)).slice(5), [
    "configure voip / new other 3",
    "configure voip / new group off",
  ]);
  assert.deepEqual(shortly(read("configure data\ninterface\nexit\n")).slice(1), [
    "configure data / interface",
  ]);
});

test("`display` alone asks in a row only, and so does no line that has it in quotes or before the end", () => {
  const { queries, lines } = read(
    "configure network\n display\n interface network-if 0\n  display\n  display 5\n",
  );
  assert.deepEqual(queries, [
    { mode: ["configure network", "interface network-if 0"], text: "display", at: 3 },
  ]);
  assert.deepEqual(
    lines.slice(1).map(({ name, args }) => [name, ...args]),
    [["display"], ["interface network-if", "0"], ["display", "5"]],
  );
  assert.deepEqual(read('configure system\n name "display\nexit\n', { tolerant: true }).queries, []);
});

test("a text may begin with a byte order mark, and a quote that is never closed loses nothing", () => {
  assert.deepEqual(shortly(read("\uFEFFconfigure system\n hostname a\n")), [
    "+configure system",
    "configure system / hostname a",
  ]);
  const { lines } = read('configure system\n name "A\n note "\nexit\n', { tolerant: true });
  assert.deepEqual(
    lines.slice(1).map(({ args }) => args),
    [["A"], [""]],
  );
});

test("a `;` outside of quotes is told apart from other faults, for it may begin a comment", () => {
  const faults = scanLines('a b;c\na b"c').map(faultOf);
  assert.deepEqual(
    faults.map((fault) => [fault?.column, fault?.semicolon]),
    [
      [4, true],
      [4, undefined],
    ],
  );
});

test("what opens with an index at its end is a row, anything else a sub-mode", () => {
  const { lines } = read("configure voip\n tomorrow A\n  x 1\n tomorrow 3\n  x 1\n tomorrow\n  x 1\n");
  assert.deepEqual(
    lines.flatMap(({ opens }) => opens ?? []),
    ["submode", "submode", "row", "submode"],
  );
});

test("no, queries and rows named by a word", () => {
  const script = read(
    'configure system\n user "John Smith"\n  privilege admin\n exit\n no user Bob\n do show users\nexit\nshow  users "a b"\n' +
      "configure network\n interface network-if display\n no Interface Network-If 2\nexit\n",
  );
  assert.deepEqual(shortly(script), [
    "+configure system",
    '+configure system / user "John Smith"',
    'configure system / user "John Smith" / privilege admin',
    "configure system / no user Bob",
    "+configure network",
    "configure network / no interface network-if 2",
  ]);
  assert.deepEqual(script.queries, [
    { mode: [], text: "do show users", at: 4 },
    { mode: [], text: 'show users "a b"', at: 4 },
    { mode: ["configure network"], text: "interface network-if display", at: 5 },
  ]);
});

test("what old firmware appends to an export is passed over", () => {
  const text = "configure system\n hostname sbc\nexit\nGET /topAreaStaus.json\n";
  assert.equal(read(text, { tolerant: true }).lines.length, 2);
});

test("an indented script says the same in every way of writing it", () => {
  fc.assert(
    fc.property(indentedScripts, style([1, 2, 4]), (script, how) => {
      assert.deepEqual(read(write(script, how)).lines, linesOf(script));
    }),
    { numRuns: 200 },
  );
});

test("a flat script says the same in every way of writing it", () => {
  fc.assert(
    fc.property(flatScripts, style([0]), (script, how) => {
      assert.deepEqual(read(write(script, how)).lines, linesOf(script));
    }),
    { numRuns: 200 },
  );
});

/** Text that is nearly a script, and text that is nothing of the kind. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        ..."configure voip,configure,exit,activate,no,no x,proxy-set 1,proxy-ip 0,srd 1,tomorrow 3,a b,a 5,word".split(
          ",",
        ),
        ...'show x,do show,x display,copy a b,user "a b",ntp,"q" 1,a "b"c",a "b,a "b c" d,#x,;,  ,\t,\r,interface display'.split(
          ",",
        ),
      ),
      { maxLength: 40 },
    )
    .chain((lines) =>
      fc
        .array(fc.nat(5), { minLength: lines.length, maxLength: lines.length })
        .map((indents) => lines.map((line, i) => " ".repeat(indents[i] ?? 0) + line).join("\n")),
    ),
);

test("no text makes the parser throw anything but its own error, and none at all when tolerant", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      read(text, { tolerant: true });
      try {
        assert.deepEqual(read(text), read(text, { tolerant: true }), "strict and tolerant agree");
      } catch (error) {
        if (!(error instanceof CliSyntaxError)) throw error;
      }
    }),
    { numRuns: 1000 },
  );
});

test("a long text takes steps in proportion to its length", () => {
  const worst = [
    "configure voip\n",
    "configure voip\ntomorrow 0\nport 5\nactivate\nexit\n",
    "a 5\n",
    "exit\n",
    "name A\nactivate\n",
    "proxy-set 1\n",
    "activate\n",
    '"',
    '" ',
    "\r",
    "configure voip\nx 5\nexit\nexit\nexit\n",
  ];
  for (const part of worst) {
    const steps = (times: number): number => {
      const meter = { steps: 0 };
      read(`configure voip\n${part.repeat(times)}`, { tolerant: true, meter });
      return meter.steps;
    };
    assert.ok(steps(400) <= 4.2 * steps(100), part);
  }
});

test("a text that goes ever deeper is read as deep as a device could be", () => {
  const deep = Array.from({ length: 1000 }, (_, i) => `${" ".repeat(i + 1)}a ${i}`).join("\n");
  const { lines } = read(`configure voip\n${deep}`);
  assert.equal(lines.length, 1001);
  assert.equal(Math.max(...lines.map((line) => line.mode.length)), 8);
});
