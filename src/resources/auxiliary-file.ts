import { closeSync, openSync, readSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { AuxiliaryKind } from "../declare/auxiliary-kinds";
import { AUXILIARY_KINDS, HEAD_BYTES, isAuxiliaryKind, isText, textFault } from "../declare/auxiliary-kinds";

import thunk = require("../thunks/auxiliary-file");

import { type DeviceArgs, deviceInput } from "./device";
import { type ArgumentNames, refuseUnknownArguments } from "./known-arguments";
import { isLate } from "./outputs";
import { isOfType, offerUnset, type Registration, registration } from "./registration";
import { resourceSubject, runError } from "./run-error";
import { type SourceArg, sourceInputs } from "./source-file";
import { storable } from "./storable";

const provider = storable(thunk);

/** The arguments of {@link AuxiliaryFile}. */
export interface AuxiliaryFileArgs {
  device: pulumi.Input<DeviceArgs>;
  /**
   * `amd` answering machine detection, `castable` CAS table, `codertable` external coders table, `cpt` call progress
   * tones, `dialplan` dial plan, `prt` prerecorded tones, `voiceprompts` voice prompts. A device has one file of a
   * kind, but several CAS tables. Another kind replaces the resource, and leaves the old file on the device.
   */
  kind: pulumi.Input<AuxiliaryKind>;
  /**
   * The file in the device's binary form, a `.dat` as DConvert makes it: its path, from the program's folder, or a
   * FileAsset of it. What is compared is its content, not the path.
   */
  source: SourceArg;
  /**
   * Whether the load is saved to flash, without which the device's next reset loses it (LTRT-41760 section 5.2).
   * It takes the whole device: resources that differ in it are refused. Default: true.
   */
  save?: pulumi.Input<boolean>;
}

const ARGUMENTS: ArgumentNames<AuxiliaryFileArgs> = { device: true, kind: true, source: true, save: true };

/**
 * An auxiliary file on a device (PUT `/files/<kind>`, LTRT-41760 section 6.4): uploaded where its content differs
 * from what this resource loaded before, and saved. Some firmware says that a reset is needed until it takes effect;
 * a line of the log tells so.
 *
 * A device does not give the file back. What a refresh sees is its name in the ini (`CallProgressTonesFilename`, …):
 * another name than right after the load is drift, which the next `up` heals by a load; another file under the same
 * name cannot be seen. Beside an FullIniConfig, that configuration has to declare this name as well, for what the device
 * shows beside a whole configuration is drift of it. A delete leaves the file on the device.
 *
 * Throws RunError in the program for a file that is missing, empty, or text.
 *
 * @example
 * ```ts
 * new AuxiliaryFile("tones", { device: deviceFromConfig("sbc1"), kind: "cpt", source: "tones-uk.dat" });
 * ```
 */
export class AuxiliaryFile extends pulumi.dynamic.Resource {
  /** What Pulumi calls the type of this resource. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/mediant:AuxiliaryFile";

  declare readonly device: pulumi.Output<pulumi.Unwrap<DeviceArgs>>;
  declare readonly kind: pulumi.Output<AuxiliaryKind>;
  /** The path of the file. */
  declare readonly source: pulumi.Output<string>;
  declare readonly save: pulumi.Output<boolean | undefined>;
  /** SHA-256 of the file, 64 hex digits. */
  declare readonly sha256: pulumi.Output<string>;
  /** Bytes of the file that was loaded. */
  declare readonly size: pulumi.Output<number>;
  /** What the device calls the file in its ini; undefined if it does not say. */
  declare readonly fileName: pulumi.Output<string | undefined>;

  /** Whether a value is one, also if it comes from another copy of this package. */
  static override isInstance(value: unknown): value is AuxiliaryFile {
    return isOfType(value, AuxiliaryFile.__pulumiType);
  }

  constructor(name: string, args: AuxiliaryFileArgs, opts?: pulumi.CustomResourceOptions) {
    const subject = resourceSubject("AuxiliaryFile", name);
    refuseUnknownArguments(args, ARGUMENTS, subject);
    const { kind, save } = args;
    if (!isLate(kind) && !isAuxiliaryKind(kind))
      throw runError(`kind must be one of ${Object.keys(AUXILIARY_KINDS).join(", ")}`, subject);
    const refuseText = (path: string) =>
      isText(headOf(path)) ? textFault(isAuxiliaryKind(kind) ? kind : undefined) : undefined;
    const of: Registration = {
      type: "AuxiliaryFile",
      provider,
      name,
      opts,
      inputs: {
        device: deviceInput(args.device, subject),
        kind,
        ...sourceInputs("source", args.source, subject, refuseText),
        save,
      },
      outputs: ["size", "fileName"],
    };
    super(...registration(of));
    offerUnset(this, of);
  }
}

function headOf(path: string): Uint8Array {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(file, head));
  } finally {
    closeSync(file);
  }
}
