import type { TestContext } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator";
import { requestLog } from "../shared/simulated";

/** The two dialects of the API: the manual's, and that of later firmware. */
export const DIALECTS = ["7.00A.018.005", "7.40A.250.440"] as const;

export interface Bench {
  simulator: Simulator;
  device: { name: string; url: string; username: string; password: pulumi.Output<string> };
  /** What was asked since the last call: `GET /alarms/active?limit=100`, without the API's prefix. */
  requests(): string[];
}

/** A device that ends with the test. */
export async function bench(t: TestContext, options: SimulatorOptions = {}): Promise<Bench> {
  const simulator = await startSimulator(options);
  t.after(() => simulator.close());
  return {
    simulator,
    device: { name: "sbc1", url: simulator.url, username: "Admin", password: pulumi.secret("Admin") },
    requests: requestLog({ simulator }),
  };
}

/** The value of an output, and whether it is a secret. */
export function settled<T>(output: pulumi.Output<T>): Promise<{ value: T; secret: boolean }> {
  return new Promise((resolve, reject) => {
    output.apply((value) => {
      pulumi.isSecret(output).then((secret) => resolve({ value: value as T, secret }), reject);
    });
  });
}
