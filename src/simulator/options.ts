import type { Behaviour, SimulatorProfile } from "./behaviour";
import type { SimulatorUser } from "./config/factory";
import type { ConfigStore } from "./config/store";
import type { AlarmControls } from "./device/alarms";
import type { AuxiliaryFile } from "./device/auxiliary-files";
import type { PerformanceMonitorControls } from "./device/performance-monitors";
import type { SoftwareUpload } from "./device/software";
import type { FaultControls } from "./faults";
import type { Lockout } from "./server/access";
import type { TlsIdentity } from "./server/listener";
import type { RecordedRequest } from "./server/recorder";

/**
 * A device to try and to test against. Every option has a default. Those of {@link Behaviour} are about what no manual
 * settles; their defaults are the lenient readings.
 */
export interface SimulatorOptions extends Partial<Behaviour> {
  /** @default "127.0.0.1" */
  host?: string;
  /** 0 takes any that is free. @default 0 */
  port?: number;
  /** `true` makes a self-signed certificate for localhost and 127.0.0.1. @default false */
  tls?: boolean | TlsIdentity;
  /**
   * `versionID`, which decides the dialect: 7.0 is the device of LTRT-41760, anything later the device of 7.4.
   * @default the profile's, else "7.40A.250.440"
   */
  firmware?: string;
  /**
   * Configuration at start, running and flash alike. Parameters and tables that it leaves out are as they left
   * the factory; every name in it becomes known to the device; hidden items that its comments announce exist.
   */
  ini?: string;
  /** Rows of WebUsers at start: the factory's are gone, those of `ini` stay. @default Admin with password Admin, Security Administrator */
  users?: SimulatorUser[];
  /**
   * What `pulumi-mediant probe` learned of a firmware: its version, and its behaviour. Options that are given beside it
   * count more.
   */
  profile?: SimulatorProfile;
  /**
   * How the CLI of 7.0 and earlier prints rows: their fields alone, or `set` before each and `interface network-if` in
   * `configure voip`. It takes both; later firmware has the plain layout only. @default "plain"
   */
  cliLayout?: "plain" | "set";
  /** Whether line ends in the output of a script become `. `. @default true for description-output, else false */
  flattenOutput?: boolean;
  /** How long the device is dark in a reset, in seconds; `Infinity` until `powerOn()`. @default 2 */
  resetSeconds?: number;
  /** Whether it is a high-availability pair. @default false */
  highAvailability?: boolean;
  /**
   * Of the unit that is active at start; eight digits, and the other unit of a pair has the next number.
   * @default 10245678, or a later one if another simulator of this process has that one
   */
  serialNumber?: string;
  /** How long a hitless upgrade of the pair takes, in seconds; the units change roles half-way. @default 2 */
  switchoverSeconds?: number;
  /** The licence key of the unit that is active at start: 8 characters of base64 or more. @default the factory's */
  license?: { key?: string };
  /** Whether the device shows a key in groups of eight characters, with a blank between them. @default false */
  licenseKeyInGroups?: boolean;
  /** Whether the device resets where it is given the licence that it has. @default true */
  sameLicenseKeyResets?: boolean;
  /** How fast files come in, at most. @default no limit */
  uploadBytesPerSecond?: number;
  /** Added to each write, in milliseconds. @default 0 */
  latencyMs?: number;
  /** @default 3 attempts, 60 seconds */
  lockout?: Lockout;
  /** Line ends of downloads. @default "\r\n" */
  eol?: "\r\n" | "\n";
  /** Whether downloads end in the stray line that old firmware leaves there. @default false */
  noise?: boolean;
  /** Whether a write is answered 409 while another is in progress. @default true */
  restrictOverlap?: boolean;
  /** The most alarms that one answer lists, whatever `limit` asks for. @default 50 */
  alarmPageLimit?: number;
  /** Clock of the device, in milliseconds since the epoch: lock-out, time stamps, records. @default Date.now */
  now?: () => number;
}

/** A running simulator. */
export interface Simulator {
  /** `http://127.0.0.1:49152`, without the API's prefix. */
  readonly url: string;
  readonly port: number;
  /** PEM, with `tls`. */
  readonly certificate: string | undefined;
  /** SHA-256 of the certificate, in hexadecimal with colons. */
  readonly fingerprint256: string | undefined;
  /** What the device works with; a reset replaces it by what is in flash. */
  readonly running: ConfigStore;
  /** What a save has written. */
  readonly flash: ConfigStore;
  /** All that arrived, in that order. */
  readonly requests: readonly RecordedRequest[];
  /** The requests that could change something, refused ones included. */
  readonly writes: readonly RecordedRequest[];
  /** The most writes that were ever in progress at one time, refused ones included. */
  readonly maxConcurrentWrites: number;
  readonly faults: FaultControls;
  /** Raises and clears alarms; none at start, and none after a reset. */
  readonly alarms: AlarmControls;
  /** Sets what the performance monitors show; at start nothing is measured. */
  readonly performanceMonitors: PerformanceMonitorControls;
  /** How often it has started anew since then. */
  readonly restarts: number;
  /** Calls in progress, 0 at start: what a graceful reset waits for. A reset ends them. */
  activeCalls: number;
  /** `versionID`, and the dialect with it. What one sets here is an upgrade or downgrade by hand, without a reset. */
  firmware: string;
  /** Of the active unit. What one sets here is a change by hand, without a reset. */
  license: { key: string };
  /**
   * Of the active unit: 10245678, and 10245679 for the other one of a pair. What one sets here is another unit in its
   * place, with the configuration of the old one and the licence that it left the factory with.
   */
  serialNumber: string;
  /** Whether the device takes no calls: `operationalState`. */
  locked: boolean;
  /** Whether the other unit of the pair is gone. Setting it without `highAvailability` is an error. */
  partnerMissing: boolean;
  /** The auxiliary files that the device works with, by kind: `cpt`, `prt` and so on. */
  readonly auxiliaryFiles: ReadonlyMap<string, AuxiliaryFile>;
  /** The software loads that arrived whole, whatever became of them. */
  readonly softwareUploads: readonly SoftwareUpload[];
  /** As if somebody pulled the plug: what was not saved is gone, and the device is dark for a while. */
  reset(): void;
  /** Ends the dark of a reset now; nothing where the device is up. */
  powerOn(): void;
  /** Ends every open connection, and goes on to take others. */
  cutConnections(): void;
  /** Ends at once, open connections included, and leaves nothing behind. */
  close(): Promise<void>;
}
