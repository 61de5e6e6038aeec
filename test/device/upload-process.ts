import { execFile } from "node:child_process";
import { DeviceClient } from "../../src/device/client";
import { digestFile, type SourceFile } from "../../src/device/upload/source-file";
import { QUICK_START } from "../shared/quick-node";
import { connectionTo } from "./server";

/** What one upload took in a process of its own. */
export interface UploadCosts {
  /** Of the sending. */
  seconds: number;
  /** By how many MB (10^6 bytes) the memory of the process grew at the most: looking at the file, and sending it. */
  extraMegabytes: number;
}

/**
 * Sends a file by the real client in a process of its own.
 * @param small a file to warm up with, so that what is measured is the size
 */
export async function uploadInProcess(
  url: string,
  form: "raw" | "multipart",
  path: string,
  small: string,
): Promise<UploadCosts> {
  const args = [...QUICK_START, __filename, url, form, path, small];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
  });
  return JSON.parse(output) as UploadCosts;
}

async function main([url = "", form = "", path = "", small = ""]: string[]): Promise<void> {
  const upload = form === "raw" ? "raw" : "multipart";
  const client = new DeviceClient(connectionTo(url, { upload }));
  const send = async (source: SourceFile) => {
    const startedAt = performance.now();
    await client.putAuxiliaryFile("voiceprompts", source, { label: "upload", log: () => {} });
    return (performance.now() - startedAt) / 1000;
  };
  await send(await digestFile(small));
  const before = process.memoryUsage.rss();
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  const seconds = await send(await digestFile(path));
  clearInterval(sampling);
  const costs: UploadCosts = { seconds, extraMegabytes: (most - before) / 1e6 };
  console.log(JSON.stringify(costs));
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
