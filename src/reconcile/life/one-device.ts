import type { DeviceSettings } from "../../declare/device";
import type { DeviceStatus } from "../../device/answers/status";
import { DeviceClient } from "../../device/client";
import { deviceLabel, resolveConnection } from "../../device/connect/connection";
import { type DeviceMark, isAnother, markOf, markText } from "./device-mark";
import {
  type Difference,
  isUnknownDevice,
  logFor,
  logForDiff,
  PartialState,
  resourceName,
} from "./engine-answers";
import { ReconcileError } from "./errors";
import { ToldOnce } from "./log";
import { meetKnown } from "./meeting";
import { runRegistry } from "./run-registry";

/*
 * A device is that device: the state keeps which one it was, and what a resource remembers of one is never brought to
 * another. Around the life of every resource, at the cost of one status for each device and run.
 */

interface Inputs {
  device: DeviceSettings;
  __mediantName: string;
  __mediantParent?: string;
}

/** What this adds to every state, beside what the life itself keeps. */
interface Marked {
  __mediantDevice?: DeviceMark;
  /** A refresh found another device in its place. */
  __mediantOther?: DeviceMark;
}

type State = Inputs & Marked;

/** The six methods, as the engine calls them. */
export interface EngineLife {
  check(olds: unknown, news: unknown): Promise<unknown>;
  diff(id: string, olds: unknown, news: unknown): Promise<unknown>;
  create(inputs: unknown): Promise<unknown>;
  read(id: string, props: unknown): Promise<unknown>;
  update(id: string, olds: unknown, news: unknown): Promise<unknown>;
  delete(id: string, props: unknown): Promise<void>;
}

/** What differs between resources. */
export interface Kind {
  /** The class that the user knows it by. */
  type: string;
  /** Its own requests wait for a device that starts, so that the look before them has to as well. */
  waits?: boolean;
  /** It holds nothing of a device: there is nothing to read, and another device is not begun with anew. */
  holdsNothing?: boolean;
  /** Whether a delete writes to the device. Default: never. */
  undoes?: (state: never) => boolean;
}

const told = new ToldOnce();

/** A life that goes on with the device that it began on. */
export function onOneDevice(life: EngineLife & Kind): EngineLife {
  const kind: Kind = life;
  return {
    check: life.check,
    diff: async (id, olds, news) => diff(life, kind, id, olds as State, news as Inputs),
    create: (inputs) => create(life, kind, inputs as Inputs),
    read: (id, props) => (kind.holdsNothing ? life.read(id, props) : read(life, id, props as State)),
    update: (id, olds, news) => update(life, kind, id, olds as State, news as Inputs),
    delete: async (id, props) => {
      const undoes = kind.undoes?.(props as never) === true;
      if (undoes && !(await mayUndo(id, props as State))) return;
      await life.delete(id, withoutMarks(props as State));
    },
  };
}

async function diff(
  life: EngineLife,
  kind: Kind,
  id: string,
  state: State,
  inputs: Inputs,
): Promise<Difference> {
  const { __mediantDevice: mark, __mediantOther: other } = state;
  const answer = (await life.diff(id, withoutMarks(state), inputs)) as Difference;
  if (answer.replaces.length > 0) runRegistry.letGo(id);
  else if (mark !== undefined && other === undefined) {
    runRegistry.met(deviceLabel(state.device), mark);
    meetKnown(state.device, mark, inputs.device, resourceName(kind.type, inputs));
  }
  const change = { address: "device", before: markText(mark ?? {}), after: markText(other ?? {}) };
  const isReplaced = inputs.device.replaceDevice === true;
  const isNews = other !== undefined || (isReplaced && state.device.replaceDevice !== true);
  if (!isNews || answer.replaces.length > 0 || isUnknownDevice(inputs.device)) return answer;
  if (told.mustTell(id, [change])) {
    const log = logForDiff(state, inputs);
    if (!isReplaced) log(`will be refused: ${another(mark ?? {}, other ?? {})}. ${WAYS}`);
    else {
      log(
        "another device takes the place of the one of before (replaceDevice), and this is made on it anew:",
      );
      await life.check({}, inputs);
    }
  }
  return { ...answer, changes: true };
}

