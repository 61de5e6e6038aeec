import type { Device } from "./device";

/** The words of the device, from the least to the most; another edition may have others. */
export type AlarmSeverity = "Cleared" | "Indeterminate" | "Warning" | "Minor" | "Major" | "Critical";

/** The two lists of LTRT-41760 section 7. */
export type AlarmKind = "active" | "history";

/** What somebody raises. */
export interface NewAlarm {
  description: string;
  /** As the device would show it. */
  severity: AlarmSeverity | (string & Record<never, never>);
  /** Where it comes from. @default "Board#1" */
  source?: string;
}

/** An entry of a list. */
export interface SimulatedAlarm extends Required<NewAlarm> {
  /** A whole number from 1. Each list counts by itself: the same number in the other list may be another alarm. */
  id: string;
  /** Milliseconds since the epoch, by the clock of the device. */
  date: number;
}

/** Which part of a list is asked for; ids, both excluded. */
export interface PageRequest {
  limit: number;
  after?: number;
  before?: number;
}

interface Page {
  alarms: readonly SimulatedAlarm[];
  /** Whether the list goes on before and after. */
  more: { before: boolean; after: boolean };
}

/** What raises and clears alarms. */
export type AlarmControls = Omit<Alarms, "page" | "find">;

/**
 * The alarms that are active, and the history: an entry for each that was raised, another, `Cleared`, when it is over
 * (LTRT-41760 sections 7.1 and 7.2). Both in the order in which they came. A reset empties both, and ids begin anew:
 * what is still wrong then is raised again.
 */
export class Alarms {
  readonly #device: Device;
  readonly #pageLimit: number;
  readonly #listeners: ((kind: AlarmKind) => void)[] = [];
  #boots: number;
  #raised = 0;
  #lists: Record<AlarmKind, SimulatedAlarm[]> = { active: [], history: [] };

  /** @param pageLimit the most that one page holds, whatever is asked for */
  constructor(device: Device, pageLimit: number) {
    if (!Number.isInteger(pageLimit) || pageLimit < 1)
      throw new Error("alarmPageLimit is a whole number from 1");
    this.#device = device;
    this.#pageLimit = pageLimit;
    this.#boots = device.boots;
  }

  /** @returns its id among the active ones */
  raise({ description, severity, source = "Board#1" }: NewAlarm): string {
    const { active } = this.#current;
    const alarm = { description, severity, source, date: this.#device.now };
    const id = String(++this.#raised);
    active.push({ id, ...alarm });
    this.#record(alarm);
    return id;
  }

  /** It leaves the active ones. @throws where none of them has this id */
  clear(id: string): void {
    const { active } = this.#current;
    const at = active.findIndex((each) => each.id === id);
    const [alarm] = at < 0 ? [] : active.splice(at, 1);
    if (!alarm) throw new Error(`The device has no active alarm ${id}`);
    this.#record({ ...alarm, severity: "Cleared", date: this.#device.now });
  }

  get active(): readonly SimulatedAlarm[] {
    return this.#current.active;
  }

  get history(): readonly SimulatedAlarm[] {
    return this.#current.history;
  }

  /** Called after each page was made, an empty one too, and before it is sent: here one raises what the next shows. */
  onPage(listener: (kind: AlarmKind) => void): void {
    this.#listeners.push(listener);
  }

  /** The first that follow, or, with `before`, the last that precede. Undefined if there are none. */
  page(kind: AlarmKind, { limit, after = 0, before }: PageRequest): Page | undefined {
    const all = this.#current[kind];
    const size = Math.min(limit, this.#pageLimit);
    const within = all.filter(
      ({ id }) => Number(id) > after && Number(id) < (before ?? Number.POSITIVE_INFINITY),
    );
    const alarms = before === undefined ? within.slice(0, size) : within.slice(-size);
    const more = { before: alarms[0] !== all[0], after: alarms.at(-1) !== all.at(-1) };
    for (const listener of this.#listeners) listener(kind);
    return alarms.length > 0 ? { alarms, more } : undefined;
  }

  find(kind: AlarmKind, id: string): SimulatedAlarm | undefined {
    return this.#current[kind].find((each) => each.id === id);
  }

  get #current(): Record<AlarmKind, SimulatedAlarm[]> {
    const { boots } = this.#device;
    if (boots !== this.#boots) {
      this.#boots = boots;
      this.#raised = 0;
      this.#lists = { active: [], history: [] };
    }
    return this.#lists;
  }

  #record(alarm: Omit<SimulatedAlarm, "id">): void {
    const { history } = this.#lists;
    history.push({ ...alarm, id: String(history.length + 1) });
  }
}
