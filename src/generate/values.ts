import { type Address, splitAddress } from "../ini/address";
import { textFault } from "../ini/scalar";
import { secretTest } from "../ini/secrets";
import { placeholders } from "../ini/variables";
import { isSecretValue, sameText, secretShare } from "../secrets/values";

/** The variable that brings in `{{` where the device itself holds it. */
export const OPEN_BRACES = "openBraces";

/** How a value stands in the text of a program; or why it cannot stand there. */
export type Written = { text: string } | { fault: string };

/** Turns values into text that says the same, and keeps the secret ones out of it. */
export class Values {
  /** The secrets by the name of their variable, in the order in which they were met. */
  readonly secrets = new Map<string, string>();
  private readonly isSecret = secretTest();
  private readonly names = new Set([OPEN_BRACES]);

  /**
   * @param shown what the device shows
   * @param again what it shows when it is asked once more
   * @param inList whether it is one of several values of a parameter
   */
  write(address: Address, shown: string, again: string | undefined, inList = false): Written {
    const fault = textFault(shown, splitAddress(address).kind === "parameter" ? "'" : '"');
    // The fault itself could tell of a secret.
    if (fault !== undefined) return { fault: "holds a character for which ini text has no form" };
    // The obscured empty text is the same on every device, and no secret; in a list it stands for itself alone.
    if (shown === "" || (!inList && sameText(shown, ""))) return { text: "" };
    const obscured = secretShare(shown) === "all" && shown.startsWith("$");
    if (obscured && again !== shown) {
      return { fault: "is obscured anew at each reading, so it cannot be compared" };
    }
    if (this.isSecret(address) || isSecretValue(shown)) return { text: `{{${this.keep(address, shown)}}}` };
    if (placeholders(shown).length === 0) return { text: shown };
    return { text: shown.replaceAll("{{", `{{${OPEN_BRACES}}}`) };
  }

  /** All that the text may ask for, with its values. */
  get variables(): Record<string, string> {
    return { ...Object.fromEntries(this.secrets), [OPEN_BRACES]: "{{" };
  }

  /** `IPGroup 0 Password` becomes `IPGroup_0_Password`. */
  private keep(address: Address, secret: string): string {
    // A variable's name begins with a letter, and has at most 101 characters.
    const wanted = address
      .replaceAll(" ", "_")
      .replace(/^(?=[0-9])/, "_")
      .slice(0, 90);
    let name = wanted;
    for (let count = 2; this.names.has(name); count++) name = `${wanted}_${count}`;
    this.names.add(name);
    this.secrets.set(name, secret);
    return name;
  }
}
