import { readFileSync, statSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { licenseProblems } from "../declare/license";
import { LICENSE_FILE_LIMIT, readLicenseFile } from "../declare/license-file";
import { UNKNOWN } from "../declare/unknown";

import thunk = require("../thunks/device-license");

import { type DeviceArgs, deviceInput } from "./device";
import { type ArgumentNames, refuseUnknownArguments } from "./known-arguments";
import { isLate } from "./outputs";
import { isOfType, offerUnset, type Registration, registration } from "./registration";
import { refuseProblems, resourceSubject } from "./run-error";
import { type SourceArg, sourceInputs } from "./source-file";
import { storable } from "./storable";

const provider = storable(thunk);

/** The arguments of {@link DeviceLicense}: either `key` or `licenseFile`. */
export interface DeviceLicenseArgs {
  device: pulumi.Input<DeviceArgs>;
  /** The key of a stand-alone unit, as the device shows it. Always kept as a secret. */
  key?: pulumi.Input<string>;
  /** The serial number that `key` is for: a device that has another one is sent nothing. Default: not checked. */
  serialNumber?: pulumi.Input<string>;
  /**
   * A licence file, which any device takes and an HA pair needs: text with a line `S/N <serial number>` and a key for
   * each unit. Its path, from the program's folder, or a FileAsset of it. Its content is compared by digest, and never
   * enters the state.
   */
  licenseFile?: SourceArg;
}

const ARGUMENTS: ArgumentNames<DeviceLicenseArgs> = {
  device: true,
  key: true,
  serialNumber: true,
  licenseFile: true,
};

/**
 * The licence of a device (PUT `/license`, LTRT-41760 section 10). **A new key resets the device**, or both units of
 * a pair; what is not saved yet is saved before. A device that has its key already is left alone.
 *
 * Before anything is sent, the serial numbers are compared with those of the device; afterwards the device has to
 * show the key. Another key on the device is drift, and the next `up` heals it. After a switchover the two keys of a
 * licence file change places, which is no drift. A licence that a device accepts and does not show afterwards is not
 * sent again by itself, since each time resets the device. A delete leaves the licence on the device.
 *
 * Throws RunError in the program for a licence file that is missing or malformed.
 *
 * @example
 * ```ts
 * new DeviceLicense("licence", { device: deviceFromConfig("sbc1"), key: config.requireSecret("licenseKey") });
 * new DeviceLicense("pair-licence", { device: deviceFromConfig("sbc2"), licenseFile: "licences/sbc2.txt" });
 * ```
 */
export class DeviceLicense extends pulumi.dynamic.Resource {
  /** What Pulumi calls the type of this resource. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/mediant:DeviceLicense";

  declare readonly device: pulumi.Output<pulumi.Unwrap<DeviceArgs>>;
  /** A secret; as declared or, after a refresh, as found on the device. */
  declare readonly key: pulumi.Output<string | undefined>;
  declare readonly serialNumber: pulumi.Output<string | undefined>;
  /** The path of the licence file. */
  declare readonly licenseFile: pulumi.Output<string | undefined>;
  /** SHA-256 of the licence file, 64 hex digits in lower case. */
  declare readonly sha256: pulumi.Output<string | undefined>;
  /** What the key allows, in the device's words of several lines; undefined if it does not say. */
  declare readonly keyDescription: pulumi.Output<string | undefined>;

  /** Whether a value is one, also if it comes from another copy of this package. */
  static override isInstance(value: unknown): value is DeviceLicense {
    return isOfType(value, DeviceLicense.__pulumiType);
  }

  constructor(name: string, args: DeviceLicenseArgs, opts?: pulumi.CustomResourceOptions) {
    const subject = resourceSubject("DeviceLicense", name);
    refuseUnknownArguments(args, ARGUMENTS, subject);
    refuseProblems(problemsOf(args), subject);
    const { key, serialNumber, licenseFile } = args;
    const file =
      licenseFile === undefined ? undefined : sourceInputs("licenseFile", licenseFile, subject, faultOf);
    const of: Registration = {
      type: "DeviceLicense",
      provider,
      name,
      opts,
      inputs: {
        device: deviceInput(args.device, subject),
        key: key === undefined ? undefined : pulumi.secret(key),
        serialNumber,
        licenseFile: file?.source,
        sha256: file?.sha256,
      },
      outputs: ["keyDescription"],
      secretOutputs: ["key", "__mediantKeys", "__mediantTried"],
    };
    super(...registration(of));
    offerUnset(this, of);
  }
}

/** What is known of the arguments is checked now; the rest, when it is known. */
function problemsOf({ key, serialNumber, licenseFile }: DeviceLicenseArgs): string[] {
  const known = (value: unknown) => (isLate(value) ? UNKNOWN : value) as string | undefined;
  return licenseProblems({
    key: known(key),
    serialNumber: known(serialNumber),
    licenseFile: known(licenseFile),
  });
}

function faultOf(path: string): string | undefined {
  if (statSync(path).size > LICENSE_FILE_LIMIT) return "is no licence file: it is too large for one";
  return readLicenseFile(readFileSync(path, "latin1")).fault;
}
