import { giveSerialNumberBack, takeSerialNumber } from "./device/serial-numbers";
import type { Simulator, SimulatorOptions } from "./options";
import { Listener } from "./server/listener";
import { type Outside, simulate } from "./simulated";
import { systemAfter } from "./timers";

export type { Behaviour, SimulatorProfile } from "./behaviour";
export type { SimulatorUser, UserLevel } from "./config/factory";
export type { ConfigSnapshot, ConfigStore, Row } from "./config/store";
export type { AlarmControls, AlarmKind, AlarmSeverity, NewAlarm, SimulatedAlarm } from "./device/alarms";
export type { AuxiliaryFile } from "./device/auxiliary-files";
export { isLoadVersion, makeLicenseFile, makeSoftwareLoad } from "./device/made-files";
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

/**
 * Starts a simulated device: a real HTTP or HTTPS server with the REST API of LTRT-41760.
 * @throws where the port is taken, or `ini` cannot be read
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const serialNumber = options.serialNumber ?? takeSerialNumber();
  try {
    const simulator = await simulate({ ...options, serialNumber }, OUTSIDE);
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

const OUTSIDE: Outside = {
  after: systemAfter,
  openLine: ({ host, port, tls, serve, continues }) =>
    new Listener(host, port, tls, (request, response) => void serve(request, response), continues),
};
