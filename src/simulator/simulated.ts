import { X509Certificate } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { behaviourOf } from "./behaviour";
import { FACTORY_USER } from "./config/factory";
import { Alarms } from "./device/alarms";
import { Device } from "./device/device";
import { PerformanceMonitors } from "./device/performance-monitors";
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
import type { Line } from "./server/line";
import type { TlsIdentity } from "./server/listener";
import { Power } from "./server/power";
import { isWrite } from "./server/recorder";
import { selfSigned } from "./server/self-signed";
import { Switchover } from "./server/switchover";
import type { After } from "./timers";

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

/** What a device asks of its line. */
export interface LineOrder {
  host: string;
  /** 0 takes any that is free. */
  port: number;
  tls: TlsIdentity | undefined;
  /** Resolves when the request was dealt with. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Whether `Expect: 100-continue` gets its 100 before the body. */
  continues: boolean;
}

/** What is around a device: time and network. */
export interface Outside {
  after: After;
  openLine(order: LineOrder): Line;
}

/** Puts a device together and begins to serve it. */
export async function simulate(
  options: SimulatorOptions & { serialNumber: string },
  { after, openLine }: Outside,
): Promise<Simulator> {
  const { host = "127.0.0.1", resetSeconds = 2, now = Date.now } = options;
  const faults = new Faults(now, after);
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
    after,
  });
  const tls = options.tls === true ? await selfSigned() : options.tls || undefined;
  const line = openLine({
    host,
    port: options.port ?? 0,
    tls,
    serve: (request, response) => exchange.handle(request, response),
    continues: behaviour.expectContinue === "continued",
  });
  const switchover = new Switchover(device, line, options.switchoverSeconds ?? 2, after);
  const power = new Power({ device, line, after, faults, switchover, resetSeconds });
  const license = {
    get key() {
      return device.licenses.keyOf(device.serialNumber);
    },
    set key(key) {
      device.licenses.install(new Map([[device.serialNumber, key]]));
    },
  };
  await line.open();
  return {
    url: `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${line.port}`,
    port: line.port,
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
    get restarts() {
      return device.boots;
    },
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
    powerOn: () => line.comeBack(),
    cutConnections: () => line.cutConnections(),
    close: () => {
      power.close();
      return line.close();
    },
  };
}
