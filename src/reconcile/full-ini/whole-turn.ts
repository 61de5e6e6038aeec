import { createHash } from "node:crypto";
import { present } from "../../declare/present";
import type { DeviceClient } from "../../device/client";
import type { ResetWait } from "../../device/reset/waiter";
import { type Address, rowAddress, splitAddress } from "../../ini/address";
import type { Value } from "../../ini/configuration";
import { declaredBy } from "../../ini/declared";
import type { Encoding } from "../../ini/encoding";
import { NameMap } from "../../ini/names";
import { liveValue, type Observed, observe, sameLive } from "../../ini/observe";
import { renderConfiguration } from "../../ini/render";
import { orderTables } from "../../ini/table-order";
import { secretPartsOf } from "../../secrets/values";
import { listed } from "../../text/listed";
import { type DeviceForm, type Fragment, isWithheld } from "../ini/fragment";
import { meantName } from "../ini/likely-causes";
import { proveSecrets } from "../ini/obscured-secrets";
import { nothingToRestore } from "../ini/restore";
import { readDump } from "../ini/sightings";
import { type Verdict, verifyFragment } from "../ini/verify";
import { encoded } from "../life/encoded";
import { isRefused, ReconcileError } from "../life/errors";
import type { Log } from "../life/log";
import { cameBackOther, loadedBefore, type Tried, UNSEEN_END } from "../life/tried";
import { lossOfAccess, undeclaredLive, type WholeIni, wholeDifferences, withheldItems } from "./whole";

/** What a load that broke off leaves in the state. */
export interface PendingLoad {
  /** Of what was declared, so that nothing else is taken for it. */
  digest: string;
  /** How many declared values did not hold before the load. */
  brought: number;
  /** What stood on the device beside the declaration before the load. */
  beside: Record<Address, Value>;
  /** What came of it; undefined if the device was neither told nor seen to reset, so that it may be sent again. */
  outcome?: string;
}

/** Why a configuration is not loaded again that an earlier run has loaded; undefined if it may be. */
export function whyNotAgain(pending: PendingLoad | undefined, whole: WholeIni): string | undefined {
  return loadedBefore(triedOf(pending), digestOf(whole));
}

function triedOf(pending: PendingLoad | undefined): Tried | undefined {
  const { digest, outcome } = pending ?? {};
  return digest === undefined || outcome === undefined ? undefined : { digest, outcome };
}

/** What is known of a device that holds a whole configuration. */
export interface Loaded {
  forms: NameMap<DeviceForm>;
  own: NameMap<Value>;
}

/** What a load needs of the inputs. */
export interface LoadInputs {
  __mediantName: string;
  __mediantOrder?: string[];
  allowLossOfAccess?: boolean;
}

/** One load of a whole configuration, alone on the device: observe, upload, reset, read back. */
export class WholeLoad {
  /** What a run that breaks off leaves for the next one; undefined while nothing was sent. */
  pending: PendingLoad | undefined;
  lastSeen: Observed = observe("");
  /** What came in place of an answer to a load that the device was not seen to begin. */
  private unanswered: Error | undefined;
  private encoding: Encoding = "utf-8";
  private readonly wait: ResetWait;

  constructor(
    private readonly client: DeviceClient,
    private readonly inputs: LoadInputs,
    private readonly whole: WholeIni,
    private readonly log: Log,
  ) {
    this.wait = { label: inputs.__mediantName, onSent: () => this.cameOf(UNSEEN_END) };
  }

  /** @param pending what an earlier run left: it is finished without another load if the device took that one */
  async run(pending: PendingLoad | undefined): Promise<Loaded> {
    await this.client.awaken(this.wait);
    const before = await this.read((observed) =>
      wholeDifferences(observed, this.whole).length > 0
        ? "it differs from the declaration, so the device would be reset"
        : undefined,
    );
    if (wholeDifferences(before, this.whole).length === 0) {
      return { forms: this.whole.forms, own: this.whole.ownByDevice };
    }
    if (pending !== undefined && this.tookEffect(pending, before)) return this.judge(before, before);
    const again = whyNotAgain(pending, this.whole);
    if (again !== undefined) throw new ReconcileError([again]);
    await this.refuseLossOfAccess(before);
    const withheld = withheldItems(before);
    if (withheld.length > 0)
      this.log(`hidden by the device, so it is not known whether the reset keeps them: ${listed(withheld)}`);
    await this.upload(before);
    return this.judge(before, await this.read());
  }

  /**
   * Whether a dump shows that the device took the load of an earlier run: what did not hold before does now. Where
   * all of it held before, the load was to take something away, and none of that may be there any more.
   */
  private tookEffect(pending: PendingLoad, now: Observed): boolean {
    if (pending.digest !== digestOf(this.whole)) return false;
    const verdict = this.verdict(now, now);
    if (verdict.problems.length > 0 || verdict.mayComeLater.length > 0) return false;
    // What the device does not show proves no load.
    if (pending.brought > 0 && unproven(verdict, now).length >= pending.brought) return false;
    const stays = [...this.beside(now)].some(([address, value]) => {
      const earlier = pending.beside[address];
      return earlier !== undefined && sameLive(earlier, value);
    });
    return pending.brought > 0 || !stays;
  }

