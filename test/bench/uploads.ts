import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { uploadInProcess } from "../device/upload-process";
import { type Cell, elapsed, ratio } from "./measure";

/** What the best of some runs took. */
const RUNS = 3;

/** What it takes to send a file of so many bytes, beside curl: a row for each form. */
export async function uploadCosts(bytes: number): Promise<Cell[][]> {
  const folder = await mkdtemp(join(tmpdir(), "mediant-bench-"));
  const server = spawn(process.execPath, ["--import", "tsx", join(__dirname, "upload-server.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(server.stdout, "data")) as [Buffer];
    const url = `http://127.0.0.1:${port.toString().trim()}`;
    const [large, small] = [join(folder, "load.cmp"), join(folder, "small.cmp")];
    await writeFile(large, "");
    await truncate(large, bytes);
    await writeFile(small, Buffer.alloc(1_000_000));
    const rows: Cell[][] = [];
    for (const form of ["raw", "multipart"] as const) {
      const runs = [];
      const curls = [];
      for (let run = 0; run < RUNS; run++) {
        runs.push(await uploadInProcess(url, form, large, small));
        curls.push(await curl(url, form, large));
      }
      const seconds = Math.min(...runs.map((run) => run.seconds));
      const curlSeconds = Math.min(...curls);
      rows.push([
        form,
        seconds.toFixed(2),
        Number.isFinite(curlSeconds) ? curlSeconds.toFixed(2) : "no curl",
        Number.isFinite(curlSeconds) ? ratio(seconds, curlSeconds) : "",
        Math.max(...runs.map((run) => run.extraMegabytes)).toFixed(0),
      ]);
    }
    return rows;
  } finally {
    server.kill();
    await rm(folder, { recursive: true });
  }
}

/** Seconds; infinite where there is no curl. */
async function curl(url: string, form: "raw" | "multipart", path: string): Promise<number> {
  const file = form === "raw" ? ["-T", path] : ["-X", "PUT", "-F", `file=@${path}`];
  const args = ["-sS", "-f", "-H", "Expect:", ...file, `${url}/api/v1/files/voiceprompts`];
  try {
    return (await elapsed(() => promisify(execFile)("curl", args))) / 1000;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Number.POSITIVE_INFINITY;
    throw error;
  }
}
