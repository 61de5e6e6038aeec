import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { DeviceSettings } from "../../src/declare/device";
import type { SimulatorOptions } from "../../src/simulator";

/** A simulated device in another process: what it takes is not our time. */
export interface BenchDevice {
  settings: DeviceSettings & { url: string };
  /** All requests so far, each as `GET /api/v1/…`. */
  requests(): Promise<string[]>;
  /** Sends an ini file as somebody else does. */
  changeByHand(ini: string): Promise<void>;
  close(): void;
}

let devices = 0;

export async function startDevice(options: SimulatorOptions): Promise<BenchDevice> {
  const child = fork(join(__dirname, "device-process.ts"), {
    execArgv: ["--import", "tsx"],
    stdio: ["pipe", "inherit", "inherit", "ipc"],
  });
  child.stdin?.end(JSON.stringify(options));
  const [url] = (await once(child, "message")) as [string];
  return {
    settings: { name: `bench${++devices}`, url, username: "Admin", password: "Admin" },
    async requests() {
      child.send("requests");
      const [requests] = (await once(child, "message")) as [string[]];
      return requests;
    },
    async changeByHand(ini) {
      const body = new FormData();
      body.set("file", new Blob([ini]), "ini.ini");
      const authorization = `Basic ${Buffer.from("Admin:Admin").toString("base64")}`;
      const path = `${url}/api/v1/files/ini/incremental`;
      const answer = await fetch(path, { method: "PUT", body, headers: { authorization } });
      if (!answer.ok) throw new Error(`the device answered ${answer.status}`);
      await answer.arrayBuffer();
    },
    close: () => child.disconnect(),
  };
}
