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

// The device takes a page of 20 where nothing is asked for, and cuts one that is too large. LTRT-41760 section 7.1.
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
  const { kind } = query;
  const walk = new AlarmWalk(query);
  for (let next = walk.next; next !== undefined; next = walk.next) {
    const page = await readPage(client, kind, next);
    if (page.alarms.length > 0) walk.take(page);
    else {
      // A cursor names an alarm. If that alarm was cleared meanwhile, what is behind it would be lost.
      const named = walk.named;
      const isCleared = named !== undefined && (await readAlarm(client, kind, named)) === undefined;
      if (isCleared) walk.startAgain();
      else walk.end();
    }
    if (walk.seen > MOST_ALARMS) throw badAnswer(client, path(kind), 200, "a list of alarms without an end");
  }
  return { alarms: walk.alarms, cursor: walk.cursor };
}

/** Where the reading of a list stands: what was found, and which page comes next. It sends nothing itself. */
class AlarmWalk {
  readonly alarms: Alarm[] = [];
  /** Where a later reading goes on. */
  readonly cursor: AlarmCursor = { after: undefined, before: undefined };
  readonly #way: "after" | "before";
  readonly #start: string | undefined;
  readonly #limit: number;
  readonly #known = new Set<string>();
  /** The cursor of the next page. */
  #at: string | undefined;
  #visited: Set<string | undefined>;
  #restarts = 0;
  #pages = 0;
  #pagesWithoutNews = 0;
  #isOver = false;

  constructor({ after, before, limit = Number.POSITIVE_INFINITY }: AlarmQuery) {
    this.#way = before === undefined ? "after" : "before";
    this.#start = before ?? after;
    this.#limit = limit;
    this.#at = this.#start;
    this.#visited = new Set([this.#start]);
  }

  /** What to ask for; undefined if the list is read. */
  get next(): PageQuery | undefined {
    if (this.#isOver || this.#room === 0) return undefined;
    const followed = this.#at !== this.#start;
    return { limit: Math.min(PAGE, this.#room), [this.#way]: this.#at, followed };
  }

  /** How many different alarms the device has listed. */
  get seen(): number {
    return this.#known.size;
  }

  /** The alarm after which an empty page came, if it is worth the question whether it is still there. */
  get named(): string | undefined {
    return this.#at === this.#start || this.#restarts === RESTARTS ? undefined : this.#last?.id;
  }

  /** @param page with at least one alarm */
  take(page: AlarmList): void {
    if (this.alarms.length === 0) Object.assign(this.cursor, page.cursor);
    const news: Alarm[] = [];
    for (const alarm of page.alarms) {
      if (this.#known.has(alarm.id)) continue;
      this.#known.add(alarm.id);
      news.push(alarm);
    }
    this.#pages++;
    this.#pagesWithoutNews = news.length > 0 ? 0 : this.#pagesWithoutNews + 1;
    // A page without news is the end, wherever it points. Only a second pass meets pages that are known already.
    if (this.#pagesWithoutNews > (this.#restarts === 0 ? 0 : this.#pages / 2)) {
      this.end();
      return;
    }
    const isWhole = this.#keep(news);
    // If a device sends more than was asked for, the last alarm that is kept is the place to go on.
    const next = isWhole ? page.cursor[this.#way] : this.#last?.id;
    // A cursor that was followed before leads nowhere new.
    if (next === undefined || this.#visited.has(next)) this.end();
    else this.#goTo(next);
  }

  /** Goes through the list once more, from its start: what is known already is passed by. */
  startAgain(): void {
    this.cursor[this.#way] = undefined;
    this.#restarts++;
    this.#visited = new Set([this.#start]);
    this.#at = this.#start;
  }

  end(): void {
    this.cursor[this.#way] = undefined;
    this.#isOver = true;
  }

  #goTo(cursor: string): void {
    this.cursor[this.#way] = cursor;
    this.#visited.add(cursor);
    this.#at = cursor;
  }

  get #room(): number {
    return this.#limit - this.alarms.length;
  }

  get #last(): Alarm | undefined {
    return this.#way === "after" ? this.alarms.at(-1) : this.alarms[0];
  }

  /** @returns whether there was room for all of them */
  #keep(news: readonly Alarm[]): boolean {
    const room = this.#room;
    if (this.#way === "after") this.alarms.push(...news.slice(0, room));
    else this.alarms.unshift(...news.slice(-room));
    return news.length <= room;
  }
}

/** One alarm; undefined where there is none of that id (any more). LTRT-41760 sections 7.1.1, 7.2.1. */
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
