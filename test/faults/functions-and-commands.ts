import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import {
  assertHealthy,
  getAlarms,
  getApi,
  getCliDiff,
  getCliScript,
  getIni,
  getIniDiff,
  getLicense,
  getPerformanceMonitors,
  getStatus,
  show,
} from "../../src";
import { backupCommand } from "../../src/bin/backup";
import { doctorCommand } from "../../src/bin/doctor";
import { generateCommand } from "../../src/bin/generate";
import { probeCommand } from "../../src/bin/probe";
import { restoreCommand } from "../../src/bin/restore";
import type { DeviceArgs } from "../../src/resources/device";
import type { Operation, Requests } from "./operation";
import { OLD_FIRMWARE, OLD_KEY, type Stage } from "./stage";

const INI = "GET /api/v1/files/ini";
const SCRIPT = "GET /api/v1/files/cliScript";
const INI_PUT = "PUT /api/v1/files/ini/incremental";
const CLI_PUT = "PUT /api/v1/files/cliScript/incremental";

/** A function of the package: what it gives on a device that is well. */
interface Asked {
  name: string;
  document?: string;
  write?: string;
  ask(device: DeviceArgs): Promise<unknown>;
  isRight(answer: never, stage: Stage): boolean;
}

const FUNCTIONS: Asked[] = [
  {
    name: "getStatus",
    document: "GET /api/v1/status",
    ask: (device) => getStatus({ device }),
    isRight: ({ version }: { version?: string }) => version === OLD_FIRMWARE,
  },
  {
    name: "getAlarms",
    document: "GET /api/v1/alarms/active",
    ask: (device) => getAlarms({ device, kind: "active" }),
    // A device that starts anew has none.
    isRight: ({ alarms }: { alarms: { description?: string }[] }, { simulator: { restarts } }) =>
      restarts > 0 ? alarms.length === 0 : alarms[0]?.description === "Trunk is down",
  },
  {
    name: "getPerformanceMonitors",
    document: "GET /api/v1/performanceMonitoring",
    ask: (device) => getPerformanceMonitors({ device }),
    isRight: (names: string[]) => names.length > 0,
  },
  {
    name: "getLicense",
    document: "GET /api/v1/license",
    ask: (device) => getLicense({ device }),
    isRight: ({ key }: { key?: string }) => key === OLD_KEY,
  },
  {
    name: "getApi",
    document: "GET /api/v1",
    ask: (device) => getApi({ device }),
    isRight: (api: object) => Object.keys(api).length > 2,
  },
  {
    name: "getIni",
    document: INI,
    ask: (device) => getIni({ device }),
    isRight: ({ text }: { text: string }) => text.includes("PS_Theirs2") && text.includes("192.0.2.77"),
  },
  {
    name: "getCliScript",
    document: SCRIPT,
    ask: (device) => getCliScript({ device }),
    isRight: ({ text }: { text: string }) => text.includes("PS_Theirs2"),
  },
  {
    name: "getIniDiff",
    document: INI,
    ask: (device) => getIniDiff({ device, ini: "SyslogServerIP = 10.0.0.9\n" }),
    isRight: ({ changes }: { changes: { address: string }[] }) =>
      changes.length === 1 && changes[0]?.address === "SyslogServerIP",
  },
  {
    name: "getCliDiff",
    document: SCRIPT,
    ask: (device) =>
      getCliDiff({ device, script: 'configure voip\n proxy-set 0\n  proxy-name "PS_else"\n exit\nexit\n' }),
    isRight: ({ changes }: { changes: unknown[] }) => changes.length === 1,
  },
  {
    name: "assertHealthy",
    document: "GET /api/v1/status",
    ask: (device) => assertHealthy({ device, unlocked: true }),
    isRight: ({ version }: { version?: string }) => version === OLD_FIRMWARE,
  },
  {
    name: "show",
    write: CLI_PUT,
    ask: (device) => show({ device, command: "show system uptime" }),
    isRight: (text: string) => text.includes("Uptime"),
  },
];

/** A command of `pulumi-mediant`. */
interface Commanded {
  name: string;
  does: Requests;
  kind: Operation["kind"];
  make(): Command;
  args(stage: Stage): string[];
  prepare?(stage: Stage): Promise<void> | void;
  /** What is wrong with the end of a run that went well. */
  wrong(stage: Stage): string | undefined;
}

const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");

