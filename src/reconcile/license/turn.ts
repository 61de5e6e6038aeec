import {
  compareKeys,
  fitsAUnit,
  keyDigest,
  keysOf,
  type LicensedUnit,
  unitsOf,
  type WantedKey,
} from "../../declare/license-file";
import type { DeviceStatus } from "../../device/answers/status";
import { isPair } from "../../device/answers/status";
import type { DeviceClient } from "../../device/client";
import type { ResetWait } from "../../device/reset/waiter";
import { ReconcileError } from "../life/errors";
import type { Log } from "../life/log";
import { saveFirst } from "../life/saving";
import { BY_REPLACING, refusedAgain, type Tried, UNSEEN_END } from "../life/tried";
import { fileOrder, keyOrder, type LicenseOrder } from "./order";

/** What a load needs of the inputs. */
export interface LicenseLoadInputs {
  key?: string;
  serialNumber?: string;
  licenseFile?: string;
  sha256?: string;
  __mediantName: string;
}

/** Maximum attempts. If the answer is lost, the device is read, and the licence sent again only if it is not there. */
const UPLOADS = 2;

/** One turn of a licence on a device, under its write lock: look, check the serial number, send, look again. */
export class LicenseLoad {
  /** Whether the device may have been given the licence. */
  touched = false;
  /** The units of the device, as they were last seen. */
  units: LicensedUnit[] = [];
  /** What they are to have. */
  wanted: WantedKey[] = [];
  /** All keys that are known: what is shown in the open must not have them. */
  secrets: string[] = [];
  /** The licence of this turn or of an earlier one, while the device does not show it. */
  tried: Tried | undefined;
  private readonly wait: ResetWait;

  constructor(
    private readonly client: DeviceClient,
    private readonly inputs: LicenseLoadInputs,
    private readonly log: Log,
  ) {
    const onSent = () => {
      this.touched = true;
      this.tried = { digest: triedDigest(this.inputs), outcome: UNSEEN_END };
    };
    this.wait = { label: inputs.__mediantName, onSent };
  }

  /**
   * @param tried the licence of an earlier run that did not come true
   * @throws ReconcileError if nothing may be sent, or the device shows another key afterwards; DeviceError
   */
  async run(tried: Tried | undefined): Promise<void> {
    const order = await orderOf(this.inputs);
    const status = await this.client.settled(this.wait);
    await this.look(status);
    this.wanted = order.wanted(this.units);
    this.secrets.push(...order.secrets);
    this.refuseStranger(order);
    if (this.holds()) {
      this.log("the key is installed already: nothing was sent");
      return;
    }
    const again = sentBefore(tried, this.inputs);
    if (again !== undefined) throw new ReconcileError([again]);
    if (isPair(status) && order.pairFault !== undefined) throw new ReconcileError([order.pairFault]);
    await saveFirst(this.client, status, this.log);
    for (let attempt = 1; ; attempt++) {
      const { answered, wentDown, failure } = await order.put(this.client, this.wait);
      await this.look(status);
      if (this.holds()) {
        this.tried = undefined;
        return;
      }
      const notInstalled = this.notInstalled();
      // If it was neither answered nor followed by a reset, the device may not have been given it.
      const reset = answered || wentDown;
      this.tried = reset ? { digest: triedDigest(this.inputs), outcome: notInstalled } : undefined;
      if (reset || attempt === UPLOADS) throw failure ?? new ReconcileError([notInstalled]);
    }
  }

  private async look({ serialNumber }: DeviceStatus): Promise<void> {
    const [active, ...others] = unitsOf(await this.client.license());
    this.units = [{ ...active, serialNumber: active?.serialNumber ?? serialNumber }, ...others];
    this.secrets.push(...keysOf(this.units));
  }

  private refuseStranger({ serialNumbers, place }: LicenseOrder): void {
    if (serialNumbers.length === 0) return;
    const known = this.units.flatMap(({ serialNumber }) => serialNumber ?? []);
    if (!fitsAUnit(serialNumbers, this.units))
      throw new ReconcileError([
        `${place}, and that of the device is ${known.join(" and ")}: nothing was sent`,
      ]);
    const left = known.filter((serialNumber) => !fitsAUnit(serialNumbers, [{ serialNumber }]));
    if (left.length > 0) this.log(`${place}, so that ${left.join(" and ")} keeps the key that it has`);
  }

  private holds(): boolean {
    return compareKeys(this.wanted, this.units).verdict === "holds";
  }

  private notInstalled(): string {
    const { verdict, unit } = compareKeys(this.wanted, this.units);
    const which = unit?.serialNumber === undefined ? "the device" : `the device (S/N ${unit.serialNumber})`;
    return verdict === "unseen"
      ? `${which} took the licence, but shows no key to compare`
      : `${which} took the licence, and shows another key than the declared one`;
  }
}

/** Tells one licence from another. Whoever guesses a key could prove it by this: it is as secret as the key. */
function triedDigest({ key, serialNumber, sha256 }: LicenseLoadInputs): string {
  return key === undefined ? (sha256 ?? "") : keyDigest(`${key} ${serialNumber ?? ""}`);
}

/** Why a licence is not sent again; undefined if it may be. */
export function sentBefore(tried: Tried | undefined, inputs: LicenseLoadInputs): string | undefined {
  if (tried === undefined || tried.digest !== triedDigest(inputs)) return undefined;
  const other = inputs.key === undefined ? "licence file" : "key";
  return refusedAgain("this licence", tried, `Declare another ${other}; ${BY_REPLACING}`);
}

function orderOf({ key, serialNumber, licenseFile, sha256 }: LicenseLoadInputs): Promise<LicenseOrder> {
  if (licenseFile !== undefined) return fileOrder(licenseFile, sha256);
  return Promise.resolve(keyOrder(key ?? "", serialNumber));
}
