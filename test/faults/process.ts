import { join } from "node:path";
import { REPOSITORY } from "../contract/install";
import { pinnedText, thunkName } from "../contract/thunks";
import { showPresence } from "../engine/presence";
import type { Project } from "../engine/project";
import { ProviderProcess } from "../engine/provider";
import type { ResourceState } from "../engine/state";
import type { PropertyMap } from "../engine/values";
import type { Fault } from "./matrix";
import type { Begun, LifeName, State } from "./resource";

/** A program in this repository, where the package stands as a link in a user's project does. */
const PROJECT: Project = {
  name: "faults",
  root: REPOSITORY,
  programDir: REPOSITORY,
  entryPoint: ".",
  runtimeOptions: {},
  refreshAlways: false,
};

/**
 * The methods of a resource as an engine calls them: over gRPC, in the process that the SDK starts for stored providers.
 * @param lines takes all that the process prints or logs
 */
export async function methodsInAProcess(life: LifeName, lines: string[]): Promise<Begun> {
  const __provider = await pinnedText(thunkName(life), "value");
  const presence = await showPresence((_, message) => lines.push(message));
  const provider = await ProviderProcess.start(
    PROJECT,
    {},
    {
      engineAddress: presence.address,
      preload: join(__dirname, "process-time.ts"),
      onLine: (line) => lines.push(line),
    },
  );
  const stored = (properties: object) => ({ ...properties, __provider }) as PropertyMap;
  const urn = `urn:pulumi:cell::faults::pulumi-nodejs:dynamic/mediant:${life}::ours`;
  const resource = (id: string, outputs: object): ResourceState => ({
    urn,
    type: "",
    custom: true,
    id,
    inputs: {},
    outputs: stored(outputs),
    dependencies: [],
    propertyDependencies: {},
    additionalSecretOutputs: [],
    ignoreChanges: [],
    initErrors: [],
  });
  return {
    async check(olds, news) {
      const { inputs, failures } = await provider.check(
        urn,
        Object.keys(olds).length === 0 ? {} : stored(olds),
        stored(news),
      );
      return { inputs: inputs as State, failures };
    },
    async diff(id, olds, news) {
      const { changes, ...rest } = await provider.diff(resource(id, olds), stored(news), []);
      return { ...rest, changes: changes !== "none" };
    },
    async create(inputs) {
      const { id, outputs } = await provider.create(urn, stored(inputs));
      return { id, outs: outputs as State };
    },
    async update(id, olds, news) {
      return { outs: (await provider.update(resource(id, olds), stored(news))) as State };
    },
    async read(id, props) {
      const { id: found, outputs, inputs } = await provider.read(urn, id, stored(props), {});
      return { id: found, props: outputs as State, inputs: inputs as State | undefined };
    },
    delete: (id, props) => provider.delete(resource(id, props)),
    async end() {
      await provider.stop();
      presence.close();
    },
  };
}

/** Faults, by their titles, that no process can meet, and why. */
const NOT_IN_A_PROCESS: readonly [fault: RegExp, reason: string][] = [
  [/^refused for a while$/, "the device is back before a process has begun"],
];

/** Why a process cannot meet a fault; undefined if it can. */
export function whyNotInAProcess(fault: Fault): string | undefined {
  return NOT_IN_A_PROCESS.find(([title]) => title.test(fault.title))?.[1];
}
