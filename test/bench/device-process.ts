/** A simulated device in a process of its own: takes its options as JSON, prints its url and ends with its parent. */
import { readFileSync } from "node:fs";
import { type SimulatorOptions, startSimulator } from "../../src/simulator";

async function main(): Promise<void> {
  const options = JSON.parse(readFileSync(0, "utf8")) as SimulatorOptions;
  const simulator = await startSimulator(options);
  process.on("disconnect", () => process.exit());
  process.on("message", () =>
    process.send?.(simulator.requests.map(({ method, path }) => `${method} ${path}`)),
  );
  process.send?.(simulator.url);
}

void main();
