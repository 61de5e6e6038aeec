import * as pulumi from "@pulumi/pulumi";

import thunk = require("../thunks/software-load");

import { type DeviceArgs, deviceInput } from "./device";
import { type ArgumentNames, refuseUnknownArguments } from "./known-arguments";
import { isOfType, offerUnset, type Registration, registration } from "./registration";
import { resourceSubject } from "./run-error";
import { type SourceArg, sourceInputs } from "./source-file";
import { storable } from "./storable";

const provider = storable(thunk);

/** The arguments of {@link SoftwareLoad}. */
export interface SoftwareLoadArgs {
  device: pulumi.Input<DeviceArgs>;
  /**
   * The `.cmp` file: a path, a relative one from the program's folder, or a `FileAsset`. Its content is compared by
   * digest; another path to the same content changes nothing.
   */
  source: SourceArg;
  /**
   * The version that the file holds, as the device's status gives it: `7.40A.250.440`. The file does not tell it;
   * a device that already runs it gets no upload.
   */
  version: pulumi.Input<string>;
  /**
   * Whether the load is activated by a switchover of a high-availability pair, which keeps the service (LTRT-41760
   * section 6.3.1), in place of a reset. `true` is refused on a device that is no pair in operation. Default: `auto`,
   * a switchover on a pair and a reset elsewhere. A device that was a pair and has lost its partner is not reset by
   * `auto`: that is refused until the partner is back, or `false` permits it.
   */
  hitless?: pulumi.Input<boolean | "auto">;
  /** Load a version that is older than the one that the device runs. Default: false, which refuses it. */
  allowDowngrade?: pulumi.Input<boolean>;
  /**
   * Upload also if the device runs `version` already: on create, and whenever the content of the file changes. Set
   * to true, it also has a load sent again that failed. Default: false, which records the digest of such a file and
   * uploads nothing.
   */
  reinstall?: pulumi.Input<boolean>;
}

const ARGUMENTS: ArgumentNames<SoftwareLoadArgs> = {
  device: true,
  source: true,
  version: true,
  hitless: true,
  allowDowngrade: true,
  reinstall: true,
};

/**
 * The software that a device runs (PUT `/files/software`, LTRT-41760 section 6.3). **An upload resets the device**, or
 * on a high-availability pair has it switch over. What is not saved yet is saved before.
 *
 * A device that already runs `version` is left alone. After an upload the device has to report `version`, else the
 * resource fails with the version that it runs; a reset may take `timeouts.resetSeconds`. A device on which somebody
 * loaded another version is drift, and the next `up` heals it. A load that failed is not sent again by itself, since each
 * time resets the device: declare another file or version, or set `reinstall`. A delete leaves the device as it is.
 *
 * Throws RunError in the program for a `source` that is missing, empty or unreadable.
 *
 * @example
 * ```ts
 * new SoftwareLoad("load", { device, source: "firmware/sbc-7.40A.500.010.cmp", version: "7.40A.500.010" });
 * ```
 */
export class SoftwareLoad extends pulumi.dynamic.Resource {
  /** What Pulumi calls the type of this resource. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/mediant:SoftwareLoad";

  declare readonly device: pulumi.Output<pulumi.Unwrap<DeviceArgs>>;
  /** The path as it was declared. */
  declare readonly source: pulumi.Output<string>;
  /** The version that the device runs: the declared one or, after a refresh, the one that was found. */
  declare readonly version: pulumi.Output<string>;
  declare readonly hitless: pulumi.Output<boolean | "auto" | undefined>;
  declare readonly allowDowngrade: pulumi.Output<boolean | undefined>;
  declare readonly reinstall: pulumi.Output<boolean | undefined>;
  /** SHA-256 of the file, 64 hex digits in lower case. */
  declare readonly sha256: pulumi.Output<string>;
  /** What the device ran before the last upload; undefined if there was none. */
  declare readonly previousVersion: pulumi.Output<string | undefined>;

  /** Whether a value is one, also if it comes from another copy of this package. */
  static override isInstance(value: unknown): value is SoftwareLoad {
    return isOfType(value, SoftwareLoad.__pulumiType);
  }

  constructor(name: string, args: SoftwareLoadArgs, opts?: pulumi.CustomResourceOptions) {
    const subject = resourceSubject("SoftwareLoad", name);
    refuseUnknownArguments(args, ARGUMENTS, subject);
    const { version, hitless, allowDowngrade, reinstall } = args;
    const of: Registration = {
      type: "SoftwareLoad",
      provider,
      name,
      opts,
      inputs: {
        device: deviceInput(args.device, subject),
        ...sourceInputs("source", args.source, subject),
        version,
        hitless,
        allowDowngrade,
        reinstall,
      },
      outputs: ["previousVersion"],
    };
    super(...registration(of));
    offerUnset(this, of);
  }
}
