import * as c from "./conditions";
import { spoilt } from "./conditions";

/*
 * The fault matrix: what becomes of every operation under every fault. The tests hold the package to it, and
 * `docs/reliability.md` is made of it.
 */

/** What may become of an operation. */
export type Verdict =
  /** It goes well, after waiting or asking again if need be: the device holds what was asked, and it is saved. */
  | "converges"
  /** It fails, and the device is as it was. The next run does it. */
  | "unchanged"
  /** It fails, and the device may hold some or all of it. The error says so, and the next run finishes it. */
  | "told"
  /** As `told`, but the next run refuses by itself to do again what resets the device: a person says that it may. */
  | "told once";

export interface Fault {
  /** What happens, in words. */
  title: string;
  condition: c.Condition;
  /** What the error of an operation that fails says. */
  says: RegExp;
  verdict: Verdict;
  /** Operations with another verdict, by their titles: the first pattern that fits counts. */
  but?: [operations: RegExp, verdict: Verdict][];
  /** Operations for which it is no fault, and why. */
  without?: [operations: RegExp, reason: string][];
  /** Too long for the ordinary suite. */
  isLong?: true;
}

export interface Group {
  title: string;
  faults: Fault[];
}

const EVER = Number.POSITIVE_INFINITY;
const ANY = /./;

const fault = (
  title: string,
  condition: c.Condition,
  verdict: Verdict,
  says: RegExp = ANY,
  ...but: [RegExp, Verdict][]
): Fault => ({ title, condition, verdict, says, but });

/** Only what uploads a body can be cut in it. */
const uploading = (given: Fault): Fault => ({
  ...given,
  without: [[/^(SavedConfiguration|DeviceReset) /, "it uploads nothing"]],
});

/** Loads of a whole configuration: what they tried stays in the state, so that it is seen whether it came true. */
const WHOLE_LOAD = /^Full\w+ (create|update)/;
/** They send their write once: a second one would reset the device again, or it cannot be seen what the first did. */
const SENT_ONCE = /^(SoftwareLoad|AuxiliaryFile|DeviceReset) /;
/** What fails with an unknown outcome, and leaves a state that needs no mark: all of it is asked for again. */
const ASKED_AGAIN =
  /^(SavedConfiguration|SoftwareLoad|AuxiliaryFile|DeviceReset) |delete$|^(show|probe|restore)$/;
/** They send once, and put back what they wrote. */
const SHOW_OR_PROBE = /^(show|probe)$/;
const LISTS = /^get(Alarms|PerformanceMonitors|Api)$/;
/** Their answers are JSON. */
const JSON_READERS =
  /^(get(Status|Alarms|PerformanceMonitors|License|Api)|assertHealthy)$|^(SoftwareLoad|DeviceLicense) /;

const refusedStatus: [number, RegExp][] = [
  [400, /400 Bad Request/],
  [401, /401 Unauthorized: check username and password/],
  [403, /403 Forbidden/],
  [404, /404 Not Found|has no/],
  [405, /405 Method Not Allowed/],
  [406, /406 Not Acceptable/],
];

