import { addressOf, type SplitAddress } from "../../../ini/address";
import { sameValue, type Value } from "../../../ini/configuration";
import { type DeclaredValues, declaredBy } from "../../../ini/declared";
import { NameMap } from "../../../ini/names";
import type { Fragment } from "../fragment";

/** What fragments declare that were accepted. One alone is looked up as it is, since most groups have no other. */
export class Taken {
  private first: DeclaredValues | undefined;
  private all: NameMap<Value> | undefined;

  add({ declared }: Fragment): void {
    const { values } = declaredBy(declared);
    if (this.first === undefined) {
      this.first = values;
      return;
    }
    this.all ??= new NameMap(this.first);
    for (const [address, value] of values) this.all.set(address, value);
  }

  has(place: SplitAddress): boolean {
    return this.get(place) !== undefined;
  }

  /** Why a fragment cannot be beside those before it. */
  conflicts(fragment: Fragment): string[] {
    if (this.first === undefined) return [];
    const problems: string[] = [];
    for (const { address, place, value } of declaredBy(fragment.declared).values.items()) {
      const other = this.get(place, address);
      if (other !== undefined && !sameValue(other, value))
        problems.push(`${address} is declared with another value by another resource`);
    }
    return problems;
  }

  private get(place: SplitAddress, address = addressOf(place)): Value | undefined {
    return this.all === undefined ? this.first?.at(place) : this.all.get(address);
  }
}
