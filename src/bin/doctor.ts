import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { Transport } from "../device/http/transport";
import { examine } from "../doctor/examine";
import type { ProfileFile } from "../doctor/profile";
import { reportOf, reportText } from "../doctor/report";
import { PROFILE_ENDING, parseProfile } from "../probe/profile";
import { type ConnectionOptions, connectionOf, withConnection, withSigns } from "./connection";
import { exitCodes, UsageError } from "./outcome";
import { progress, say } from "./terminal";

interface DoctorOptions extends ConnectionOptions {
  json?: boolean;
  profiles: string;
}

const EXAMPLES = [
  "doctor --url https://sbc1.example.com --username ops",
  "doctor --url https://192.0.2.1 --fingerprint 5A:0C:...:E1",
  "doctor --profile sbc1 --json",
];

const HELP = `
Only GETs are sent, and the password only over a connection that is trusted. The first wrong password ends it, for
failed logins lock the account. A warning is no failure.

--json prints one object: device, url, result (the worst of the checks), checks. Each check has id, result (ok,
warning, failed, skipped), message, and remedy where there is something to mend.`;

/** `pulumi-mediant doctor`: what is wrong between this machine and a device, and how to mend it. */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("Say what is wrong between this machine and a device, and how to mend it")
    .option("--json", "print one JSON object")
    .option("--profiles <folder>", "where `probe` wrote profiles of firmware", ".")
    .addHelpText("after", HELP)
    .action(doctor);
  return withConnection(command, EXAMPLES);
}

async function doctor({ json, profiles: folder, ...options }: DoctorOptions): Promise<void> {
  const profiles = profilesIn(folder);
  // Whether http is allowed is one of the checks: it says whether https is there in its place.
  const connection = await connectionOf({ ...options, allowHttp: true });
  const transport = new Transport(connection, { log: progress });
  const work = examine(transport, connection, options.allowHttp === true, profiles);
  const checks = await withSigns(connection.name, work);
  const report = reportOf(connection.name, connection.origin, checks);
  say(json ? JSON.stringify(report, undefined, 2) : reportText(report, process.stdout.columns).trimEnd());
  process.exitCode = report.result === "failed" ? exitCodes.failed : exitCodes.done;
}

function profilesIn(folder: string): ProfileFile[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(PROFILE_ENDING));
  } catch {
    throw new UsageError(`--profiles ${folder}: it is no folder that can be read`);
  }
  return names.sort().map((name) => {
    const file = join(folder, name);
    try {
      return { file, profile: parseProfile(readFileSync(file, "utf8")) };
    } catch (error) {
      return { file, problem: error instanceof Error ? error.message : String(error) };
    }
  });
}
