import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { Transport } from "../device/http/transport";
import { withoutLogin } from "../doctor/access";
import { withSkipped } from "../doctor/check";
import { type Examined, examineWay } from "../doctor/examine";
import { examineDevice } from "../doctor/examine-device";
import type { ProfileFile } from "../doctor/profile";
import { reportOf, reportText } from "../doctor/report";
import { PROFILE_ENDING, parseProfile } from "../probe/profile";
import { messageOf } from "../text/message";
import {
  type ConnectionOptions,
  connectionOf,
  NoLogin,
  reachOf,
  withConnection,
  withSigns,
} from "./connection";
import { exitCodes, UsageError } from "./outcome";
import { progress, say } from "./terminal";

interface DoctorOptions extends ConnectionOptions {
  json?: boolean;
  profiles: string;
}

const EXAMPLES = [
  "doctor --url https://sbc1.example.com",
  "doctor --url https://sbc1.example.com --username ops",
  "doctor --url https://192.0.2.1 --fingerprint 5A:0C:...:E1",
  "doctor --profile sbc1 --json",
];

const HELP = `
Only GETs are sent, and the password only over a connection that is trusted. The first wrong password ends it, for
failed logins lock the account. A warning is no failure. Without a login it shows the certificate and its fingerprint.

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
  const settings = { ...options, allowHttp: true };
  const reach = reachOf(settings);
  const way = await withSigns(reach.name, examineWay(reach, options.allowHttp === true));
  // The certificate is looked at before somebody is asked for a password.
  const inside: Examined =
    way.missing === undefined ? await lookInside(settings, profiles) : { checks: [], missing: way.missing };
  const checks = withSkipped([...way.checks, ...inside.checks], inside.missing ?? "");
  const report = reportOf(reach.name, reach.origin, checks);
  say(json ? JSON.stringify(report, undefined, 2) : reportText(report, process.stdout.columns).trimEnd());
  process.exitCode = report.result === "failed" ? exitCodes.failed : exitCodes.done;
}

async function lookInside(options: ConnectionOptions, profiles: readonly ProfileFile[]): Promise<Examined> {
  try {
    const connection = await connectionOf(options);
    const transport = new Transport(connection, { log: progress });
    return await withSigns(connection.name, examineDevice(transport, connection, profiles));
  } catch (error) {
    if (!(error instanceof NoLogin)) throw error;
    return { checks: [withoutLogin(error.message)], missing: "nothing is asked without a login" };
  }
}

function profilesIn(folder: string): ProfileFile[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(PROFILE_ENDING));
  } catch {
    throw new UsageError(`--profiles ${folder}: is not a folder that can be read`);
  }
  return names.sort().map((name) => {
    const file = join(folder, name);
    try {
      return { file, profile: parseProfile(readFileSync(file, "utf8")) };
    } catch (error) {
      return { file, problem: messageOf(error) };
    }
  });
}