const ERRORS: Group = {
  title: "The device answers with an error",
  faults: [
    ...refusedStatus.map(([status, says]) => ({
      ...fault(`${status} to every read`, c.answers("reads", status), "unchanged", says),
      without: (status === 404
        ? [[/^getApi$/, "a part of the API that a firmware lacks is none to it"]]
        : []) as Fault["without"],
    })),
    fault("500 to every read", c.answers("reads", 500), "unchanged", /500 Internal Server Error/),
    fault("503 to every read", c.answers("reads", 503), "unchanged", /503 Service Unavailable/),
    fault("500 to the first read", c.answers("reads", 500, 1), "converges", ANY, [/^doctor$/, "unchanged"]),
    fault("503 to the first read", c.answers("reads", 503, 1), "converges", ANY, [/^doctor$/, "unchanged"]),
    ...refusedStatus.map(([status, says]) =>
      fault(
        `${status} to the write`,
        c.answers("write", status),
        "unchanged",
        says,
        ...(status === 400 ? [] : [[WHOLE_LOAD, "told"] as [RegExp, Verdict]]),
      ),
    ),
    fault("409 to the write, three times", c.conflicts("write", 3), "converges"),
    fault("409 to the write, for ever", c.conflicts("write", EVER), "unchanged", /409 Conflict/, [
      WHOLE_LOAD,
      "told",
    ]),
    fault("500 to the write, for ever", c.answers("write", 500), "told", /500 Internal Server Error/, [
      ASKED_AGAIN,
      "unchanged",
    ]),
    fault("503 to the write, for ever", c.answers("write", 503), "told", /503 Service Unavailable/, [
      ASKED_AGAIN,
      "unchanged",
    ]),
    fault(
      "500 to the write, once",
      c.answers("write", 500, 1),
      "converges",
      /500 Internal Server Error/,
      [SENT_ONCE, "unchanged"],
      [WHOLE_LOAD, "told"],
      [/^show$/, "unchanged"],
    ),
    fault(
      "503 to the write, once",
      c.answers("write", 503, 1),
      "converges",
      /503 Service Unavailable/,
      [SENT_ONCE, "unchanged"],
      [WHOLE_LOAD, "told"],
      [/^show$/, "unchanged"],
    ),
    fault(
      "500 to the write, although it was done",
      c.spoils("write", spoilt.failure, 1),
      "converges",
      /500 Internal Server Error/,
      [/^AuxiliaryFile/, "told"],
      [/^show$/, "unchanged"],
    ),
    ...([400, 401, 403, 404] as const).map((status) =>
      fault(
        `${status} to the save`,
        c.answers("save", status),
        "told",
        new RegExp(`saveConfiguration: ${status}`),
      ),
    ),
    fault("500 to the save, for ever", c.answers("save", 500), "told", /not known if [^:]*: 500/),
    fault("503 to the save, for ever", c.answers("save", 503), "told", /not known if [^:]*: 503/),
    fault("500 to the save, once", c.answers("save", 500, 1), "converges"),
    fault("409 to the save, three times", c.conflicts("save", 3), "converges"),
    fault("409 to the save, for ever", c.conflicts("save", EVER), "told", /409 Conflict/),
    fault(
      "403 to every read after the write",
      c.afterWrite(c.answers("reads", 403)),
      "told",
      /403 Forbidden/,
      [/^SavedConfiguration create/, "unchanged"],
      [/^SavedConfiguration update/, "converges"],
    ),
    fault(
      "500 to every read after the write",
      c.afterWrite(c.answers("reads", 500)),
      "told",
      /500 Internal Server Error/,
      [/^SavedConfiguration create/, "unchanged"],
      [/^SavedConfiguration update/, "converges"],
    ),
    fault("500 to the first read after the write", c.afterWrite(c.answers("reads", 500, 1)), "converges"),
  ],
};

const CUT = /connection broke|no answer/;
const CUT_SAVE = /not known if [^:]*: (?:the connection broke|no answer)/;

const CONNECTION: Group = {
  title: "The connection",
  faults: [
    fault("refused for a while", c.refused(false), "converges", ANY, [/^doctor$/, "unchanged"]),
    fault("refused for good", c.refused(true), "unchanged", /no connection \(ECONNREFUSED\)/),
    fault("cut before the first read is answered", c.cutsBefore("reads", 1), "converges", ANY, [
      /^doctor$/,
      "unchanged",
    ]),
    fault("cut before each read is answered", c.cutsBefore("reads"), "unchanged", CUT),
    fault("cut in the middle of the first answer", c.cutsInAnswer("reads", 1), "converges", ANY, [
      /^doctor$/,
      "unchanged",
    ]),
    fault("cut in the middle of each answer to a read", c.cutsInAnswer("reads"), "unchanged", CUT),
    fault("the first read is never answered", c.hangs("reads", 1), "converges", ANY, [
      /^doctor$/,
      "unchanged",
    ]),
    fault("no read is ever answered", c.hangs("reads"), "unchanged", /no answer/),
    fault(
      "cut before the write is done, once",
      c.cutsBefore("write", 1),
      "converges",
      CUT,
      [WHOLE_LOAD, "told"],
      [/^DeviceReset/, "unchanged"],
      [SHOW_OR_PROBE, "unchanged"],
    ),
    fault("cut before the write is done, each time", c.cutsBefore("write"), "told", CUT, [
      ASKED_AGAIN,
      "unchanged",
    ]),
    uploading(
      fault(
        "cut in the middle of the upload, once",
        c.cutsUpload(1),
        "converges",
        CUT,
        [WHOLE_LOAD, "told"],
        [SHOW_OR_PROBE, "unchanged"],
      ),
    ),
    uploading(
      fault("cut in the middle of the upload, each time", c.cutsUpload(), "told", CUT, [
        ASKED_AGAIN,
        "unchanged",
      ]),
    ),
    fault("cut after the write was done, once", c.cutsAfter("write", 1), "converges", CUT, [
      SHOW_OR_PROBE,
      "unchanged",
    ]),
    fault(
      "cut after the write was done, each time",
      c.cutsAfter("write"),
      "converges",
      CUT,
      [/^(IncrementalIniConfig update|AuxiliaryFile|probe$)/, "told"],
      [/^(SavedConfiguration|show)/, "unchanged"],
    ),
    fault("cut in the middle of the answer to the write", c.cutsInAnswer("write", 1), "converges", ANY, [
      /^show$/,
      "unchanged",
    ]),
    fault(
      "the write is not done and never answered, once",
      c.hangs("write", 1),
      "converges",
      /no answer/,
      [/^DeviceReset/, "unchanged"],
      [WHOLE_LOAD, "told"],
      [SHOW_OR_PROBE, "unchanged"],
    ),
    fault("the write is not done and never answered, each time", c.hangs("write"), "told", /no answer/, [
      ASKED_AGAIN,
      "unchanged",
    ]),
    fault(
      "cut in each read after the write",
      c.afterWrite(c.cutsBefore("reads")),
      "told",
      CUT,
      [/^SavedConfiguration create/, "unchanged"],
      [/^SavedConfiguration update/, "converges"],
    ),
    fault("cut in the first read after the write", c.afterWrite(c.cutsInAnswer("reads", 1)), "converges"),
    fault("cut before the save is done, once", c.cutsBefore("save", 1), "converges"),
    fault("cut before the save is done, each time", c.cutsBefore("save"), "told", CUT_SAVE),
    fault("cut after the save was done", c.cutsAfter("save", 1), "converges"),
    fault("the save is not done and never answered, once", c.hangs("save", 1), "converges"),
  ],
};

