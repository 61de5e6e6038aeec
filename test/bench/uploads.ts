import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { uploadInProcess } from "../device/upload-process";
import { startDevice } from "./device";
import { elapsed } from "./measure";
import type { Figure, Section } from "./report";

const BYTES = 300_000_000;
/** 1 Gbit/s. */
const WIRE = 125_000_000;
/** As the process that sends logs in. */
const USER = { username: "Admin", password: "pass-word-1", level: "Security Administrator" as const };
const FORMS = ["raw", "multipart"] as const;

/** What it takes to send a large file, beside curl. */
export async function uploads(): Promise<readonly Section[]> {
  const folder = await mkdtemp(join(tmpdir(), "mediant-bench-"));
  try {
    const [large, small] = [join(folder, "load.cmp"), join(folder, "small.cmp")];
    await writeFile(large, "");
    await truncate(large, BYTES);
    await writeFile(small, Buffer.alloc(1_000_000));
    return [await overWire(large, small), await overLoopback(large, small)];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function overWire(large: string, small: string): Promise<Section> {
  const figures: Figure[] = [];
  for (const form of FORMS) {
    const { settings, close } = await startDevice({
      upload: form,
      uploadBytesPerSecond: WIRE,
      users: [USER],
    });
    const { ours, other, megabytes } = await best({ url: settings.url, form, large, small }, 1).finally(
      close,
    );
    const ratio = other === undefined ? undefined : other / ours;
    figures.push(figureOf(form, { ours, other, megabytes }, ratio, { atLeast: 0.98 }));
  }
  return {
    title: `${BYTES / 1e6} MB to a device over 1 Gbit/s, s; the ratio is our throughput by that of curl`,
    figures,
  };
}

async function overLoopback(large: string, small: string): Promise<Section> {
  const server = spawn(process.execPath, ["--import", "tsx", join(__dirname, "upload-server.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(server.stdout, "data")) as [Buffer];
    const url = `http://127.0.0.1:${port.toString().trim()}`;
    const figures: Figure[] = [];
    for (const form of FORMS) {
      const { ours, other, megabytes } = await best({ url, form, large, small }, 3);
      const ratio = other === undefined ? undefined : ours / other;
      figures.push(figureOf(form, { ours, other, megabytes }, ratio, { atMost: 2 }));
    }
    return {
      title: `${BYTES / 1e6} MB over the loopback without any limit, s; ours is digested on the way; the ratio is our time by that of curl`,
      figures,
    };
  } finally {
    server.kill();
  }
}

function figureOf(
  what: string,
  { ours, other, megabytes }: { ours: number; other: number | undefined; megabytes: number },
  ratio: number | undefined,
  target: Figure["target"],
): Figure {
  const measured = { ours, ...(other === undefined ? {} : { curl: other }), "extra MB at most": megabytes };
  return { what, measured, ratio, target, ...(other === undefined ? { skipped: "there is no curl" } : {}) };
}

async function best(
  { url, form, large, small }: { url: string; form: (typeof FORMS)[number]; large: string; small: string },
  runs: number,
): Promise<{ ours: number; other: number | undefined; megabytes: number }> {
  const ours = [];
  const curls: number[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(await uploadInProcess(url, form, large, small));
    const seconds = await curl(url, form, large);
    if (seconds !== undefined) curls.push(seconds);
  }
  return {
    ours: Math.min(...ours.map(({ seconds }) => seconds)),
    other: curls.length === 0 ? undefined : Math.min(...curls),
    megabytes: Math.max(...ours.map(({ extraMegabytes }) => extraMegabytes)),
  };
}

/** Seconds; undefined where there is no curl. */
async function curl(url: string, form: "raw" | "multipart", path: string): Promise<number | undefined> {
  const bare = ["-H", "Content-Type: application/octet-stream", "-T", path];
  const file = form === "raw" ? bare : ["-X", "PUT", "-F", `file=@${path}`];
  const target = `${url}/api/v1/files/voiceprompts`;
  const args = ["-sS", "-f", "-u", `${USER.username}:${USER.password}`, "-H", "Expect:", ...file, target];
  try {
    return (await elapsed(() => promisify(execFile)("curl", args))) / 1000;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
