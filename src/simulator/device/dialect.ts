/** How one edition of the firmware differs from another at its interface. */
export interface Dialect {
  /** 7.0 or earlier: the edition of LTRT-41760. */
  old: boolean;
  /** The form in which files are taken. */
  upload: "raw" | "multipart";
  /** Answers JSON as the manual prints it: trailing commas, a missing comma, a missing quote. */
  sloppyJson: boolean;
}

/** @param firmware a version as `versionID` shows it: `7.00A.018.005`, `7.40A.250.440` */
export function dialectOf(firmware: string): Dialect {
  const old = /^(?:7\.0|[0-6]\.)/.test(firmware);
  return { old, upload: old ? "raw" : "multipart", sloppyJson: old };
}
