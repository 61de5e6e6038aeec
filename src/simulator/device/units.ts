/** Where a hitless upgrade has got to, as the status says (REST API of version 7.4, "Status"). */
export type UpgradeStatus =
  | "None"
  | "In Progress"
  | "Hitless-beforeSwitchOver"
  | "Hitless-beforeSwitchBack"
  | "Hitless-WaitRdnReconnect";

/** One unit: the hardware with its serial number. */
export interface Unit {
  serialNumber: string;
  macAddress: string;
}

const FIRST: Unit = { serialNumber: "10245678", macAddress: "00908f9c5ae6" };

/** The other unit of a pair has the next numbers. */
function besides({ serialNumber, macAddress }: Unit): Unit {
  return { serialNumber: next(serialNumber, 10), macAddress: next(macAddress, 16) };
}

function next(digits: string, radix: number): string {
  return (Number.parseInt(digits, radix) + 1).toString(radix).padStart(digits.length, "0");
}

/** What is behind the address: one unit, or the two of a high-availability pair, of which one is active. */
export class Units {
  /** Whether high availability is configured. */
  readonly paired: boolean;
  upgradeStatus: UpgradeStatus = "None";
  #partnerMissing = false;
  #active: Unit;
  #other: Unit;

  /** @param serialNumber of the first unit */
  constructor(paired: boolean, serialNumber = FIRST.serialNumber) {
    this.paired = paired;
    this.#active = { ...FIRST, serialNumber };
    this.#other = besides(this.#active);
  }

  get active(): Unit {
    return this.#active;
  }

  /** The one that stands by; undefined if there is none. */
  get redundant(): Unit | undefined {
    return this.paired && !this.#partnerMissing ? this.#other : undefined;
  }

  get partnerMissing(): boolean {
    return this.#partnerMissing;
  }

  /** @throws where high availability is not configured */
  set partnerMissing(missing: boolean) {
    if (!this.paired) throw new Error("partnerMissing is for a device with highAvailability");
    this.#partnerMissing = missing;
  }

  /** Another unit in the place of the active one. */
  exchangeActive(serialNumber: string): void {
    this.#active = { ...this.#active, serialNumber };
  }

  switchOver(): void {
    [this.#active, this.#other] = [this.#other, this.#active];
  }
}
