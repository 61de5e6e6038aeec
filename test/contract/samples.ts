/** One resource of each class: what it declares, and how a device shows what became of it. */
import { join } from "node:path";
import type { Simulator } from "../../src/simulator";
import { REPOSITORY } from "./install";
import type { Declared, Properties } from "./layouts";

export interface Sample {
  args: Properties;
  /** What the device shows that the resource put there. */
  observe(simulator: Simulator): unknown;
  /** The same once the resource is created. */
  created: unknown;
  /** A change by hand that a refresh has to find. Left out where nothing can be read back. */
  drift?(simulator: Simulator): void;
  /** What the device shows when the resource is deleted. */
  deleted: unknown;
}

/** What the device holds before. */
export const INI = "SyslogServerIP = 10.0.0.1\n";

const LOAD = "7.40A.500.010";

const tones = (simulator: Simulator) => simulator.flash.parameter("CallProgressTonesFilename");
const syslogServer = (simulator: Simulator) => simulator.flash.parameter("SyslogServerIP");
const drift = (simulator: Simulator) => simulator.running.setParameter("SyslogServerIP", "192.0.2.66");
const syslogScript = (address: string) =>
  `configure troubleshoot\n syslog\n  syslog-ip ${address}\n  activate\n exit\nexit\n`;
const actions = (name: string) => (simulator: Simulator) =>
  simulator.requests.filter(({ path }) => path === `/api/v1/actions/${name}`).length;

export const SAMPLES: Record<string, Sample> = {
  IncrementalIniConfig: {
    args: { parameters: { SyslogServerIP: "10.1.1.20" }, onRelease: "restore" },
    observe: syslogServer,
    created: "10.1.1.20",
    drift,
    deleted: "10.0.0.1",
  },
  FullIniConfig: {
    args: { parameters: { SyslogServerIP: "10.1.1.20" }, allowLossOfAccess: true },
    observe: syslogServer,
    created: "10.1.1.20",
    drift,
    deleted: "10.1.1.20",
  },
  CliScriptConfig: {
    args: { script: syslogScript("10.1.1.20"), deleteScript: syslogScript("10.0.0.1") },
    observe: syslogServer,
    created: "10.1.1.20",
    drift,
    deleted: "10.0.0.1",
  },
  FullCliScriptConfig: {
    args: { script: syslogScript("10.1.1.20"), allowLossOfAccess: true },
    observe: syslogServer,
    created: "10.1.1.20",
    drift,
    deleted: "10.1.1.20",
  },
  SoftwareLoad: {
    args: { source: join(REPOSITORY, "test", "fixtures", "uploads", `sbc-${LOAD}.cmp`), version: LOAD },
    observe: (simulator) => simulator.firmware,
    created: LOAD,
    drift: (simulator) => {
      simulator.firmware = "7.20A.256.024";
    },
    deleted: LOAD,
  },
  SavedConfiguration: {
    args: { triggers: ["1"] },
    observe: actions("saveConfiguration"),
    created: 1,
    deleted: 1,
  },
  AuxiliaryFile: {
    args: { kind: "cpt", source: join(REPOSITORY, "test", "fixtures", "uploads", "tones.dat") },
    observe: tones,
    created: "tones.dat",
    drift: (simulator) => simulator.running.setParameter("CallProgressTonesFilename", "other.dat"),
    deleted: "tones.dat",
  },
  DeviceLicense: {
    args: { key: "aKeyThatIsDeclared" },
    observe: (simulator) => simulator.license.key,
    created: "aKeyThatIsDeclared",
    drift: (simulator) => {
      simulator.license = { key: "aKeyThatCameByHand" };
    },
    deleted: "aKeyThatIsDeclared",
  },
  DeviceReset: { args: { triggers: ["1"] }, observe: actions("reset"), created: 1, deleted: 1 },
};

/** A program with all of them, each named as its class. The address stands for one that a test puts there. */
export const DECLARED: Declared[] = Object.entries(SAMPLES).map(([type, { args }]) => ({
  type,
  name: type,
  args: { device: { url: "http://127.0.0.1:1", username: "Admin", password: "Admin" }, ...args },
}));
