import { isUnknown } from "./unknown";

/** A licence as it is declared: a key, or a file. */
interface DeclaredLicense {
  key?: string;
  serialNumber?: string;
  licenseFile?: string;
}

/** What is wrong with what is declared of a licence, one sentence each, without a key. */
export function licenseProblems({ key, serialNumber, licenseFile }: DeclaredLicense): string[] {
  if ((key === undefined) === (licenseFile === undefined))
    return ["exactly one of key and licenseFile is needed"];
  if (key === undefined && serialNumber !== undefined)
    return ["serialNumber is for key only: a licence file has the serial numbers in it"];
  const problems: string[] = [];
  if (!isUnknown(key) && key !== undefined && !isWord(key))
    problems.push("key must be a licence key: a text without blanks");
  if (!isUnknown(serialNumber) && serialNumber !== undefined && !isWord(serialNumber))
    problems.push("serialNumber must be a text without blanks");
  return problems;
}

function isWord(value: unknown): boolean {
  return typeof value === "string" && /^[!-~]+$/.test(value);
}
