import { describeChange } from "../diff/describe";
import type { Change } from "../ini/compare";
import type { SecretTest } from "../ini/secrets";

/** Writes one line of a resource's life where the engine shows it. */
export type Log = (line: string) => void;

/** Lines that begin with the device and the resource: `[sbc1] base: …`. */
export function resourceLog(device: string, resource: string): Log {
  return (line) => console.log(`[${device}] ${resource}: ${line}`);
}

/** So many changes are listed one by one; the rest is counted. */
const LISTED = 50;

/** The lines for a list of changes, a parameter or a cell each. */
export function changeLines(changes: readonly Change[], isSecret: SecretTest, unknown: string): string[] {
  const lines = changes
    .slice(0, LISTED)
    .map((change) => describeChange(change, { secret: isSecret(change.address), unknown }));
  const rest = changes.length - lines.length;
  return rest > 0 ? [...lines, `… and ${rest} more changes`] : lines;
}

/**
 * Sees that one change is told once: in a refresh the engine calls read, then diff on what read gave, then diff
 * again for the update that heals it.
 */
export class ToldOnce {
  private readonly told = new Set<string>();
  private readonly drift = new Map<string, string>();

  /** Of a read: the drift is told now, and the diff that follows within the same refresh stays silent. */
  drifted(id: string, drift: readonly Change[]): void {
    if (drift.length > 0) this.drift.set(id, signature(drift.map(reversed)));
    else this.drift.delete(id);
  }

  /** Of a diff: whether these changes still have to be told. */
  mustTell(id: string, changes: readonly Change[]): boolean {
    const text = signature(changes);
    if (this.drift.get(id) === text) {
      this.drift.delete(id);
      return false;
    }
    const key = `${id}\n${text}`;
    if (this.told.has(key)) return false;
    this.told.add(key);
    return true;
  }
}

function reversed({ address, before, after }: Change): Change {
  return { address, before: after, after: before };
}

function signature(changes: readonly Change[]): string {
  return JSON.stringify(
    changes.map(({ address, before, after }) => [address, before ?? null, after ?? null]).sort(),
  );
}
