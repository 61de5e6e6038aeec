import { shellQuoted } from "../text/shell";

/** The path of a setting of a device in the stack's configuration: `mediant:devices.sbc1.url`. */
function settingPath(device: string, setting: string): string {
  const part = /^[A-Za-z0-9_-]+$/.test(device) ? `.${device}` : `[${JSON.stringify(device)}]`;
  return `mediant:devices${part}.${setting}`;
}

/**
 * The command that puts a setting of a device into the stack's configuration; Pulumi asks for the value if there is
 * none here.
 */
export function setCommand(device: string, setting: string, value?: string): string {
  const secret = setting === "password" ? "--secret " : "";
  const path = shellQuoted(settingPath(device, setting));
  return `pulumi config set ${secret}--path ${path}${value === undefined ? "" : ` ${value}`}`;
}