const NOT_WHOLE = /answer is no|no whole|cannot be decoded|connection broke|no status|no licence|no list|not/;

const ANSWERS: Group = {
  title: "The answer is not what it should be",
  faults: [
    fault("half of the document, always", c.spoils("document", spoilt.half), "unchanged", NOT_WHOLE),
    fault("half of the document, once", c.spoils("document", spoilt.half, 1), "converges", ANY, [
      /^doctor$/,
      "unchanged",
    ]),
    fault(
      "half of the document on a connection that closes",
      c.spoils("document", spoilt.halfThatCloses),
      "unchanged",
      NOT_WHOLE,
    ),
    fault(
      "the document cut between two of its parts, once",
      c.spoils("document", spoilt.between, 1),
      "converges",
      ANY,
      [/^probe$/, "unchanged"],
    ),
    {
      ...fault("an empty document", c.spoils("document", spoilt.empty), "unchanged", NOT_WHOLE),
      without: [[LISTS, "an empty answer is an empty list"]],
    },
    {
      ...fault(
        "204 in place of the document",
        c.spoils("document", spoilt.noContent),
        "unchanged",
        NOT_WHOLE,
      ),
      without: [[LISTS, "an empty answer is an empty list"]],
    },
    fault("prose in place of the document", c.spoils("document", spoilt.prose), "unchanged", NOT_WHOLE),
    fault("a login page to every read, with 200", c.spoils("reads", spoilt.login), "unchanged", NOT_WHOLE),
    fault(
      "a login page to the first read, with 200",
      c.spoils("reads", spoilt.login, 1),
      "unchanged",
      NOT_WHOLE,
      [
        /^(CliScriptConfig|AuxiliaryFile) create|^get(Ini|Cli|Alarms|Perf|Api)|^(generate|restore)$/,
        "converges",
      ],
    ),
    fault(
      "the document with the type of a web page",
      c.spoils("document", spoilt.wrongType),
      "unchanged",
      /web page/,
      [JSON_READERS, "converges"],
    ),
    fault("the document compressed, unasked", c.spoils("document", spoilt.zipped), "converges"),
    fault(
      "the document compressed, and not said so",
      c.spoils("document", spoilt.zippedSilently),
      "unchanged",
      NOT_WHOLE,
    ),
    fault(
      "the document compressed, and cut",
      c.spoils("document", spoilt.zippedHalf),
      "unchanged",
      /gzip encoding is cut or damaged/,
    ),
    fault("a Content-Length that is too long", c.spoils("document", spoilt.tooLong), "unchanged", CUT),
    fault(
      "a Content-Length that is too short",
      c.spoils("document", spoilt.tooShort),
      "unchanged",
      NOT_WHOLE,
    ),
    {
      ...fault("100 MB in place of the document", c.spoils("document", spoilt.huge), "unchanged", /too long/),
      isLong: true,
    },
    fault("the head of an answer comes late", c.spoils("reads", spoilt.slowHead, 2), "converges"),
    fault("the document comes slowly", c.spoils("document", spoilt.slowBody, 1), "converges"),
    fault("the document comes byte by byte and takes for ever", c.trickles, "unchanged", /too slowly/),
    {
      ...fault("204 to the write", c.spoils("write", spoilt.noContent), "converges"),
      without: [[/^show$/, "what is answered is what was printed"]],
    },
    {
      ...fault("an empty answer to the write", c.spoils("write", spoilt.empty), "converges"),
      without: [[/^show$/, "what is answered is what was printed"]],
    },
    {
      ...fault("prose in answer to the write", c.spoils("write", spoilt.prose), "converges"),
      without: [[/^show$/, "what is answered is what was printed"]],
    },
    fault(
      "a login page in answer to the write, which was done",
      c.spoils("write", spoilt.login),
      "converges",
      /web page/,
      [/^(IncrementalIniConfig update|AuxiliaryFile)/, "told"],
      [/^(SavedConfiguration|show)/, "unchanged"],
    ),
    fault(
      "a login page in answer to the write, which was not done, once",
      c.pretends("write", spoilt.login, 1),
      "converges",
      /web page|before it had the whole file/,
      [/^(AuxiliaryFile|DeviceReset|show)/, "unchanged"],
      [WHOLE_LOAD, "told"],
    ),
    fault(
      "a login page in answer to the write, never done",
      c.pretends("write", spoilt.login),
      "told",
      /web page|before it had the whole file/,
      [ASKED_AGAIN, "unchanged"],
    ),
    fault(
      "a login page in answer to the save, which was not done, once",
      c.pretends("save", spoilt.login, 1),
      "converges",
    ),
    fault(
      "a login page in answer to the save, never done",
      c.pretends("save", spoilt.login),
      "told",
      /web page/,
    ),
    fault("204 to the save", c.spoils("save", spoilt.noContent), "converges"),
  ],
};