const COMMANDS: Commanded[] = [
  {
    name: "backup",
    kind: "look",
    does: { document: INI },
    make: backupCommand,
    args: ({ folder }) => ["--out", join(folder, "backup")],
    wrong: ({ folder, device }) =>
      textOf(join(folder, "backup", `${device.name}.ini`)).includes("PS_Theirs2") &&
      textOf(join(folder, "backup", `${device.name}.cli`)).includes("PS_Theirs2")
        ? undefined
        : "a file is not whole",
  },
  {
    name: "generate",
    kind: "look",
    does: { document: INI },
    make: () => generateCommand("0.0.0"),
    args: ({ folder }) => ["--out", join(folder, "program"), "--force"],
    wrong: ({ folder }) =>
      readdirSync(join(folder, "program"), { recursive: true, withFileTypes: true }).some(
        (one) => one.isFile() && textOf(join(one.parentPath ?? one.path, one.name)).includes("PS_Theirs2"),
      )
        ? undefined
        : "the program is not whole",
  },
  {
    name: "doctor",
    kind: "look",
    does: { document: INI },
    make: doctorCommand,
    args: () => ["--json"],
    wrong: ({ lines }) =>
      /^ {2}"result": "(ok|warning)"/m.test(lines.join("\n")) ? undefined : "it found a fault",
  },
  {
    name: "probe",
    kind: "look",
    does: { document: INI, write: INI_PUT, isHarmless: true },
    make: probeCommand,
    args: ({ folder }) => ["--lab", "--out", folder],
    wrong: ({ folder }) =>
      existsSync(join(folder, `${OLD_FIRMWARE}.profile.json`)) ? undefined : "there is no profile",
  },
  {
    name: "restore",
    kind: "change",
    does: { document: INI, write: INI_PUT, saves: true, isHarmless: true },
    make: restoreCommand,
    args: ({ folder }) => ["--from", join(folder, "before.ini"), "--apply", "--save"],
    prepare(stage) {
      writeFileSync(join(stage.folder, "before.ini"), stage.simulator.running.dump());
      stage.byHand(({ running, flash }) => {
        running.setParameter("SyslogServerIP", "192.0.2.99");
        flash.assign(running);
      });
    },
    wrong({ simulator }) {
      if (simulator.running.parameter("SyslogServerIP") !== "10.0.0.1") return "it was not brought back";
      return simulator.flash.equals(simulator.running) ? undefined : "it is not saved";
    },
  },
];

export const functionOperations: Operation[] = FUNCTIONS.map(
  ({ name, document, write, ask, isRight }): Operation => {
    const run = async (stage: Stage, device = stage.device) => {
      stage.kept["answer"] = undefined;
      stage.kept["answer"] = await ask(device as DeviceArgs);
    };
    return {
      name,
      step: "",
      kind: "look",
      does: { document, write, isHarmless: true },
      async prepare({ simulator }) {
        // A device that starts anew has none.
        simulator.alarms.raise({ severity: "major", description: "Trunk is down" });
      },
      run: (stage) => run(stage),
      // What the program remembers of a device, such as a refused login, another one would not.
      again: (stage) =>
        run(stage, { ...stage.device, url: stage.simulator.url.replace("127.0.0.1", "localhost") }),
      wrong: (stage) =>
        isRight(stage.kept["answer"] as never, stage) ? undefined : "the answer is not right",
    };
  },
);

export const commandOperations: Operation[] = COMMANDS.map(
  ({ name, does, kind, make, args, prepare, wrong }): Operation => {
    const run = async (stage: Stage) => {
      const { url, name: label, tls } = stage.device;
      stage.lines.length = 0;
      const { fingerprint256, ca, insecureSkipVerify } = tls ?? {};
      const caFile = join(stage.folder, "ca.pem");
      if (ca !== undefined) writeFileSync(caFile, ca);
      const trust = [
        ...(fingerprint256 === undefined ? [] : ["--fingerprint", fingerprint256]),
        ...(ca === undefined ? [] : ["--ca", caFile]),
        ...(insecureSkipVerify ? ["--insecure-skip-verify"] : []),
      ];
      const command = make().exitOverride();
      await command.parseAsync(["--url", url ?? "", "--name", label ?? "", ...trust, ...args(stage)], {
        from: "user",
      });
      if (name !== "doctor") return;
      // It reports what is wrong, and fails by its exit code.
      const failed = wrong(stage);
      if (failed !== undefined) throw new Error(stage.lines.join("\n"));
    };
    return {
      name,
      step: "",
      kind,
      does,
      hasOwnWords: name === "doctor" || name === "probe",
      prepare: async (stage) => prepare?.(stage),
      run,
      again: run,
      wrong,
    };
  },
);
