import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { DeviceSettings } from "../../src/declare/device";
import type { Simulator, SimulatorOptions, SpoiltAnswer, TlsIdentity } from "../../src/simulator";
import { expired as expiredIdentity, foreign, valid } from "./certificates";
import type { Operation } from "./operation";
import type { Stage } from "./stage";
import { ADMIN } from "./surroundings";
import { MS_A_SECOND } from "./time";

/*
 * How a fault is brought about on a simulated device. What becomes of it is declared in `matrix.ts`.
 */

/** Where a fault strikes; an operation without such a place cannot meet it. */
export type Place = "device" | "reads" | "document" | "write" | "read-back" | "save" | "reset" | "file";

/** What goes wrong, and how a simulated device is made to. */
export interface Condition {
  place: Place;
  options?: (kept: Stage["kept"]) => SimulatorOptions | Promise<SimulatorOptions>;
  /** How the device is reached while the fault is there. */
  settings?: (stage: Stage) => Partial<DeviceSettings> | Promise<Partial<DeviceSettings>>;
  arm?(stage: Stage, operation: Operation): void | Promise<void>;
  /** What ends it, beside the faults that are asked for. Default: power. */
  heal?(stage: Stage): void;
  /** How it is reached before and after. */
  healed?: Partial<DeviceSettings>;
  /** How many answers seem to be those of a write that was done and was not. */
  pretends?: number;
  /** The device loses what it held, so a write may go out again and rows of others may be put back. */
  loses?: true;
}

const EVER = Number.POSITIVE_INFINITY;
const SAVE = "POST /api/v1/actions/saveConfiguration";
const GETS = /^GET /;
/** A device that is out for good is given up after so many seconds. */
const hurried = () => ({ timeouts: { requestSeconds: 1 } });

const writeOf = ({ does }: Operation): string => does.write ?? "";
const documentOf = ({ does }: Operation): string => does.document ?? "GET /api/v1/status";
const matchOf = (place: "reads" | "document" | "write" | "save", operation: Operation) =>
  ({ reads: GETS, document: documentOf(operation), write: writeOf(operation), save: SAVE })[place];

type Asked = "reads" | "document" | "write" | "save";

export const answers = (place: Asked, status: number, times = EVER): Condition => ({
  place,
  arm: ({ simulator }, operation) => simulator.faults.fail(status, matchOf(place, operation), times),
});

export const conflicts = (place: "write" | "save", times: number): Condition => ({
  place,
  arm: ({ simulator }, operation) => simulator.faults.conflict({ times, match: matchOf(place, operation) }),
});

export const spoils = (place: Asked, spoilt: SpoiltAnswer, times = EVER): Condition => ({
  place,
  arm: ({ simulator }, operation) => simulator.faults.spoil(matchOf(place, operation), spoilt, times),
});

/** An answer of success that comes from something between, and never reached the device. */
export const pretends = (place: "write" | "save", spoilt: SpoiltAnswer, times = EVER): Condition => ({
  place,
  pretends: times,
  arm({ simulator }, operation) {
    simulator.faults.fail(200, matchOf(place, operation), times);
    simulator.faults.spoil(matchOf(place, operation), spoilt, times);
  },
});

export const cutsBefore = (place: Asked, times = EVER): Condition => ({
  place,
  arm: ({ simulator }, operation) =>
    simulator.faults.loseAnswer(matchOf(place, operation), { applied: false, times }),
});

export const cutsAfter = (place: Asked, times = EVER): Condition => ({
  place,
  arm: ({ simulator }, operation) =>
    simulator.faults.loseAnswer(matchOf(place, operation), { applied: true, times }),
});

export const cutsInAnswer = (place: Asked, times = EVER): Condition => ({
  place,
  arm: ({ simulator }, operation) => simulator.faults.cutMidBody(matchOf(place, operation), times),
});

export const cutsUpload = (times = EVER): Condition => ({
  place: "write",
  arm: ({ simulator }, operation) => simulator.faults.cutUpload(0.5, writeOf(operation), times),
});

export const hangs = (place: Asked, times = EVER): Condition => ({
  place,
  settings: hurried,
  arm: ({ simulator }, operation) => simulator.faults.hang(matchOf(place, operation), times),
});

/** What strikes from the moment on at which the write has had its effect. */
export const afterWrite = ({ arm, ...rest }: Condition): Condition => ({
  ...rest,
  place: "read-back",
  arm: (stage, operation) =>
    stage.simulator.faults.beside(writeOf(operation), "after", () => void arm?.(stage, operation)),
});

