import type { DeviceStatus } from "./status";

/** Whether the device is busy with a software load. Firmware without the field never says so. */
export function upgradeInProgress({ upgradeStatus }: DeviceStatus): boolean {
  return upgradeStatus !== undefined && !/^(none)?$/i.test(upgradeStatus);
}

const words = new Map([
  ["none", "the upgrade has ended"],
  ["inprogress", "the upgrade is in progress"],
  ["hitlessbeforeswitchover", "hitless upgrade: the switchover comes next"],
  ["hitlessbeforeswitchback", "hitless upgrade: switched over, the switch back comes next"],
  ["hitlesswaitrdnreconnect", "hitless upgrade: waiting for the redundant unit to reconnect"],
]);

/** An `upgradeStatus` in words, for the log; one that later editions do not name as it is. */
export function upgradeWords(upgradeStatus: string): string {
  return words.get(upgradeStatus.replace(/[\s_-]+/g, "").toLowerCase()) ?? `upgrade: ${upgradeStatus}`;
}
