/** `npm run demo:record`: plays the demo and writes `docs/demo.svg`, which the README shows. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { svgOf } from "./svg";

const ROOT = join(__dirname, "..");

function play(): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "demo.ts")], {
      cwd: ROOT,
      env: { ...process.env, FORCE_COLOR: "1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(text) : reject(new Error(`the demo ended with ${code}`)),
    );
  });
}

play().then(
  (text) => {
    const file = join(ROOT, "docs", "demo.svg");
    writeFileSync(file, svgOf(text));
    console.log(file);
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