/** What happens beside a request, once. */
export const beside = (
  place: Asked,
  moment: "before" | "after",
  happens: (stage: Stage) => void,
  more: Partial<Condition> = {},
): Condition => ({
  place,
  arm: (stage, operation) =>
    stage.simulator.faults.beside(matchOf(place, operation), moment, () => happens(stage)),
  ...more,
});

/** The same of what makes the device lose something. */
export const loses = (...given: Parameters<typeof beside>): Condition => ({
  ...beside(...given),
  loses: true,
});

export const atReset = (fault: Parameters<Simulator["faults"]["atReset"]>[0]): Condition => ({
  place: "reset",
  pretends: fault.goesDown === false ? 1 : 0,
  arm: ({ simulator }) => simulator.faults.atReset(fault),
});

/** What happens while the device starts after the reset that the operation causes. */
export const duringReset = (happens: (stage: Stage) => void): Condition => ({
  place: "reset",
  arm(stage, operation) {
    stage.simulator.faults.beside(writeOf(operation), "after", () => {
      const until = setInterval(() => {
        happens(stage);
        clearInterval(until);
      }, 55);
    });
  },
});

export const changedDevice = (options: SimulatorOptions): Condition => ({
  place: "device",
  options: () => options,
});

export const refused = (forGood: boolean): Condition => ({
  place: "device",
  arm: (stage) => startAnew(stage, forGood ? EVER : undefined),
});

/** Shorter than the pauses between attempts, so that a device that starts anew is there at the last one. */
const SHORT_SECONDS = 0.004;

function startAnew({ simulator }: Stage, seconds = SHORT_SECONDS): void {
  simulator.faults.atReset({ seconds });
  simulator.reset();
}

export const resets = (stage: Stage): void => stage.byHand(() => startAnew(stage));

/** Another unit answers, until the fault is over. */
export const anotherUnit: Condition = {
  place: "device",
  arm({ simulator, kept }) {
    kept["serial"] = simulator.serialNumber;
    simulator.serialNumber = "99990001";
  },
  heal({ simulator, kept }) {
    simulator.serialNumber = String(kept["serial"]);
  },
};

export function becomesAnotherUnit({ byHand }: Stage): void {
  byHand((simulator) => {
    simulator.serialNumber = "99990001";
  });
}

export function becomesAnotherVersion(stage: Stage): void {
  stage.byHand((simulator) => {
    simulator.firmware = "7.20A.256.024";
    startAnew(stage);
  });
}

export function losesItsConfiguration(stage: Stage): void {
  stage.byHand((simulator) => {
    for (const store of [simulator.flash, simulator.running])
      for (const table of store.tableNames()) if (table === "ProxySet") store.clearTable(table);
    simulator.flash.setParameter("SyslogServerIP", undefined);
    simulator.flash.setParameter("NTPServerIP", undefined);
    startAnew(stage);
  });
}

/** Somebody else's change of a row that is not ours, and of a parameter. */
export function isChangedByHand({ byHand }: Stage): void {
  byHand(({ running }) => {
    running.setParameter("HostName", "by-hand");
    running.addRow("ProxySet", 7, { ProxyName: "PS_ByHand" });
  });
}

/** So long that it is locked, too, for a process that begins after that. */
const LOCKED_SECONDS = 100_000;

/** The device has locked the account, and unlocks it when the fault is over. */
export const accountLocked: Condition = {
  place: "device",
  options: () => ({ lockout: { attempts: 3, seconds: LOCKED_SECONDS } }),
  arm: locksTheAccount,
  heal: ({ kept }) => {
    kept["later"] = Number(kept["later"]) + LOCKED_SECONDS * 1_000;
  },
};

function locksTheAccount({ simulator }: Stage): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${ADMIN.username}:wrong`).toString("base64")}`;
  const attempt = async () => {
    await (await fetch(`${simulator.url}/api/v1/status`, { headers: { authorization } })).text();
  };
  return attempt().then(attempt).then(attempt);
}

/** A document that would take for ever, although it never pauses for long. */
export const trickles: Condition = {
  ...spoils("document", { pace: { everyMs: 200, bytes: 1 } }),
  settings: hurried,
};

/** @param seconds of the cell's own time */
export const late = (seconds: number): Condition => ({
  place: "write",
  arm: ({ simulator }, operation) => simulator.faults.applyLate(seconds * MS_A_SECOND, writeOf(operation), 1),
});

