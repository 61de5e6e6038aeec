export type { AuxiliaryKind } from "./declare/auxiliary-kinds";
export type {
  ConfirmArgs,
  ConfirmChecks,
  ConfirmMonitorCheck,
  HealthChecks,
  MonitorCheck,
  ShowCheck,
} from "./declare/checks";
export type { Alarm, AlarmCursor, AlarmKind, AlarmList, AlarmSeverity } from "./device/answers/alarms";
export type { License } from "./device/answers/license";
export type { PerformanceInterval, PerformanceMonitor, PerformanceValue } from "./device/answers/performance";
export type { DeviceStatus } from "./device/answers/status";
export { DeviceError, type DeviceErrorCode, type DeviceErrorPlace, isDeviceError } from "./device/errors";
export {
  type AssertHealthyArgs,
  type AssertHealthyOutputArgs,
  assertHealthy,
  assertHealthyOutput,
} from "./functions/assert-healthy";
export { type GetAlarmArgs, type GetAlarmOutputArgs, getAlarm, getAlarmOutput } from "./functions/get-alarm";
export {
  type GetAlarmsArgs,
  type GetAlarmsOutputArgs,
  getAlarms,
  getAlarmsOutput,
} from "./functions/get-alarms";
export {
  type ApiEntry,
  type DeviceApi,
  type GetApiArgs,
  type GetApiOutputArgs,
  getApi,
  getApiOutput,
} from "./functions/get-api";
export {
  type CliDiff,
  type CliScriptChange,
  type GetCliDiffArgs,
  type GetCliDiffOutputArgs,
  getCliDiff,
  getCliDiffOutput,
} from "./functions/get-cli-diff";
export {
  type CliScriptLine,
  type DeviceCliScript,
  type GetCliScriptArgs,
  type GetCliScriptOutputArgs,
  getCliScript,
  getCliScriptOutput,
} from "./functions/get-cli-script";
export {
  type DeviceIni,
  type GetIniArgs,
  type GetIniOutputArgs,
  getIni,
  getIniOutput,
} from "./functions/get-ini";
export {
  type GetIniDiffArgs,
  type GetIniDiffOutputArgs,
  getIniDiff,
  getIniDiffOutput,
  type IniChange,
  type IniDiff,
} from "./functions/get-ini-diff";
export {
  type GetLicenseArgs,
  type GetLicenseOutputArgs,
  getLicense,
  getLicenseOutput,
} from "./functions/get-license";
export {
  type GetPerformanceMonitorArgs,
  type GetPerformanceMonitorOutputArgs,
  type GetPerformanceValueArgs,
  type GetPerformanceValueOutputArgs,
  getPerformanceMonitor,
  getPerformanceMonitorOutput,
} from "./functions/get-performance-monitor";
export {
  type GetPerformanceMonitorsArgs,
  type GetPerformanceMonitorsOutputArgs,
  getPerformanceMonitors,
  getPerformanceMonitorsOutput,
} from "./functions/get-performance-monitors";
export {
  type GetStatusArgs,
  type GetStatusOutputArgs,
  getStatus,
  getStatusOutput,
} from "./functions/get-status";
export type { OutputArgs } from "./functions/output-form";
export { type ShowArgs, type ShowOutputArgs, show, showOutput } from "./functions/show";
export type { Row, Table, Value } from "./ini/configuration";
export { AuxiliaryFile, type AuxiliaryFileArgs } from "./resources/auxiliary-file";
export { CliScriptConfig, type CliScriptConfigArgs } from "./resources/cli-script-config";
export {
  type DeviceArgs,
  type DeviceTimeoutArgs,
  type DeviceTlsArgs,
  deviceFromConfig,
} from "./resources/device";
export { DeviceLicense, type DeviceLicenseArgs } from "./resources/device-license";
export { DeviceReset, type DeviceResetArgs } from "./resources/device-reset";
export { FullCliScriptConfig, type FullCliScriptConfigArgs } from "./resources/full-cli-script-config";
export { FullIniConfig, type FullIniConfigArgs } from "./resources/full-ini-config";
export { IncrementalIniConfig, type IncrementalIniConfigArgs } from "./resources/incremental-ini-config";
export type { IniArgs } from "./resources/ini-arguments";
export type { VariablesArg } from "./resources/ini-placeholders";
export type * from "./resources/names/device-names";
export { SavedConfiguration, type SavedConfigurationArgs } from "./resources/saved-configuration";
export { SoftwareLoad, type SoftwareLoadArgs } from "./resources/software-load";
export type { SourceArg } from "./resources/source-file";
