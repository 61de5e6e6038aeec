import { X509Certificate } from "node:crypto";
import { behaviourOf } from "./behaviour";
import { FACTORY_USER } from "./config/factory";
import { Alarms } from "./device/alarms";
import { Device } from "./device/device";
import { PerformanceMonitors } from "./device/performance-monitors";
import { giveSerialNumberBack, takeSerialNumber } from "./device/serial-numbers";
import { ACTION_ENDPOINTS } from "./endpoints/actions";
import { alarmEndpoints } from "./endpoints/alarms";
import { AUXILIARY_ENDPOINTS } from "./endpoints/auxiliary";
import { CLI_ENDPOINTS } from "./endpoints/cli";
import { INI_ENDPOINTS } from "./endpoints/ini";
import { LICENSE_ENDPOINTS } from "./endpoints/license";
import { performanceEndpoints } from "./endpoints/performance";
import { ROOT_ENDPOINTS } from "./endpoints/root";
import { SOFTWARE_ENDPOINTS } from "./endpoints/software";
import { STATUS_ENDPOINTS } from "./endpoints/status";
import { Faults } from "./faults";
import type { Simulator, SimulatorOptions } from "./options";
import { Access } from "./server/access";
import { Exchange } from "./server/exchange";
import { Listener } from "./server/listener";
import { Power } from "./server/power";
import { isWrite } from "./server/recorder";
import { selfSigned } from "./server/self-signed";
import { Switchover } from "./server/switchover";

export type { Behaviour, SimulatorProfile } from "./behaviour";
export type { SimulatorUser, UserLevel } from "./config/factory";
export type { ConfigSnapshot, ConfigStore, Row } from "./config/store";
export type { AlarmControls, AlarmKind, AlarmSeverity, NewAlarm, SimulatedAlarm } from "./device/alarms";
export type { AuxiliaryFile } from "./device/auxiliary-files";
export type { Measurement, PerformanceMonitorControls } from "./device/performance-monitors";
export type { SoftwareUpload } from "./device/software";
export type {
  FaultControls,
  RequestMatch,
  ResetFault,
  ScriptFault,
  SoftwareFault,
  SpoiltAnswer,
} from "./faults";
export type { Simulator, SimulatorOptions } from "./options";
export type { Lockout } from "./server/access";
export type { TlsIdentity } from "./server/listener";
export type { RecordedRequest } from "./server/recorder";

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
  const serialNumber = options.serialNumber ?? takeSerialNumber();
  try {
    const simulator = await start({ ...options, serialNumber });
    const { close } = simulator;
    simulator.close = () => {
      giveSerialNumberBack(serialNumber);
      return close();
    };
    return simulator;
  } catch (error) {
    giveSerialNumberBack(serialNumber);
    throw error;
  }
}

async function start(options: SimulatorOptions & { serialNumber: string }): Promise<Simulator> {
  const { host = "127.0.0.1", resetSeconds = 2, now = Date.now } = options;
  const faults = new Faults(now);
  const behaviour = behaviourOf(options, options.profile);
  const device = new Device({
    firmware: options.firmware ?? options.profile?.firmware ?? "7.40A.250.440",
    ini: options.ini,
    users: options.users,
    eol: options.eol ?? "\r\n",
    noise: options.noise ?? false,
    behaviour,
    ignores: (name) => faults.isWithoutEffect(name),
    now,
    highAvailability: options.highAvailability ?? false,
    serialNumber: options.serialNumber,
    licenseKey: options.license?.key,
    sameLicenseKeyResets: options.sameLicenseKeyResets,
    licenseKeyInGroups: options.licenseKeyInGroups,
    takeLicenseIgnored: () => faults.takeLicenseIgnored(),
    takeSoftwareOutcome: () => faults.takeSoftwareOutcome(),
    takeScriptOutcome: () => faults.takeScriptOutcome(),
    cliLayout: options.cliLayout ?? "plain",
    flattenOutput: options.flattenOutput,
  });
  const alarms = new Alarms(device, options.alarmPageLimit ?? 50);
  device.alarms = alarms;
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
    behaviour,
    latencyMs: options.latencyMs ?? 0,
    restrictOverlap: options.restrictOverlap ?? true,
    uploadBytesPerSecond: options.uploadBytesPerSecond,
    switchOver: (firmware) => switchover.start(firmware),
    reset: (order) => power.reset(order),
  });
  const tls = options.tls === true ? await selfSigned() : options.tls || undefined;
  const listener = new Listener(
    host,
    options.port ?? 0,
    tls,
    (request, response) => void exchange.handle(request, response),
    behaviour.expectContinue === "continued",
  );
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
    set serialNumber(serialNumber) {
      device.units.exchangeActive(serialNumber);
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
