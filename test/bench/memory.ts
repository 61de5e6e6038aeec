import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startSimulator } from "../../src/simulator";
import type { Section } from "./report";

const ROOT = join(__dirname, "../..");
const DEVICES = 100;
const RESOURCES = 1_000;

/** Eight resources at once, as the engine has them on two cores; what is printed is the largest resident size. */
const CODE = `
require("@pulumi/pulumi");
const { urls, resources, ours } = JSON.parse(process.env.BENCH);
const noOp = { check: async (olds, inputs) => ({ inputs }), create: async (outs) => ({ id: "id", outs }) };
const life = ours ? require("./dist/provider.js").incrementalIniConfig() : noOp;
console.log = () => {};
let next = 0;
const work = async () => {
  while (next < resources) {
    const at = next++;
    const device = { name: "sbc" + (at % urls.length), url: urls[at % urls.length], username: "Admin", password: "Admin" };
    const tables = { ProxySet: { [at + 1]: { ProxyName: "PS_" + at } } };
    const { inputs } = await life.check({}, { device, tables, __mediantName: "row-" + at });
    await life.create(inputs);
  }
};
Promise.all(Array.from({ length: 8 }, work)).then(
  () => process.stdout.write(String(process.resourceUsage().maxRSS / 1000), () => process.exit()),
  (error) => { console.error(error); process.exit(1); },
);
`;

/** What a provider process keeps in memory while it makes many resources, beside one that does nothing. */
export async function memory(): Promise<Section> {
  const simulators = await Promise.all(Array.from({ length: DEVICES }, () => startSimulator({})));
  try {
    const urls = simulators.map(({ url }) => url);
    const megabytes = async (ours: boolean) => {
      const env = { ...process.env, BENCH: JSON.stringify({ urls, resources: RESOURCES, ours }) };
      const { stdout } = await promisify(execFile)(process.execPath, ["-e", CODE], { cwd: ROOT, env });
      return Number(stdout);
    };
    const [ours, noOp] = [await megabytes(true), await megabytes(false)];
    return {
      title: `Largest resident memory of a provider process that makes ${RESOURCES} resources on ${DEVICES} devices, MB`,
      figures: [
        { what: "provider", measured: { ours, "no-op": noOp }, ratio: ours / noOp, target: { atMost: 1.5 } },
      ],
    };
  } finally {
    await Promise.all(simulators.map((simulator) => simulator.close()));
  }
}
