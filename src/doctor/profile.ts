import type { FirmwareProfile } from "../probe/profile";
import { sanitise } from "../text/sanitise";
import { type Check, ok, skipped, warning } from "./check";

/** A file that is called like a profile. */
export interface ProfileFile {
  file: string;
  /** Undefined if it cannot be read as one; `problem` says why. */
  profile?: FirmwareProfile;
  problem?: string;
}

/** Which of the profiles on this machine fits the firmware. @param version `versionID` of the device */
export function profileCheck(version: string | undefined, files: readonly ProfileFile[]): Check {
  if (version === undefined) return skipped("profile", "this firmware does not tell its version");
  const fit = files.find(({ profile }) => profile?.firmware === version);
  if (fit?.profile !== undefined) {
    const { incrementalTables } = fit.profile;
    return ok("profile", `${fit.file} fits: incrementalTables can be ${incrementalTables}`);
  }
  const broken = files.find(({ problem }) => problem !== undefined);
  if (broken !== undefined)
    return warning(
      "profile",
      `${broken.file} cannot be read as a profile: ${sanitise(broken.problem ?? "")}`,
      "write it anew with `npx pulumi-mediant probe` on a lab device",
    );
  return ok("profile", `no profile here is for ${sanitise(version)}: the safest behaviour is assumed`);
}
