import { checkSettings, type DeviceSettings } from "../declare/device";
import { resolveConnection } from "../device/connect/connection";
import { decodeIni } from "../ini/encoding";
import { type Observed, observe } from "../ini/observe";
import { compareWith, newResources, notCompared } from "../report/compared";
import type { Run } from "../report/run";
import { safeLine } from "../text/describe";
import { messageOf } from "../text/message";
import { clientOf, withSigns } from "./connection";

/** Asks the devices of resources that are new to a stack, and gives these what the devices hold of them. */
export async function compareNew(runs: readonly Run[]): Promise<void> {
  const asked = new Map<string, Promise<Observed>>();
  const found = newResources(runs).map(async ({ resource, device }) => {
    const key = JSON.stringify(device);
    const answer = asked.get(key) ?? ask(device);
    asked.set(key, answer);
    try {
      compareWith(resource, await answer);
    } catch (error) {
      notCompared(resource, safeLine(messageOf(error)));
    }
  });
  await Promise.all(found);
}

/** @param device as a preview shows it: a password that stands in the program is masked, and is none */
async function ask(device: unknown): Promise<Observed> {
  const { password, ...settings } = (device ?? {}) as DeviceSettings;
  const [problem] = checkSettings(settings, "device");
  if (problem !== undefined) throw new Error(problem);
  const connection = resolveConnection(settings);
  return observe(decodeIni(await withSigns(connection.name, clientOf(connection).ini())).text);
}
