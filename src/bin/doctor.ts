import { Command } from "commander";
import { Transport } from "../device/http/transport";
import { examine } from "../doctor/examine";
import { reportOf, reportText } from "../doctor/report";
import { type ConnectionOptions, connectionOf, progress, withConnection, withSigns } from "./connection";
import { exitCodes } from "./outcome";

interface DoctorOptions extends ConnectionOptions {
  json?: boolean;
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
    .addHelpText("after", HELP)
    .action(doctor);
  return withConnection(command, EXAMPLES);
}

async function doctor({ json, ...options }: DoctorOptions): Promise<void> {
  // Whether http is allowed is one of the checks: it says whether https is there in its place.
  const connection = await connectionOf({ ...options, allowHttp: true });
  const transport = new Transport(connection, { log: progress });
  const checks = await withSigns(connection.name, examine(transport, connection, options.allowHttp === true));
  const report = reportOf(connection.name, connection.origin, checks);
  process.stdout.write(
    json ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report, process.stdout.columns),
  );
  process.exitCode = report.result === "failed" ? exitCodes.failed : exitCodes.done;
}
