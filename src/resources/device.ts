import * as pulumi from "@pulumi/pulumi";
import { checkSettings, type DeviceSettings } from "../declare/device";
import { setCommand } from "../declare/stack-setting";
import { isUnknown, UNKNOWN } from "../declare/unknown";
import { isKnown, isLate, settledValue } from "./outputs";
import { refuseProblems, runError, type Subject } from "./run-error";

/** How the certificate of a device is trusted. Without any of it: the authorities that Node trusts. */
export interface DeviceTlsArgs {
  /** PEM text of certificates to trust beside the usual authorities. */
  ca?: pulumi.Input<string>;
  /**
   * SHA-256 of the device's own certificate, 64 hex digits with or without colons. A match replaces the check of
   * chain and name.
   */
  fingerprint256?: pulumi.Input<string>;
  /** The name that the certificate is checked against. Default: the host of the url. */
  servername?: pulumi.Input<string>;
  /** Accept any certificate; a warning says so. Default: false. */
  insecureSkipVerify?: pulumi.Input<boolean>;
}

/** How long a device is waited for; whole or fractional seconds. */
export interface DeviceTimeoutArgs {
  /** A request without a byte is given up after this. Default: 60. */
  requestSeconds?: pulumi.Input<number>;
  /** A busy device (409) is asked again for this long. Default: 300. */
  conflictSeconds?: pulumi.Input<number>;
  /** A device may take this long to come back from a reset. Default: 900. */
  resetSeconds?: pulumi.Input<number>;
}

/**
 * The connection to one device. Either `url` or `profile` is needed.
 *
 * A user of the device with the Security Administrator level is needed (LTRT-41760 section 2).
 */
export interface DeviceArgs {
  /**
   * The label in logs, and part of the identity of every resource: another name is another device, and replaces.
   * Default: the name given to {@link deviceFromConfig}, else the profile, else `host[:port]`.
   */
  name?: pulumi.Input<string>;
  /** `https://host[:port]`; the API's own path is added. Default: the profile's. */
  url?: pulumi.Input<string>;
  /** A section of the credentials file, read where a request is made: nothing of it enters the state. */
  profile?: pulumi.Input<string>;
  /** Default: the profile's, else `$MEDIANT_USERNAME`. */
  username?: pulumi.Input<string>;
  /** Kept as a secret. Default: the profile's, else `$MEDIANT_PASSWORD`, read where a request is made. */
  password?: pulumi.Input<string>;
  tls?: pulumi.Input<DeviceTlsArgs>;
  /** Allow plain `http://` to a host that is not loopback, although it sends the password in clear. Default: false. */
  allowHttp?: pulumi.Input<boolean>;
  /** The form of uploads. Default: `auto`, by firmware: `raw` for 7.0, `multipart` for 7.2 and later. */
  upload?: pulumi.Input<"auto" | "raw" | "multipart">;
  /**
   * What goes out of a table in which something changes: the `whole` table, safe with any firmware, or only the
   * `rows` that differ, for firmware known to keep the others: `incrementalTables` in the profile that
   * `pulumi-mediant probe` wrote of this very version on a lab device. Default: `whole`.
   */
  incrementalTables?: pulumi.Input<"whole" | "rows">;
  /**
   * Say that another device is meant. The state keeps which device it was: by its serial number; by address and product
   * if the firmware tells none, and for a high-availability pair, whose units answer in turns. If another one answers
   * under the same name, the preview says so and `up` refuses to write to it. With `true` it is taken for the device,
   * and every resource is made on it anew; what was remembered of the old one, such as the values that
   * `onRelease: "restore"` puts back, is forgotten. Take it out again afterwards. Default: false.
   */
  replaceDevice?: pulumi.Input<boolean>;
  /**
   * A folder on the machine that runs Pulumi. Before the first change of a run, what the device held is written there:
   * `<device>.<time>.ini`, or `.cli` if a CLI script makes the change, readable by its owner alone, with secrets as the
   * device obscures them. No further request is sent for it. `npx pulumi-mediant restore` brings a device back to such
   * an ini. Default: nowhere.
   */
  keepBefore?: pulumi.Input<string>;
  timeouts?: pulumi.Input<DeviceTimeoutArgs>;
}

/**
 * A device from the stack's configuration.
 *
 * @param name an entry of the object `mediant:devices`, which is also the device's name; without it
 * `mediant:url`, `mediant:username` and `mediant:password` are read
 * @throws RunError if the entry is missing or malformed
 * @example
 * ```yaml
 * config:
 *   mediant:devices:
 *     sbc1: { url: "https://sbc1.example.com", username: Admin, password: { secure: … } }
 * ```
 */
export function deviceFromConfig(name?: string): DeviceArgs {
  if (name === undefined) {
    const config = new pulumi.Config("mediant");
    const url = config.require("url");
    // `get` warns about a value that is stored as a secret, and a password should be.
    return withSecretPassword({
      url,
      username: config.get("username"),
      password: config.getSecret("password"),
    });
  }
  const devices = configObject("mediant:devices", name);
  const found = Object.hasOwn(devices, name) ? devices[name] : undefined;
  if (typeof found !== "object" || found === null) {
    const known = Object.keys(devices).sort().join(", ") || "none";
    const missing = `mediant:devices has no device ${JSON.stringify(name)} (it has: ${known})`;
    throw runError(`${missing}; add it: ${setUrl(name)}`);
  }
  refuseProblems(checkSettings(found, `mediant:devices.${name}`));
  return withSecretPassword({ name, ...found });
}

/** The command that makes an entry for a device. */
function setUrl(name: string): string {
  return setCommand(name, "url", /^[\w-]+$/.test(name) ? `https://${name}.example.com` : "https://…");
}

function configObject(key: string, name: string): Record<string, unknown> {
  const text = pulumi.runtime.getConfig(key);
  if (text === undefined)
    throw runError(`the stack's configuration has no ${key}; name the first device: ${setUrl(name)}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined; // the parser's own words would quote the text, with the passwords in it
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw runError(`${key} must be an object of devices by name`);
  }
  return value as Record<string, unknown>;
}

/**
 * The device as an input of a resource: the password a secret, everything that is known already checked.
 *
 * @throws RunError that lists what is missing, malformed or unsafe
 */
export function deviceInput(device: pulumi.Input<DeviceArgs>, subject: Subject): pulumi.Input<DeviceArgs> {
  if (isLate(device)) {
    return pulumi.output(device).apply((known) => {
      refuseProblems(checkSettings(known, "device"), subject);
      return withSecretPassword(known);
    });
  }
  refuseProblems(checkSettings(knownParts(device), "device", isUnknown), subject);
  return withSecretPassword(device);
}

/** The settings of a device for a request from the program itself; rejects where one of them is not known yet. */
export async function deviceSettings(
  device: pulumi.Input<DeviceArgs>,
  otherwise: string,
): Promise<DeviceSettings> {
  const output = pulumi.output(device);
  if (!(await isKnown(output))) throw runError(`the device is not known yet: use ${otherwise}`);
  return (await settledValue(output)) as DeviceSettings;
}

function withSecretPassword(device: DeviceArgs): DeviceArgs {
  return device.password === undefined ? device : { ...device, password: pulumi.secret(device.password) };
}

/** What is plain of a value; a placeholder stands for the rest. */
function knownParts(value: unknown): unknown {
  if (isLate(value)) return UNKNOWN;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, knownParts(part)]));
}
