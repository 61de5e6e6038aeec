/** `npx tsx lab.ts`: starts the inventory's devices as simulated ones. A name that is typed gets an alarm, or loses it. */
import { createInterface } from "node:readline";
import { type Simulator, startSimulator } from "pulumi-mediant/simulator";
import { readInventory } from "./devices";

async function main(): Promise<void> {
  const devices = new Map<string, Simulator>();
  for (const { name, connection, firmware } of readInventory().devices) {
    const { hostname, port } = new URL(connection.url ?? "");
    if (hostname !== "127.0.0.1") throw new Error(`${name} is not at 127.0.0.1: only a simulated device is`);
    const simulator = await startSimulator({
      port: Number(port),
      ...(firmware === undefined ? {} : { firmware }),
    });
    devices.set(name, simulator);
    console.log(`${simulator.url}  ${name}`);
  }
  console.log(
    "User and password are Admin. A name and Enter: a critical alarm, or its end. Ctrl-C ends all.",
  );

  const alarms = new Map<string, string>();
  createInterface({ input: process.stdin }).on("line", (line) => {
    const name = line.trim();
    const simulator = devices.get(name);
    if (simulator === undefined) {
      if (name !== "") console.log(`there is no device ${name}`);
      return;
    }
    const raised = alarms.get(name);
    if (raised === undefined) {
      alarms.set(name, simulator.alarms.raise({ severity: "critical", description: "Trunk is down" }));
    } else {
      simulator.alarms.clear(raised);
      alarms.delete(name);
    }
    console.log(`${name}: ${raised === undefined ? "a critical alarm" : "healthy again"}`);
  });
}

main().catch((error: NodeJS.ErrnoException) => {
  const isTaken = error.code === "EADDRINUSE";
  console.error(`${error.message}${isTaken ? ": does another lab run? Else give the urls other ports" : ""}`);
  process.exit(1);
});
