import { type Device, Slot } from "../../device/shared/device";
import { type Address, splitAddress } from "../../ini/address";
import { nameKey } from "../../ini/names";
import { liveValue, type Observed, sameLive } from "../../ini/observe";
import { OBSCURED_AS_BEFORE, type Verdict } from "./verify";

/** Names whose obscured form was the same in two dumps of a device; what holds for one row holds for all. */
const STEADY = new Slot(() => new Set<string>());

/**
 * Marks in the verdicts the secrets that the device obscures anew at each dump and that therefore cannot be
 * compared. After the first write of a secret a second dump tells.
 *
 * @param after the dump by which the verdicts were made
 * @param readAgain brings another dump; called where it is needed only
 */
export async function proveSecrets(
  device: Device,
  verdicts: readonly Verdict[],
  after: Observed,
  readAgain: () => Promise<Observed>,
): Promise<void> {
  const known = device.recall(STEADY);
  const isOpen = (address: Address) => !known.has(nameOf(address));
  const open = verdicts.filter(({ newlyObscured }) => newlyObscured.some(isOpen));
  if (open.length === 0) return;
  const again = await readAgain();
  for (const { forms, newlyObscured, notes, lookedTwice } of open) {
    for (const address of newlyObscured) {
      const form = forms.get(address);
      const first = liveValue(after, address);
      const second = liveValue(again, address);
      if (form === undefined) continue;
      if (first !== undefined && second !== undefined && sameLive(first, second)) known.add(nameOf(address));
      else if (form.unproven === true && lookedTwice && second !== undefined) {
        // Two looks showed it in one form, so this is another secret: the device has taken ours late.
        known.add(nameOf(address));
        forms.set(address, { declared: form.declared, device: second });
        const at = notes.indexOf(address + OBSCURED_AS_BEFORE);
        if (at >= 0) notes.splice(at, 1);
      } else {
        forms.set(address, { ...form, incomparable: true });
        notes.push(
          `${address}: the device obscures it anew each time: a change of it by hand cannot be seen`,
        );
      }
    }
  }
}

/** The name of a parameter, or of a column with its table. */
function nameOf(address: Address): string {
  const split = splitAddress(address);
  return nameKey(split.kind === "cell" ? `${split.table}.${split.column}` : address);
}