  /** What a dump shows that is not declared; the columns that a declared row leaves out are the device's to fill in. */
  private beside(observed: Observed): NameMap<Value> {
    const { values, rows } = declaredBy(this.whole.declared);
    const undeclared = [...undeclaredLive(observed, values)];
    return new NameMap(
      undeclared.filter(([address]) => {
        const split = splitAddress(address);
        return split.kind !== "cell" || !rows.has(rowAddress(split.table, split.index));
      }),
    );
  }

  /** @param doubt why one read that shows this is not enough */
  private async read(doubt?: (observed: Observed) => string | undefined): Promise<Observed> {
    const { observed, encoding } = await readDump(this.client, doubt);
    this.encoding = encoding;
    this.lastSeen = observed;
    return this.lastSeen;
  }

  private async refuseLossOfAccess(before: Observed): Promise<void> {
    if (this.inputs.allowLossOfAccess) return;
    const { ipAddress } = await this.client.status();
    const { hostname } = new URL(this.client.connection.origin);
    const addresses = [hostname, ...(ipAddress === undefined ? [] : [ipAddress])];
    const access = { addresses, username: this.client.connection.username };
    const problems = lossOfAccess(before, this.whole.declared, access);
    if (problems.length > 0) {
      throw new ReconcileError(problems.map((problem) => `${problem} (allowLossOfAccess permits it)`));
    }
  }

  private async upload(before: Observed): Promise<void> {
    const { declared } = this.whole;
    const order = orderTables(
      Object.keys(declared.tables),
      [this.inputs.__mediantOrder ?? []],
      before.tables.keys(),
    );
    const text = renderConfiguration(declared, order, before);
    const body = encoded(text, this.encoding);
    const brought = wholeDifferences(before, this.whole).filter(({ after }) => after !== undefined).length;
    this.pending = { digest: digestOf(this.whole), brought, beside: this.beside(before).toObject() };
    try {
      const { failure, wentDown } = await this.client.putIni(body, secretTexts(this.whole), this.wait);
      if (failure === undefined || wentDown) return;
      this.cameOf(undefined);
      this.unanswered = failure;
    } catch (error) {
      if (isRefused(error)) this.pending = undefined;
      throw error;
    }
  }

  private cameOf(outcome: string | undefined): void {
    if (this.pending === undefined) return;
    const { outcome: _earlier, ...pending } = this.pending;
    this.pending = present({ ...pending, outcome });
  }

  private verdict(before: Observed, after: Observed): Verdict {
    const { declared, isSecret, forms } = this.whole;
    const fragment: Fragment = {
      ...nothingToRestore(),
      label: this.inputs.__mediantName,
      declared,
      isSecret,
      forms,
      // Here it is `unproven` that tells what is absent.
      mayBeAtDefault: () => true,
      ownTables: [],
      order: [],
      allowLossOfAccess: true,
    };
    return verifyFragment(fragment, before, after, declaredBy(declared).values);
  }

  private async judge(before: Observed, after: Observed): Promise<Loaded> {
    const verdict = this.verdict(before, after);
    const { problems, mayComeLater, forms, notes } = verdict;
    const absent = unproven(verdict, after).map((address) => address + meantName(address, { before, after }));
    const reasons = [...problems, ...mayComeLater, ...(absent.length > 0 ? [notShown(absent)] : [])];
    // It was not loaded: the next run may load it.
    if (reasons.length > 0 && this.unanswered !== undefined) throw this.unanswered;
    if (reasons.length > 0) {
      if (this.pending?.outcome !== undefined) this.cameOf(cameBackOther(reasons));
      throw new ReconcileError(reasons);
    }
    await proveSecrets(this.client.device, [verdict], after, () => this.read());
    for (const note of notes) this.log(note);
    const stayed = [...this.beside(after)].filter(([address, value]) => {
      const earlier = liveValue(before, address);
      return before !== after && earlier !== undefined && sameLive(earlier, value);
    });
    if (stayed.length > 0) {
      this.log(`left out, yet still on the device: ${listed(stayed.map(([address]) => address))}`);
    }
    return { forms, own: undeclaredLive(after, declaredBy(this.whole.declared).values) };
  }
}

/** Declared names that the device shows neither before nor after. */
function unproven({ forms }: Verdict, after: Observed): Address[] {
  return [...forms].flatMap(([address, { device, known }]) =>
    device === null && known !== true && !isWithheld(after, address) ? [address] : [],
  );
}

function notShown(names: readonly string[]): string {
  return (
    `the device does not show ${listed(names)}: misspelt, not taken, or at its default; ` +
    "what is at its default has no place in a whole configuration: leave it out"
  );
}

function secretTexts({ declared, isSecret }: WholeIni): string[] {
  return [...declaredBy(declared).values].flatMap(([address, value]) => {
    const texts = typeof value === "string" ? [value] : value;
    return isSecret(address) ? texts : secretPartsOf(value);
  });
}

function digestOf({ declared }: WholeIni): string {
  return createHash("sha256")
    .update(JSON.stringify([...declaredBy(declared).values]))
    .digest("hex");
}
