// Writes what each device holds into a folder, for git to compare: node backup.mjs <folder> < mediant:devices
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [folder = "backup"] = process.argv.slice(2);
const devices = JSON.parse(readFileSync(0, "utf8"));
const scratch = mkdtempSync(join(tmpdir(), "backup-"));
const failed = Object.entries(devices).filter(([name, device]) => backup(name, device) !== 0);
rmSync(scratch, { recursive: true });
if (failed.length > 0) {
  console.error(`not whole: ${failed.map(([name]) => name).join(", ")}`);
  process.exitCode = 1;
}

/** One that fails keeps its files of the last time; the others go on. */
function backup(name, { url, profile, username, tls = {} }) {
  const options = {
    name,
    url,
    profile,
    username,
    fingerprint: tls.fingerprint256,
    servername: tls.servername,
  };
  if (tls.ca !== undefined) {
    options.ca = join(scratch, `${name}.pem`);
    writeFileSync(options.ca, tls.ca);
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const args = given.flatMap(([option, value]) => [`--${option}`, value]);
  return spawnSync("npx", ["pulumi-mediant", "backup", "--out", folder, ...args], { stdio: "inherit" })
    .status;
}
