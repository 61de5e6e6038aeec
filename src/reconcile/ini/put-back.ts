import { NOTHING } from "../../declare/ini";
import type { DeviceClient } from "../../device/client";
import type { Address } from "../../ini/address";
import { NameMap } from "../../ini/names";
import type { Observed } from "../../ini/observe";
import type { SecretTest } from "../../ini/secrets";
import { listed } from "../../text/listed";
import { reasonsOf } from "../life/errors";
import type { Fragment } from "./fragment";
import { isNothing } from "./restore";
import { IniTurn } from "./upload";
import { stillOther, theirs, type WentOut, wayBack } from "./way-back";

/** How a device was put back. */
export interface PutBack {
  /** What is still other than before; empty if all is as it was. */
  left: Address[];
  /** Why, one sentence each. */
  reasons: readonly string[];
  /** What the device shows now; undefined if it could not be read. */
  shown: Observed | undefined;
}

/** Puts a device back to how it was before a change. Runs under the device's write lock, and never throws. */
export async function putBack(client: DeviceClient, out: WentOut, isSecret: SecretTest): Promise<PutBack> {
  const turn = new IniTurn(client, isSecret);
  let reasons: readonly string[] = [];
  let kept: Address[] = [];
  try {
    const now = await turn.begin(() => undefined);
    const restoration = wayBack(out, now);
    kept = theirs(out, now);
    if (!isNothing(restoration)) {
      const fragment: Fragment = { ...NEUTRAL, ...restoration, isSecret };
      const { refused } = turn.plan(now, [fragment]);
      reasons = refused.get(fragment) ?? [];
      if (reasons.length === 0) await turn.readBack(await turn.upload([fragment]));
    }
  } catch (error) {
    reasons = reasonsOf(error);
  }
  const shown = await lastShown(turn);
  if (shown === undefined) return { left: [...out.written.keys()], reasons, shown };
  const left = [...new Set([...stillOther(out, shown, reasons.length === 0), ...kept])];
  if (kept.length > 0) reasons = [...reasons, `${THEIRS}${listed(kept)}`];
  return { left, reasons, shown };
}

const THEIRS = "changed by somebody else while it was watched, so it stays as they left it: ";

async function lastShown(turn: IniTurn): Promise<Observed | undefined> {
  try {
    return await turn.read();
  } catch {
    return undefined;
  }
}

/** Wants nothing but what goes back. What goes back was there before: it locks nobody out who was not. */
const NEUTRAL: Omit<Fragment, "restored" | "removedRows" | "unsetParameters" | "isSecret"> = {
  label: "putting back",
  declared: NOTHING,
  ownTables: [],
  mayBeAtDefault: () => true,
  forms: new NameMap(),
  order: [],
  allowLossOfAccess: true,
};