/** The other resources of the run know which device goes by this name. */
async function create(life: EngineLife, kind: Kind, inputs: Inputs): Promise<unknown> {
  const client = clientOf(inputs);
  const mark = runRegistry.markOf(deviceLabel(inputs.device));
  if (mark !== undefined && inputs.device.replaceDevice !== true) {
    const status = await look(client, kind, inputs);
    if (isAnother(mark, status)) throw refusal(client, mark, status);
  }
  return marked(client, undefined, undefined, () => life.create(inputs));
}

async function update(
  life: EngineLife,
  kind: Kind,
  id: string,
  state: State,
  inputs: Inputs,
): Promise<unknown> {
  const client = clientOf(inputs);
  const status = await look(client, kind, inputs);
  const { __mediantDevice: mark } = state;
  if (mark === undefined || !isAnother(mark, status))
    return marked(client, mark, id, () => life.update(id, withoutMarks(state), inputs));
  if (inputs.device.replaceDevice !== true) throw refusal(client, mark, status);
  logFor(inputs)(`${another(mark, markOf(status))}: what was remembered of the old one is forgotten`);
  return marked(client, undefined, id, async () => {
    if (kind.holdsNothing) return life.update(id, withoutMarks(state), inputs);
    const { outs } = (await life.create(inputs)) as { outs: object };
    return { outs };
  });
}

async function read(life: EngineLife, id: string, state: State): Promise<unknown> {
  const { __mediantDevice: mark } = state;
  const status = mark === undefined ? undefined : await clientOf(state).seen();
  const found = (await life.read(id, withoutMarks(state))) as { props: object };
  if (mark === undefined || status === undefined) return found;
  if (!isAnother(mark, status))
    return { ...found, props: { ...found.props, __mediantDevice: markOf(status, mark) } };
  const other = markOf(status);
  told.read(id);
  logFor(state)(`drift: ${another(mark, other)}`);
  return { ...found, props: { ...found.props, __mediantDevice: mark, __mediantOther: other } };
}

/** Whether what is remembered may go back to the device that answers. @throws ReconcileError where it is another */
async function mayUndo(id: string, state: State): Promise<boolean> {
  const { __mediantDevice: mark } = state;
  if (mark === undefined) return true;
  const client = clientOf(state);
  const status = await client.seen();
  if (!isAnother(mark, status)) return true;
  if (!runRegistry.isLetGo(id) && state.device.replaceDevice !== true) throw refusal(client, mark, status);
  logFor(state)(
    `warning: no longer managed: ${another(mark, markOf(status))}, so nothing goes back to it that the old one had`,
  );
  return false;
}

/** The state that a life leaves, whole or partial, with the device that it was made on. */
async function marked(
  client: DeviceClient,
  earlier: DeviceMark | undefined,
  id: string | undefined,
  run: () => Promise<unknown>,
): Promise<unknown> {
  const withMark = async (state: object) => ({
    ...state,
    __mediantDevice: markOf(await client.seen(), earlier),
  });
  try {
    const made = (await run()) as { outs: object };
    return { ...made, outs: await withMark(made.outs) };
  } catch (error) {
    if (!(error instanceof PartialState)) throw error;
    throw new PartialState(id ?? error.id, error.reasons, await withMark(error.properties));
  }
}

function withoutMarks({ __mediantDevice, __mediantOther, ...state }: State): Inputs {
  return state;
}

function clientOf({ device }: Inputs): DeviceClient {
  return DeviceClient.for(resolveConnection(device));
}

function look(client: DeviceClient, { waits }: Kind, inputs: Inputs): Promise<DeviceStatus> {
  return client.seen(waits ? { label: inputs.__mediantName } : undefined);
}

const WAYS = "If it is meant, set device.replaceDevice to true, or give the device a new name";

function refusal(client: DeviceClient, mark: DeviceMark, status: DeviceStatus): ReconcileError {
  const { origin } = client.connection;
  return new ReconcileError([`${another(mark, markOf(status))}, at ${origin}: nothing was sent. ${WAYS}`]);
}

function another(mark: DeviceMark, other: DeviceMark): string {
  return `another device answers, ${markText(other)}, in place of ${markText(mark)}`;
}