const TLS: Group = {
  title: "TLS",
  faults: [
    fault("the certificate has expired", c.expired, "unchanged", /CERT_HAS_EXPIRED/),
    fault("the certificate is for another name", c.wrongName, "unchanged", /certificate is for another name/),
    fault(
      "the certificate is of an unknown authority",
      c.untrusted,
      "unchanged",
      /certificate is not trusted/,
    ),
    fault(
      "the certificate is not the pinned one",
      c.wrongPin,
      "unchanged",
      /certificate is not the pinned one/,
    ),
    fault("the port speaks no TLS", c.speaksNoTls, "unchanged", /TLS handshake failed/),
  ],
};

/** They never send a file or a save again to a device that started anew: it may be another one than they looked at. */
const RESTARTED = /^(SoftwareLoad|AuxiliaryFile) |^SavedConfiguration update/;

const RESETS: Group = {
  title: "The device starts anew",
  faults: [
    {
      ...fault("while the document is read", c.loses("document", "before", c.resets), "converges", ANY, [
        /^doctor$/,
        "unchanged",
      ]),
      without: [[/^getAlarms$/, "a device that starts anew has no alarms"]],
    },
    fault(
      "before the write is done",
      c.loses("write", "before", c.resets),
      "converges",
      /restarted|anew|connection broke|not as it was/,
      [RESTARTED, "unchanged"],
      [/^show$/, "unchanged"],
      [/^probe$/, "told"],
    ),
    fault(
      "after the write was done, so that it is lost",
      c.loses("write", "after", c.resets),
      "converges",
      /restart|it is not known if the device did it/,
      [/^SavedConfiguration update/, "unchanged"],
      [/^show$/, "unchanged"],
      [/^probe$/, "told"],
    ),
    fault(
      "before the save is done, so that the change is lost",
      c.loses("save", "before", c.resets),
      "told",
      /restarted/,
    ),
    fault("after the save was done", c.loses("save", "after", c.resets), "told", /restarted/),
    {
      ...fault(
        "and comes back with another version, before the write",
        c.loses("write", "before", c.becomesAnotherVersion),
        "converges",
        /now runs 7\.20A|anew|connection broke/,
        [RESTARTED, "told"],
        [/^show$/, "told"],
      ),
      without: [[/^probe$/, "it learns of the firmware that is there"]],
    },
    fault(
      "and comes back with factory defaults, before the write",
      c.loses("write", "before", c.losesItsConfiguration),
      "converges",
      /restarted|anew|connection broke|not as it was/,
      [RESTARTED, "told"],
      [/^(show|probe)$/, "told"],
    ),
    fault(
      "and comes back with factory defaults, after the write",
      c.loses("write", "after", c.losesItsConfiguration),
      "converges",
      ANY,
      [/^SavedConfiguration update/, "told"],
      [WHOLE_LOAD, "told once"],
      [/^(show|probe)$/, "told"],
    ),
    fault(
      "it announces the reset that is asked for, and does not start anew",
      c.atReset({ goesDown: false }),
      "converges",
      /did not take it|did not start anew/,
      [/^SoftwareLoad/, "told once"],
      [/^DeviceReset/, "unchanged"],
    ),
    fault(
      "it never comes back from the reset that is asked for",
      c.atReset({ seconds: EVER }),
      "told",
      /did not come back/,
    ),
    fault(
      "it answers 401 at first when it is back",
      c.atReset({ early: { status: 401, times: 2 } }),
      "converges",
    ),
    fault(
      "it answers 503 at first when it is back",
      c.atReset({ early: { status: 503, times: 5 } }),
      "converges",
    ),
    fault(
      "another unit comes back from the reset that is asked for",
      c.duringReset(c.becomesAnotherUnit),
      "converges",
      /shows no key/,
      [/^DeviceLicense/, "told once"],
    ),
  ],
};

