/** `npx tsx lab.ts [device…]`: starts the inventory's devices as simulated ones; those that are named have an alarm. */
import { startSimulator } from "pulumi-mediant/simulator";
import { readInventory } from "./devices";

async function main(): Promise<void> {
  const ill = process.argv.slice(2);
  for (const { name, connection, firmware } of readInventory().devices) {
    const { hostname, port } = new URL(connection.url ?? "");
    if (hostname !== "127.0.0.1") throw new Error(`${name} is no device of 127.0.0.1`);
    const simulator = await startSimulator({
      port: Number(port),
      ...(firmware === undefined ? {} : { firmware }),
    });
    if (ill.includes(name)) {
      simulator.alarms.raise({ severity: "Critical", description: "Trunk is down", source: "Board#1" });
    }
    console.log(`${simulator.url}  ${name}${ill.includes(name) ? "  (with a critical alarm)" : ""}`);
  }
  console.log("User and password are both Admin. Ctrl-C ends all of them.");
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
