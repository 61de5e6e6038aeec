import type { DeviceStatus } from "../../device/answers/status";
import type { DeviceClient } from "../../device/client";
import { deviceLabel } from "../../device/connect/connection";
import { type DeviceMark, isAnother, markOf, markText, mayMoveAddress } from "./device-mark";
import {
  isUnknownDevice,
  logFor,
  logForDiff,
  type Named,
  PartialState,
  resourceName,
} from "./engine-answers";
import { ReconcileError } from "./errors";
import type { Life, Resource, Stored } from "./life";
import { meetKnown } from "./meeting";
import type { ProviderProcess } from "./provider-process";

/*
 * A device is that device: the state keeps which one it was, and what a resource remembers of one is never brought to
 * another. Around the life of every resource, at the cost of one status for each device and run.
 */

/** What this adds to every state, beside what the life itself keeps. */
export interface Marked {
  __mediantDevice?: DeviceMark;
  /** A refresh found another device in its place. */
  __mediantOther?: DeviceMark;
}

/** A life that goes on with the device that it began on. */
export function onOneDevice<Inputs extends Named, State extends Inputs & Stored>(
  life: Life<Inputs, State>,
  { type, waits, undoes, refresh }: Pick<Resource<Inputs, State>, "type" | "waits" | "undoes" | "refresh">,
  process: ProviderProcess,
): Life<Inputs, State & Marked> {
  type Known = State & Marked;
  const { registry, toldDevices: told } = process;
  // There is nothing to read of it, and on another device nothing of it to begin anew.
  const holdsNothing = refresh === undefined;

  function look(client: DeviceClient, inputs: Inputs): Promise<DeviceStatus> {
    return client.seen(waits ? { label: inputs.__mediantName } : undefined);
  }

  /** Whether what is remembered may go back to the device that answers. @throws ReconcileError if it is another */
  async function mayUndo(id: string, state: Known): Promise<boolean> {
    const { __mediantDevice: mark } = state;
    if (mark === undefined) return true;
    const client = process.client(state.device);
    const status = await client.seen();
    if (!isAnother(mark, status)) return true;
    if (!registry.isLetGo(id) && state.device.replaceDevice !== true) throw refusal(client, mark, status);
    logFor(state)(
      `warning: no longer managed: ${another(mark, markOf(status))}, so no values of the old device are put back on it`,
    );
    return false;
  }

  return {
    check: life.check,

    diff(id, state, inputs) {
      const { __mediantDevice: mark, __mediantOther: other } = state;
      const answer = life.diff(id, withoutMarks(state), inputs);
      if (answer.replaces.length > 0) registry.letGo(id);
      else if (mark !== undefined && other === undefined) {
        registry.met(deviceLabel(state.device), mark);
        meetKnown(registry, state.device, mark, inputs.device, resourceName(type, inputs));
      }
      const isReplaced = inputs.device.replaceDevice === true;
      const isNews = other !== undefined || (isReplaced && state.device.replaceDevice !== true);
      if (!isNews || answer.replaces.length > 0 || isUnknownDevice(inputs.device)) return answer;
      const change = { address: "device", before: markText(mark ?? {}), after: markText(other ?? {}) };
      if (told.mustTell(id, [change])) {
        const log = logForDiff(state, inputs);
        if (!isReplaced) log(`will be refused: ${another(mark ?? {}, other ?? {})}. ${WAYS}`);
        else {
          log("another device replaces the earlier one (replaceDevice): this resource is created on it");
          life.check({}, inputs);
        }
      }
      return { ...answer, changes: true };
    },

    /** The other resources of the run know which device goes by this name. */
    async create(inputs) {
      const client = process.client(inputs.device);
      const mark = registry.markOf(deviceLabel(inputs.device));
      if (mark !== undefined && inputs.device.replaceDevice !== true) {
        const status = await look(client, inputs);
        if (isAnother(mark, status)) throw refusal(client, mark, status);
      }
      return marked({ client, inputs }, () => life.create(inputs));
    },

    async update(id, state, inputs) {
      const client = process.client(inputs.device);
      const status = await look(client, inputs);
      const { __mediantDevice: mark } = state;
      if (mark === undefined || !isAnother(mark, status))
        return marked({ client, inputs, earlier: mark, id }, () =>
          life.update(id, withoutMarks(state), inputs),
        );
      if (inputs.device.replaceDevice !== true) throw refusal(client, mark, status);
      logFor(inputs)(
        `${another(mark, markOf(status))}: the values remembered from the old device are dropped`,
      );
      return marked({ client, inputs, id }, async () => {
        if (holdsNothing) return life.update(id, withoutMarks(state), inputs);
        const { outs } = await life.create(inputs);
        return { outs };
      });
    },

    async read(id, state) {
      const { __mediantDevice: mark } = state;
      if (holdsNothing || mark === undefined) return life.read(id, state);
      const status = await process.client(state.device).seen();
      const found = await life.read(id, withoutMarks(state));
      if (!isAnother(mark, status))
        return { ...found, props: { ...found.props, __mediantDevice: markOf(status, mark) } };
      const other = markOf(status);
      told.read(id);
      logFor(state)(`drift: ${another(mark, other)}`);
      return { ...found, props: { ...found.props, __mediantDevice: mark, __mediantOther: other } };
    },

    async remove(id, state) {
      if (undoes?.(state) === true && !(await mayUndo(id, state))) return;
      await life.remove(id, withoutMarks(state));
    },
  };
}

/** The state that a life leaves, whole or partial, with the device that it was made on. */
async function marked<Made extends { outs: object }>(
  { client, inputs, earlier, id }: { client: DeviceClient; inputs: Named; earlier?: DeviceMark; id?: string },
  run: () => Promise<Made>,
): Promise<Made> {
  const withMark = async <State extends object>(state: State) => ({
    ...state,
    __mediantDevice: markOf(await seenAfter(client, inputs), earlier),
  });
  try {
    const made = await run();
    return { ...made, outs: await withMark(made.outs) };
  } catch (error) {
    if (!(error instanceof PartialState)) throw error;
    throw new PartialState(id ?? error.id, error.reasons, await withMark(error.properties));
  }
}

/** What the device tells of itself after a change. */
async function seenAfter(client: DeviceClient, inputs: Named): Promise<DeviceStatus> {
  const before = await client.seen();
  if (before.serialNumber !== undefined || !mayMoveAddress(inputs)) return before;
  // The change was made, whatever becomes of this question.
  return client.seenAgain().catch(() => before);
}

function withoutMarks<State extends Marked>({ __mediantDevice, __mediantOther, ...state }: State) {
  return state as unknown as Omit<State, keyof Marked> & State;
}

const WAYS = "If it is meant, set device.replaceDevice to true, or give the device a new name";

function refusal(client: DeviceClient, mark: DeviceMark, status: DeviceStatus): ReconcileError {
  const { origin } = client.connection;
  return new ReconcileError([`${another(mark, markOf(status))}, at ${origin}: nothing was sent. ${WAYS}`]);
}

function another(mark: DeviceMark, other: DeviceMark): string {
  return `another device answers, ${markText(other)}, in place of ${markText(mark)}`;
}
