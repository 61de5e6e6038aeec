import type { SiteResult } from "../../examples/fleet/rollout/summary";
import { Fleet } from "../fleet/stage";
import { ownTime, silently } from "./measure";
import type { Section } from "./report";

const SITES = 100;
const AT_EACH = 2;
/** Of a write. */
const LATENCY_MS = 20;

/** A whole fleet in waves, by the runner of the example on the in-process engine. */
export async function waves(): Promise<Section> {
  const names = Array.from({ length: SITES }, (_, at) => `s${at}`);
  const fleet = await Fleet.open({
    sites: Object.fromEntries(names.map((name) => [name, AT_EACH])),
    ofSite: { s7: "frozen: for the bench" },
    rollout: "canary: s0, wave: 10, atOnce: 10, waitSeconds: 0",
    latencyMs: LATENCY_MS,
  });
  try {
    const first = await observed(fleet);
    const second = await observed(fleet);
    return {
      title: `${SITES * AT_EACH} devices at ${SITES} sites in waves of 10, ${LATENCY_MS} ms a write; one site is frozen`,
      figures: [figure("first up", first), figure("nothing to change", second)],
    };
  } finally {
    await fleet.close();
  }
}

type Observed = Awaited<ReturnType<typeof observed>>;

async function observed(fleet: Fleet) {
  const requests = () => [...fleet.devices.values()].reduce((sum, device) => sum + device.requests.length, 0);
  const before = requests();
  const { result, ms } = await silently(() => ownTime(() => fleet.run()));
  const converged = (site: SiteResult) => ["converged", "held"].includes(site.result);
  if (!result.sites.every(converged)) throw new Error(`a site failed: ${JSON.stringify(result.totals)}`);
  return { requests: requests() - before, ms, changed: result.totals.changed };
}

function figure(what: string, { requests, ms, changed }: Observed) {
  const measured = {
    "devices changed": changed,
    requests,
    "requests a device": requests / (SITES * AT_EACH),
    "own time, ms a site": ms / SITES,
  };
  return { what, measured };
}
