import { Semaphore } from "async-mutex";
import {
  type Alarm,
  type AlarmCursor,
  type AlarmKind,
  type AlarmList,
  parseAlarm,
  parseAlarmPage,
} from "./answers/alarms";
import type { DeviceClient } from "./client";
import { isDeviceError } from "./errors";
import { badAnswer } from "./http/bad-answer";

type Reader = Pick<DeviceClient, "get" | "connection">;

/** What is wanted of a list of alarms; `after` or `before`, not both. */
export interface AlarmQuery {
  kind: AlarmKind;
  /** Cursor of an earlier answer: only what comes after it. */
  after?: string;
  /** Cursor of an earlier answer: only what comes before it, the nearest pages first. */
  before?: string;
  /** Of alarms in all. Default: no limit. */
  limit?: number;
}

// The device takes a page of 20 if nothing is asked for, and cuts one that is too large. LTRT-41760 section 7.1.
const PAGE = 100;
const DETAILS_AT_ONCE = 4;
const RESTARTS = 3;
/** More than any device keeps: a longer list has no end. */
const MOST_ALARMS = 100_000;

/**
 * The alarms of a device, page by page, each id once: alarms that are raised meanwhile shift no page, for pages are
 * asked for by cursor. Urls that the device lists are not followed; some of them are wrong.
 */
export async function readAlarms(client: Reader, query: AlarmQuery): Promise<AlarmList> {
  const { kind, limit = Number.POSITIVE_INFINITY } = query;
  const forwards = query.before === undefined;
  const way = forwards ? "after" : "before";
  const start = query[way];
  const alarms: Alarm[] = [];
  const last = () => (forwards ? alarms.at(-1) : alarms[0]);
  const cursor: AlarmCursor = { after: undefined, before: undefined };
  const known = new Set<string>();
  let visited = new Set([start]);
  let at = start;
  let restarts = 0;
  let pages = 0;
  let fruitless = 0;
  while (alarms.length < limit) {
    const room = limit - alarms.length;
    const page = await readPage(client, kind, {
      limit: Math.min(PAGE, room),
      [way]: at,
      followed: at !== start,
    });
    if (page.alarms.length === 0) {
      cursor[way] = undefined;
      // A cursor names an alarm. Where that one was cleared meanwhile, what is behind it would be lost.
      const named = at === start ? undefined : last();
      if (named === undefined || restarts++ === RESTARTS) break;
      if ((await readAlarm(client, kind, named.id)) !== undefined) break;
      visited = new Set([start]);
      at = start;
      continue;
    }
    if (alarms.length === 0) Object.assign(cursor, page.cursor);
    const added = page.alarms.filter(({ id }) => !known.has(id) && known.add(id));
    if (known.size > MOST_ALARMS) throw badAnswer(client, path(kind), 200, "a list of alarms without an end");
    pages++;
    fruitless = added.length > 0 ? 0 : fruitless + 1;
    // A restart passes the pages that are known once more; else a page without news is the end, wherever it points.
    if (fruitless > (restarts === 0 ? 0 : pages / 2)) {
      cursor[way] = undefined;
      break;
    }
    const kept = forwards ? added.slice(0, room) : added.slice(-room);
    if (forwards) alarms.push(...kept);
    else alarms.unshift(...kept);
    // If a device sends more than was asked for, the last alarm that is kept is the place to go on.
    at = kept.length < added.length ? last()?.id : page.cursor[way];
    cursor[way] = at;
    if (at === undefined) break;
    if (visited.has(at)) {
      // It does not move, so nothing more would come of it.
      cursor[way] = undefined;
      break;
    }
    visited.add(at);
  }
  return { alarms, cursor };
}

/** One alarm; undefined if there is none of that id (any more). LTRT-41760 sections 7.1.1, 7.2.1. */
export async function readAlarm(client: Reader, kind: AlarmKind, id: string): Promise<Alarm | undefined> {
  const where = `${path(kind)}/${encodeURIComponent(id)}` as const;
  try {
    const { status, body } = await client.get(where);
    if (status === 204) return undefined;
    const alarm = parseAlarm(body);
    if (alarm === undefined) throw badAnswer(client, where, status, "no alarm");
    return alarm;
  } catch (error) {
    if (isDeviceError(error) && error.code === "MEDIANT_NOT_FOUND") return undefined;
    throw error;
  }
}

/**
 * The alarms with severity, source and date, which lists leave out on most firmware: one request for each that lacks
 * them, four at a time. Undefined in the place of one that is gone meanwhile.
 */
export async function readDetails(
  client: Reader,
  kind: AlarmKind,
  alarms: readonly Alarm[],
): Promise<(Alarm | undefined)[]> {
  const semaphore = new Semaphore(DETAILS_AT_ONCE);
  let failed = false;
  const detail = async (alarm: Alarm): Promise<Alarm | undefined> => {
    if (failed || (alarm.severity !== undefined && alarm.date !== undefined)) return alarm;
    try {
      const more = await readAlarm(client, kind, alarm.id);
      return more && { ...alarm, ...more, id: alarm.id, description: more.description || alarm.description };
    } catch (error) {
      // The rest is not asked for any more: nobody will see it.
      failed = true;
      throw error;
    }
  };
  return Promise.all(alarms.map((alarm) => semaphore.runExclusive(() => detail(alarm))));
}

function path(kind: AlarmKind) {
  return `/api/v1/alarms/${kind}` as const;
}

interface PageQuery extends AlarmCursor {
  limit: number;
  /** The position is a cursor that the device just gave. */
  followed: boolean;
}

async function readPage(client: Reader, kind: AlarmKind, query: PageQuery): Promise<AlarmList> {
  const { limit, followed, after, before } = query;
  const parameters = new URLSearchParams({ limit: String(limit) });
  if (after !== undefined) parameters.set("after", after);
  if (before !== undefined) parameters.set("before", before);
  const where = `${path(kind)}?${parameters}` as const;
  try {
    const { status, body } = await client.get(where);
    const page = parseAlarmPage(body);
    if (page === undefined) throw badAnswer(client, where, status, "no list of alarms");
    return page;
  } catch (error) {
    // What a device says of a cursor whose alarm is gone is nowhere told.
    const gone = isDeviceError(error) && ["MEDIANT_REFUSED", "MEDIANT_NOT_FOUND"].includes(error.code);
    if (followed && gone) return { alarms: [], cursor: {} };
    throw error;
  }
}
