export { DeviceError, type DeviceErrorCode, isDeviceError } from "./device/errors";
export type { DeviceStatus } from "./device/status";
export {
  type GetIniDiffArgs,
  getIniDiff,
  getIniDiffOutput,
  type IniChange,
  type IniDiff,
} from "./functions/get-ini-diff";
export { type GetStatusArgs, getStatus, getStatusOutput } from "./functions/get-status";
export {
  type DeviceArgs,
  type DeviceTimeoutArgs,
  type DeviceTlsArgs,
  deviceFromConfig,
} from "./resources/device";
export { IncrementalIniConfig, type IncrementalIniConfigArgs } from "./resources/incremental-ini-config";
export type { CellArg, IniArgs, ParameterArg } from "./resources/ini-arguments";
