import { Command, InvalidArgumentError } from "commander";
import { isLoadVersion, makeLicenseFile, makeSoftwareLoad } from "../simulator";
import { say } from "./terminal";
import { writtenFile } from "./written-file";

const EXAMPLE_VERSION = "7.40A.500.010";
const MEGABYTE = 1_000_000;

/** `pulumi-mediant simulate make-load`: a file to try a SoftwareLoad with. */
export function makeLoadCommand(): Command {
  return new Command("make-load")
    .description("Write a software load that a simulated device takes")
    .requiredOption(
      "--version <version>",
      `version that the device runs afterwards: ${EXAMPLE_VERSION}`,
      readVersion,
    )
    .requiredOption("--out <file>", "where to write it")
    .option("--size <megabytes>", "how large it is", readSize, 1)
    .action(async ({ version, out, size }: { version: string; out: string; size: number }) => {
      await writtenFile("--out", out, makeSoftwareLoad(version, size * MEGABYTE));
      if (out !== "-") say(`${out}: software ${version} for a simulated device, ${size} MB`);
    });
}

/** `pulumi-mediant simulate make-license`: a file to try a DeviceLicense with. */
export function makeLicenseCommand(): Command {
  return new Command("make-license")
    .description("Write a licence file that a simulated device takes")
    .requiredOption("--serial-number <number...>", "of the device, or of both units of a pair", readSerial)
    .requiredOption("--out <file>", "where to write it")
    .action(async ({ serialNumber, out }: { serialNumber: string[]; out: string }) => {
      await writtenFile("--out", out, makeLicenseFile(serialNumber));
      if (out !== "-") say(`${out}: licence for ${serialNumber.join(" and ")}`);
    });
}

function readVersion(text: string): string {
  if (!isLoadVersion(text)) throw new InvalidArgumentError(`It has the form ${EXAMPLE_VERSION}.`);
  return text;
}

function readSize(text: string): number {
  const size = Number(text);
  if (!(size >= 0.001 && size <= 500)) throw new InvalidArgumentError("It is a number from 0.001 to 500.");
  return size;
}

/** commander gives the values one by one. */
function readSerial(text: string, before: string[] = []): string[] {
  if (!/^\d{8}$/.test(text)) throw new InvalidArgumentError("It has eight digits.");
  return [...before, text];
}
