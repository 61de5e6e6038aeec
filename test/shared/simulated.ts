import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator";
import "./prompt-devices";

const seenPorts = new Set<number>();

/** What a process knows of a device goes by its origin, so no two simulators of a test file share a port. */
export async function startFresh(options: SimulatorOptions): Promise<Simulator> {
  const simulator = await startSimulator({ resetSeconds: 0.1, ...options });
  if (!seenPorts.has(simulator.port)) {
    seenPorts.add(simulator.port);
    return simulator;
  }
  const another = await startFresh(options);
  await simulator.close();
  return another;
}

/** A request as people write it: `PUT /files/cpt`, without the API's prefix. */
export function requestText({ method, path }: { method: string; path: string }): string {
  return `${method} ${path.replace("/api/v1", "")}`;
}

/** Gives, each time, the requests that arrived since the last time. */
export function requestLog({ simulator }: { simulator: Pick<Simulator, "requests"> }): () => string[] {
  let from = simulator.requests.length;
  return () => {
    const fresh = simulator.requests.slice(from);
    from = simulator.requests.length;
    return fresh.map(requestText);
  };
}