const DEVICE: Group = {
  title: "The device, and others who work on it",
  faults: [
    {
      ...fault(
        "its clock is 20 years ahead",
        c.changedDevice({ now: () => Date.now() + 20 * 365 * 86_400_000 }),
        "converges",
      ),
      without: [[/^doctor$/, "it says so, which is its work"]],
    },
    {
      ...fault("its clock is at 1970", c.changedDevice({ now: () => performance.now() }), "converges"),
      without: [[/^doctor$/, "it says so, which is its work"]],
    },
    fault("the account is locked", c.accountLocked, "unchanged", /401 Unauthorized/),
    {
      ...fault("another unit is in its place", c.anotherUnit, "converges", /another device answers/, [
        / update$|^(IncrementalIniConfig|CliScriptConfig) delete$/,
        "unchanged",
      ]),
      without: [
        [/ create$/, "it knows no unit yet"],
        [/^getLicense$|^DeviceLicense refresh$/, "a licence is that of its unit"],
      ],
    },
    fault(
      "somebody else writes between our read and our write",
      c.beside("write", "before", c.isChangedByHand),
      "converges",
      ANY,
      [/^probe$/, "told"],
    ),
    {
      ...fault(
        "somebody else writes between our write and our read",
        c.beside("write", "after", c.isChangedByHand),
        "converges",
        ANY,
        [/^probe$/, "told"],
      ),
      without: [[/^SavedConfiguration/, "its write is a save, which is over then"]],
    },
    fault(
      "the document changes after a read",
      c.beside("document", "after", c.isChangedByHand),
      "converges",
      ANY,
      [/^probe$/, "told"],
    ),
    fault("the write takes effect 2 s after its answer", c.late(2), "converges"),
    fault("the write takes effect 5 s after its answer", c.late(5), "converges"),
    fault(
      "it shows rows in the order in which they came",
      c.changedDevice({ rowOrder: "sent" }),
      "converges",
    ),
    fault("it ends its documents in a stray line", c.changedDevice({ noise: true }), "converges"),
    fault("it shows names in capitals", c.spoils("document", spoilt.upperCase), "converges"),
    fault(
      "it fills up addresses with zeros",
      c.spoils("document", spoilt.paddedAddresses),
      "converges",
      /its own word|still different/,
      [/^FullCliScriptConfig update/, "told"],
      [/^restore$/, "told"],
    ),
    fault("it obscures secrets anew in each document", c.changedDevice({ obscuring: "anew" }), "converges"),
  ],
};

const FILES: Group = {
  title: "Files of this machine",
  faults: [
    fault(
      "the file changes before it is sent",
      { place: "file", arm: c.changesFiles, heal: c.bringsFilesBack },
      "unchanged",
      /changed/,
    ),
    fault("the file changes while it is sent", c.changesWhileSent, "unchanged", /changed/),
  ],
};

/** The declaration. */
export const MATRIX: readonly Group[] = [ERRORS, CONNECTION, ANSWERS, TLS, RESETS, DEVICE, FILES];
