import { X509Certificate } from "node:crypto";
import { Access } from "./access";
import { Alarms } from "./alarms";
import { Device } from "./device";
import { ACTION_ENDPOINTS } from "./endpoints-actions";
import { alarmEndpoints } from "./endpoints-alarms";
import { AUXILIARY_ENDPOINTS } from "./endpoints-auxiliary";
import { CLI_ENDPOINTS } from "./endpoints-cli";
import { INI_ENDPOINTS } from "./endpoints-ini";
import { LICENSE_ENDPOINTS } from "./endpoints-license";
import { performanceEndpoints } from "./endpoints-performance";
import { ROOT_ENDPOINTS } from "./endpoints-root";
import { SOFTWARE_ENDPOINTS } from "./endpoints-software";
import { STATUS_ENDPOINTS } from "./endpoints-status";
import { Exchange } from "./exchange";
import { FACTORY_USER } from "./factory";
import { Faults } from "./faults";
import { Listener } from "./listener";
import { PerformanceMonitors } from "./performance-monitors";
import { Power } from "./power";
import { isWrite } from "./recorder";
import { selfSigned } from "./self-signed";
import type { Simulator, SimulatorOptions } from "./simulator";
import { Switchover } from "./switchover";

export type { Lockout } from "./access";
export type { AlarmControls, AlarmKind, AlarmSeverity, NewAlarm, SimulatedAlarm } from "./alarms";
export type { AuxiliaryFile } from "./auxiliary-files";
export type { CliAnswer } from "./cli-answer";
export type { SimulatorUser, UserLevel } from "./factory";
export type { FaultControls, RequestMatch, ResetFault, SoftwareFault } from "./faults";
export type { TlsIdentity } from "./listener";
export type { Measurement, PerformanceMonitorControls } from "./performance-monitors";
export type { RecordedRequest } from "./recorder";
export type { Simulator, SimulatorOptions } from "./simulator";
export type { SoftwareUpload } from "./software";
export type { ConfigSnapshot, ConfigStore, Row } from "./store";
export type { UploadForm } from "./upload";

const ENDPOINTS = [
  ...ROOT_ENDPOINTS,
  ...STATUS_ENDPOINTS,
  ...ACTION_ENDPOINTS,
  ...INI_ENDPOINTS,
  ...CLI_ENDPOINTS,
  ...SOFTWARE_ENDPOINTS,
  ...AUXILIARY_ENDPOINTS,
  ...LICENSE_ENDPOINTS,
];

/**
 * Starts a simulated device: a real HTTP or HTTPS server with the REST API of LTRT-41760.
 * @throws where the port is taken, or `ini` cannot be read
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = "127.0.0.1", resetSeconds = 2, now = Date.now } = options;
  const faults = new Faults(now);
  const device = new Device({
    firmware: options.firmware ?? "7.40A.250.440",
    ini: options.ini,
    users: options.users,
    eol: options.eol ?? "\r\n",
    noise: options.noise ?? false,
    nondeterministicSecrets: options.nondeterministicSecrets ?? false,
    rules: {
      tableMode: options.tableMode ?? "replace",
      partialColumns: options.partialColumns ?? "keep",
      ignores: (name) => faults.isWithoutEffect(name),
    },
    now,
    highAvailability: options.highAvailability ?? false,
    licenseKey: options.license?.key,
    sameLicenseKeyResets: options.sameLicenseKeyResets,
    takeSoftwareOutcome: () => faults.takeSoftwareOutcome(),
    cliAnswer: options.cliAnswer,
    flattenOutput: options.flattenOutput,
  });
  const alarms = new Alarms(device, options.alarmPageLimit ?? 50);
  const performanceMonitors = new PerformanceMonitors();
  const exchange = new Exchange({
    device,
    access: new Access(
      device,
      options.users ?? [FACTORY_USER],
      options.lockout ?? { attempts: 3, seconds: 60 },
    ),
    faults,
    endpoints: [...ENDPOINTS, ...alarmEndpoints(alarms), ...performanceEndpoints(performanceMonitors)],
    upload: options.upload,
    latencyMs: options.latencyMs ?? 0,
    restrictOverlap: options.restrictOverlap ?? true,
    uploadBytesPerSecond: options.uploadBytesPerSecond,
    switchOver: (firmware) => switchover.start(firmware),
    reset: (order) => power.reset(order),
  });
  const tls = options.tls === true ? await selfSigned() : options.tls || undefined;
  const listener = new Listener(host, options.port ?? 0, tls, (request, response) => {
    void exchange.handle(request, response);
  });
  const switchover = new Switchover(device, listener, options.switchoverSeconds ?? 2);
  const power = new Power({ device, listener, faults, switchover, resetSeconds });
  const license = {
    get key() {
      return device.licenses.keyOf(device.serialNumber);
    },
    set key(key) {
      device.licenses.install(new Map([[device.serialNumber, key]]));
    },
  };
  await listener.open();
  return {
    url: `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${listener.port}`,
    port: listener.port,
    certificate: tls?.cert,
    fingerprint256: tls && new X509Certificate(tls.cert).fingerprint256,
    running: device.running,
    flash: device.flash,
    requests: exchange.requests,
    get writes() {
      return exchange.requests.filter(({ method }) => isWrite(method));
    },
    get maxConcurrentWrites() {
      return exchange.maxConcurrentWrites;
    },
    faults,
    alarms,
    performanceMonitors,
    get activeCalls() {
      return device.activeCalls;
    },
    set activeCalls(calls) {
      power.setActiveCalls(calls);
    },
    get firmware() {
      return device.firmware;
    },
    set firmware(version) {
      device.firmware = version;
    },
    get license() {
      return license;
    },
    set license({ key }) {
      license.key = key;
    },
    get serialNumber() {
      return device.serialNumber;
    },
    get locked() {
      return device.locked;
    },
    set locked(locked) {
      device.locked = locked;
    },
    get partnerMissing() {
      return device.units.partnerMissing;
    },
    set partnerMissing(missing) {
      device.units.partnerMissing = missing;
    },
    auxiliaryFiles: device.auxiliaryFiles.running,
    softwareUploads: device.software.uploads,
    reset: () => power.pullPlug(),
    powerOn: () => listener.comeBack(),
    close: () => {
      power.close();
      return listener.close();
    },
  };
}
