import { type HealthChecks, healthProblems } from "../declare/checks";
import { suggest } from "../text/suggest";
import type { Rollout } from "./form";
import type { Path } from "./place";
import { type InventoryFile, listOf } from "./schema";

const HEALTHY: HealthChecks = { maxSeverity: "minor", unlocked: true };

export function rolloutOf(given: NonNullable<InventoryFile["rollout"]>): Rollout {
  const { canary, wave = 5, maxFailures = 0, health = HEALTHY, waitSeconds = 120 } = given;
  const { atOnce = Math.min(wave, 4) } = given;
  return { canary: listOf(canary), wave, atOnce, maxFailures, health: health as HealthChecks, waitSeconds };
}

/** What the form alone does not tell: sites that must exist, and checks of health. */
export function rolloutProblems({ rollout, sites }: InventoryFile): { path: Path; message: string }[] {
  const { canary, health } = rollout ?? {};
  const strangers = listOf(canary).flatMap((name, at) => {
    if (Object.hasOwn(sites ?? {}, name)) return [];
    const path = ["rollout", "canary", ...(Array.isArray(canary) ? [at] : [])];
    return [{ path, message: strangeName("site", name, sites) }];
  });
  const checks = (health === undefined ? [] : healthProblems(health)).map((sentence) => {
    const [, keys = "", message = sentence] = /^([\w.[\]]*): ([\s\S]*)$/.exec(sentence) ?? [];
    const path = keys.split(/[.[\]]+/).filter((key) => key !== "");
    return {
      path: ["rollout", "health", ...path.map((key) => (/^\d+$/.test(key) ? Number(key) : key))],
      message,
    };
  });
  return [...strangers, ...checks];
}

/** The words for a name that the file does not have. */
export function strangeName(what: "site" | "role", name: string, known: object | undefined): string {
  const meant = suggest(name, Object.keys(known ?? {}));
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `there is no ${what} ${JSON.stringify(name)} under ${what}s${hint}`;
}
