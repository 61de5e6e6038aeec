import { type Answer, json, Refusal } from "../answer";
import { withTrailingComma } from "../bodies/sloppy-json";
import type { Device } from "../device/device";
import { INTERVALS, type Measurement, type PerformanceMonitors } from "../device/performance-monitors";
import { type Call, type Endpoint, reading } from "./endpoint";

const ROOT = "/api/v1/performanceMonitoring";
const NOT_MEASURED: Measurement = { value: -1, min: 0, max: 0, average: 0 };
/** Of one interval. */
const MEASURED_SECONDS = 900;
/** Of every monitor, as in the manual's example. */
const THRESHOLDS = { lowThreshold: 100, highThreshold: 30_000 };

/** Performance monitoring (LTRT-41760 section 9), which later firmware has beside its KPIs. */
export function performanceEndpoints(monitors: PerformanceMonitors): Endpoint[] {
  return [
    {
      path: ROOT,
      methods: reading(({ device }) =>
        maybeSloppy(device, { items: monitors.list(device.dialect.old).map(({ name }) => name) }),
      ),
    },
    { path: new RegExp(`^${ROOT}/[^/]+$`), methods: reading((call) => answer(monitors, call)) },
  ];
}

function answer(monitors: PerformanceMonitors, { device, path, query }: Call): Answer {
  const asked = path.slice(ROOT.length + 1).toLowerCase();
  const monitor = monitors.list(device.dialect.old).find(({ name }) => name.toLowerCase() === asked);
  if (!monitor) throw new Refusal(404, "Performance monitor is not found");
  // What an interval without an index means is not said; it is refused.
  if (!query.has("index") && !query.has("interval")) {
    const indexes = [...monitor.measured.keys()].sort((left, right) => left - right);
    return json(200, { indexes, intervalsPerIndex: INTERVALS, ...THRESHOLDS });
  }
  // The manual's list of answers has 404 for what its example and its section 11 answer 400.
  const index = numberOf(query, "index");
  const intervals = index === undefined ? undefined : monitor.measured.get(index);
  if (!intervals) throw new Refusal(400, "Invalid index");
  const interval = query.has("interval") ? numberOf(query, "interval") : 0;
  if (interval === undefined || !INTERVALS.includes(interval)) throw new Refusal(400, "Invalid interval");
  const measured = { ...NOT_MEASURED, ...intervals.get(interval) };
  return maybeSloppy(device, {
    index,
    interval,
    ...measured,
    ...(device.dialect.old ? {} : laterFields(measured)),
  });
}

/** What later editions tell beside; of thresholds nobody said anything, so no time was spent above or between them. */
function laterFields({ value, min, max }: Measurement): Record<string, number> {
  const measured = value !== NOT_MEASURED.value || max !== min;
  return {
    volume: Math.max(value, 0),
    total: Math.max(value, 0),
    time_above_high: 0,
    time_between_high_low: 0,
    time_below_low: measured ? MEASURED_SECONDS : 0,
  };
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? "";
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

const maybeSloppy = ({ dialect }: Device, value: unknown): Answer =>
  json(200, dialect.sloppyJson ? withTrailingComma(value) : value);
