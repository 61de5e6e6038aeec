export { DeviceError, type DeviceErrorCode, isDeviceError } from "./device/errors";
export type { DeviceStatus } from "./device/status";
export { type ApiEntry, type DeviceApi, type GetApiArgs, getApi, getApiOutput } from "./functions/get-api";
export {
  type CliDiff,
  type CliScriptChange,
  type GetCliDiffArgs,
  getCliDiff,
  getCliDiffOutput,
} from "./functions/get-cli-diff";
export {
  type CliScriptLine,
  type DeviceCliScript,
  type GetCliScriptArgs,
  getCliScript,
  getCliScriptOutput,
} from "./functions/get-cli-script";
export { type DeviceIni, type GetIniArgs, getIni, getIniOutput } from "./functions/get-ini";
export {
  type GetIniDiffArgs,
  getIniDiff,
  getIniDiffOutput,
  type IniChange,
  type IniDiff,
} from "./functions/get-ini-diff";
export { type GetStatusArgs, getStatus, getStatusOutput } from "./functions/get-status";
export { type ShowArgs, show, showOutput } from "./functions/show";
export { CliScriptConfig, type CliScriptConfigArgs } from "./resources/cli-script-config";
export {
  type DeviceArgs,
  type DeviceTimeoutArgs,
  type DeviceTlsArgs,
  deviceFromConfig,
} from "./resources/device";
export { DeviceReset, type DeviceResetArgs } from "./resources/device-reset";
export { IncrementalIniConfig, type IncrementalIniConfigArgs } from "./resources/incremental-ini-config";
export type { CellArg, IniArgs, ParameterArg } from "./resources/ini-arguments";
export { IniConfig, type IniConfigArgs } from "./resources/ini-config";
export { SavedConfiguration, type SavedConfigurationArgs } from "./resources/saved-configuration";