const SENT = ["new.cmp", "tones-new.dat"];

/** Files of this machine become others of the same size. */
export function changesFiles({ folder, kept }: Stage): void {
  for (const name of SENT.filter((each) => existsSync(join(folder, each)))) {
    const path = join(folder, name);
    const content = readFileSync(path);
    kept[name] = content;
    writeFileSync(path, Buffer.alloc(content.length, "other"));
  }
}

export function bringsFilesBack({ folder, kept }: Stage): void {
  for (const name of SENT)
    if (kept[name] !== undefined) writeFileSync(join(folder, name), kept[name] as Buffer);
}

export const changesWhileSent: Condition = {
  place: "file",
  arm: (stage, operation) =>
    stage.simulator.faults.beside(writeOf(operation), "before", () => changesFiles(stage)),
  heal: bringsFilesBack,
};

const text = (change: (whole: string) => string): SpoiltAnswer => ({
  body: (whole) => change(String(whole)),
});

/** Up to the middle of a table or of the document. */
const half = (whole: string): string => {
  const at = whole.search(/^ProxySet 1 |^ +proxy-set 1\r?$/m);
  return whole.slice(0, at < 0 ? whole.length >> 1 : at);
};

const LOGIN = "<!DOCTYPE html><html><title>Login</title><form action='/login'><input name=p></form></html>";

/** What an answer of success may look like that is none. */
export const spoilt = {
  half: text(half),
  halfThatCloses: { ...text(half), end: "close" },
  between: text((whole) => whole.replace(/(^\[ ProxySet \]|^configure voip)[\s\S]*/m, "")),
  empty: { body: () => "" },
  noContent: { status: 204, body: () => "" },
  prose: { body: () => "Internal error, try again later", headers: { "content-type": "text/plain" } },
  login: { body: () => LOGIN, headers: { "content-type": "text/html" } },
  wrongType: { headers: { "content-type": "text/html; charset=utf-8" } },
  zipped: { body: (whole: Buffer) => gzipSync(whole), headers: { "content-encoding": "gzip" } },
  zippedSilently: { body: (whole: Buffer) => gzipSync(whole) },
  zippedHalf: {
    body: (whole: Buffer) => gzipSync(whole).subarray(0, 40),
    headers: { "content-encoding": "gzip" },
  },
  tooLong: { end: "close", headers: { "content-length": "900000" } },
  tooShort: { end: "close", headers: { "content-length": "40" } },
  huge: { body: () => hugeBody() },
  failure: { status: 500, body: () => '{"description": "out of memory"}' },
  slowHead: { pace: { firstMs: 300, bytes: 1 << 20 } },
  slowBody: { pace: { everyMs: 20, bytes: 1_000 } },
  upperCase: text((whole) =>
    whole.replace(/^(SyslogServerIP|NTPServerIP|CallProgressTonesFilename|HostName)\b/gm, (name) =>
      name.toUpperCase(),
    ),
  ),
  paddedAddresses: text((whole) =>
    whole.replace(/\b10\.0\.0\.(\d)\b/g, (_, last: string) => `010.000.000.00${last}`),
  ),
} satisfies Record<string, SpoiltAnswer>;

/** Made once for all cells: each of them gets it several times. */
function hugeBody(): Buffer {
  madeHuge ??= Buffer.alloc(100 * 1024 * 1024, " ");
  return madeHuge;
}

let madeHuge: Buffer | undefined;

/** A certificate that is refused; before and after the fault it is not looked at. */
const certified = (
  identity: () => Promise<TlsIdentity>,
  tls: (identity: TlsIdentity) => DeviceSettings["tls"],
): Condition => ({
  place: "device",
  options: async () => ({ tls: await identity() }),
  settings: async () => ({ tls: tls(await identity()) }),
  healed: { tls: { insecureSkipVerify: true } },
});

export const expired = certified(expiredIdentity, ({ cert }) => ({ ca: cert }));
export const wrongName = certified(foreign, ({ cert }) => ({ ca: cert }));
export const untrusted = certified(valid, () => undefined);
export const wrongPin = certified(valid, () => ({ fingerprint256: "AB".repeat(32) }));

/** What listens at an https url speaks plain http. */
export const speaksNoTls: Condition = {
  place: "device",
  settings: async ({ simulator }) => ({
    url: simulator.url.replace("http:", "https:"),
    tls: { insecureSkipVerify: true },
  }),
};
