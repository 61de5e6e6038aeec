import { isRecord } from "../declare/rules";
import type { Difference, Properties } from "./differences";
import type { FlagKind } from "./model";
import type { Operation } from "./run";

/** What a resource of a kind does to its device, if the log of the run does not say it. */
export function flagByKind(
  type: string,
  operation: Operation,
  differences: readonly Difference[],
  target: Properties,
): { kinds: FlagKind[]; text: string } | undefined {
  if (operation !== "create" && operation !== "update" && operation !== "replace") return undefined;
  const isNew = operation !== "update";
  const changed = (...names: string[]) => isNew || differences.some(({ address }) => names.includes(address));
  const onDevice = isNew || differences.some((difference) => difference.onDevice);
  switch (type) {
    case "FullIniConfig":
    case "FullCliScriptConfig":
      return onDevice
        ? { kinds: ["reset"], text: "loads the whole configuration, which resets the device" }
        : undefined;
    case "SoftwareLoad":
      if (!changed("version", "sha256", "reinstall")) return undefined;
      return target["hitless"] === true
        ? { kinds: ["upload", "switchover"], text: "uploads a software load, switchover" }
        : {
            kinds: ["upload", "reset"],
            text: "uploads a software load, resets the device (a pair: switchover)",
          };
    case "DeviceLicense":
      if (!changed("key", "sha256", "licenseFile", "serialNumber")) return undefined;
      return { kinds: ["reset"], text: "installs a licence, which resets the device" };
    case "AuxiliaryFile":
      return changed("sha256", "source", "kind") ? { kinds: ["upload"], text: "uploads a file" } : undefined;
    case "DeviceReset":
      return changed("triggers") || differences.some(({ address }) => address.startsWith("triggers"))
        ? { kinds: ["reset"], text: "resets the device" }
        : undefined;
    default:
      return isRecord(target["confirm"]) && target["confirm"]["onFailure"] === "reset" && onDevice
        ? { kinds: ["reset"], text: "if a check fails after the change, the device is reset without saving" }
        : undefined;
  }
}
