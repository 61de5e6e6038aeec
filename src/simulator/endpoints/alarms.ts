import { type Answer, json, Refusal } from "../answer";
import type { AlarmKind, Alarms, PageRequest } from "../device/alarms";
import { timeStamp } from "../device/time-stamp";
import { type Call, type Endpoint, reading } from "./endpoint";

const ROOT = "/api/v1/alarms";
const KINDS: readonly AlarmKind[] = ["active", "history"];
const DEFAULT_LIMIT = 20;
/** The cursor where nothing more is. */
const END = "-1";

const FOLDERS = {
  alarms: [
    { id: "active", description: "Active alarms", url: `${ROOT}/active` },
    { id: "history", description: "History alarms", url: `${ROOT}/history` },
  ],
};

/** Active alarms and their history (LTRT-41760 section 7). */
export function alarmEndpoints(alarms: Alarms): Endpoint[] {
  return [
    { path: ROOT, methods: reading(() => json(200, FOLDERS)) },
    ...KINDS.flatMap((kind): Endpoint[] => [
      { path: `${ROOT}/${kind}`, methods: reading(({ query }) => list(alarms, kind, query)) },
      { path: new RegExp(`^${ROOT}/${kind}/[^/]+$`), methods: reading((call) => detail(alarms, kind, call)) },
    ]),
  ];
}

/** The urls in the history's list are those of active alarms, in the manual as in its later editions. */
function list(alarms: Alarms, kind: AlarmKind, query: URLSearchParams): Answer {
  const page = alarms.page(kind, readPage(query));
  if (!page) return { status: 204 };
  const { more } = page;
  return json(200, {
    alarms: page.alarms.map(({ id, description }) => ({ id, description, url: `${ROOT}/active/${id}` })),
    cursor: {
      after: (more.after && page.alarms.at(-1)?.id) || END,
      before: (more.before && page.alarms[0]?.id) || END,
    },
  });
}

function detail(alarms: Alarms, kind: AlarmKind, { device, path }: Call): Answer {
  const alarm = alarms.find(kind, path.slice(`${ROOT}/${kind}/`.length));
  if (!alarm) throw new Refusal(404, "Alarm is not found");
  const { id, description, severity, source } = alarm;
  const date = timeStamp(alarm.date, device.dialect);
  return json(200, { id, description, severity, source, date, url: `${ROOT}/${kind}/${id}` });
}

/**
 * The manual leaves open what `limit=0`, a negative number, a text, the cursor `-1`, and `after` beside `before` mean.
 * All are refused, so that no client comes to rely on one reading. A cursor whose alarm is gone still marks its place.
 */
function readPage(query: URLSearchParams): PageRequest {
  const [limit = DEFAULT_LIMIT, after, before] = ["limit", "after", "before"].map((name) => {
    const text = query.get(name);
    if (text !== null && !/^0*[1-9]\d*$/.test(text)) throw new Refusal(400, `Invalid value of ${name}`);
    return text === null ? undefined : Number(text);
  });
  if (after !== undefined && before !== undefined)
    throw new Refusal(400, "Parameters after and before exclude each other");
  return { limit, after, before };
}
