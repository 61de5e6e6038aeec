import { type Clock, systemClock } from "../clock";
import { HandOver, Pace } from "./pace";

/** Jobs that can go out together. Kinds are told apart by name: what must not be grouped needs another name. */
export interface GroupKind<J, R> {
  name: string;
  /** Settles or parks each ticket. The queue is held until it is done. */
  run(group: Ticket<J, R>[]): Promise<void>;
}

/** One job in a group. The first of `resolve` and `reject` counts, and both count more than `park`. */
export interface Ticket<J, R> {
  readonly job: J;
  /** How often it was in a group, this time included. */
  readonly attempts: number;
  /** It was parked and nothing came that could help it: it must be settled now. */
  readonly lastChance: boolean;
  resolve(result: R): void;
  reject(error: unknown): void;
  /** Puts it into the next group of its kind, or, where nothing more comes, into one last group. */
  park(): void;
}

/** Milliseconds. */
export interface QueueTiming {
  /** A group goes out when no job joined it for this long, */
  quietMs: number;
  /** and at the latest this long after its first. */
  gatherMs: number;
  /**
   * In a large run, a group that will likely grow waits for each next job as long as the engine may take to bring it,
   * and goes out at the latest this long after its first one, or after the group before it ended.
   */
  patienceMs: number;
  /** What is parked runs once more when the queue had nothing to do for this long. */
  graceMs: number;
}

const defaultTiming: QueueTiming = { quietMs: 50, gatherMs: 300, patienceMs: 10_000, graceMs: 1_000 };

/** The writes to one device: one at a time, those that can go together in one. */
export class WriteQueue {
  #waiting: Entry[] = [];
  readonly #parked = new Map<string, Group>();
  /** By the name of a kind. */
  readonly #paces = new Map<string, Pace>();
  #running: Entry | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(
    private readonly timing: QueueTiming = defaultTiming,
    private readonly clock: Clock = systemClock,
    private readonly handOver = new HandOver(),
  ) {}

  /** Nothing runs, waits or is parked. */
  get idle(): boolean {
    return this.#running === undefined && this.#waiting.length === 0 && this.#parked.size === 0;
  }

  /** What the device is busy with: a kind's name or a label; undefined if nothing runs. */
  get running(): string | undefined {
    return this.#running?.label;
  }

  /** Puts a job into the next group of its kind; settles as its ticket is settled. */
  submit<J, R>(kind: GroupKind<J, R>, job: J): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      const settled = () => this.handOver.settled(this.clock.now());
      const ticket = new QueueTicket<J, R>(
        job,
        (result) => {
          settled();
          resolve(result);
        },
        (error) => {
          settled();
          reject(error);
        },
      );
      // The queue moves tickets and never looks into them; only `run` of the same kind does.
      this.#add(kind as unknown as AnyKind, ticket as unknown as AnyTicket);
      this.#next();
    });
  }

  /** Runs alone on the device. With `first`, before all that waits without it: a whole configuration would undo that. */
  exclusive<R>(
    label: string,
    run: () => Promise<R>,
    { first = false }: { first?: boolean } = {},
  ): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({
        label,
        first,
        readyAt: this.clock.now(),
        run: async () => {
          try {
            resolve(await run());
          } catch (error) {
            reject(error);
          }
        },
      });
      this.#next();
    });
  }

  #add(kind: AnyKind, ticket: AnyTicket): void {
    const now = this.clock.now();
    let group = this.#gathering(kind);
    if (group === undefined) {
      group = new Group(kind, now);
      group.tickets.push(...(this.#parked.get(kind.name)?.tickets ?? []));
      this.#parked.delete(kind.name);
      this.#waiting.push(group);
    }
    group.tickets.push(ticket);
    this.handOver.came(now);
    const running = this.#running instanceof Group && this.#running.takes(kind) ? this.#running : undefined;
    this.#pace(kind).joined(group.tickets.length + (running?.tickets.length ?? 0));
    this.#schedule(group);
  }

  /** Lets a group go out when nothing joined it for a while: a longer one if more will likely come. */
  #schedule(group: Group): void {
    const { quietMs, gatherMs, patienceMs } = this.timing;
    const isPatient = this.#pace(group.kind).bringsMore(group.tickets.length);
    const [pause, limit] = isPatient
      ? [
          Math.max(quietMs, Math.min(this.handOver.patienceMs, patienceMs / 4)),
          Math.max(gatherMs, patienceMs),
        ]
      : [quietMs, gatherMs];
    group.readyAt = Math.min(this.clock.now() + pause, group.since + limit);
  }

  /** The group that a job of a kind can join. */
  #gathering(kind: AnyKind): Group | undefined {
    return this.#waiting.find((entry): entry is Group => entry instanceof Group && entry.takes(kind));
  }

  #pace(kind: AnyKind): Pace {
    const pace = this.#paces.get(kind.name) ?? new Pace();
    this.#paces.set(kind.name, pace);
    return pace;
  }

  #next(): void {
    if (this.#running !== undefined) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const now = this.clock.now();
    const due =
      this.#waiting.find((entry) => entry.first) ?? this.#waiting.find((entry) => entry.readyAt <= now);
    if (due !== undefined) {
      this.#waiting = this.#waiting.filter((entry) => entry !== due);
      void this.#run(due);
    } else if (this.#waiting.length > 0) {
      const soonest = Math.min(...this.#waiting.map((entry) => entry.readyAt));
      this.#cancelTimer = this.clock.after(soonest - now, () => this.#next());
    } else if (this.#parked.size > 0) {
      this.#cancelTimer = this.clock.after(this.timing.graceMs, () => this.#giveLastChances());
    }
  }

  async #run(entry: Entry): Promise<void> {
    this.#running = entry;
    if (entry instanceof Group) this.#pace(entry.kind).left(entry.tickets.length);
    await entry.run();
    this.#running = undefined;
    if (entry instanceof Group) {
      this.#keepParked(entry);
      this.#awaitNext(entry.kind);
    }
    this.#next();
  }

  /** The jobs of a group that ended may make room for others: those that wait already let them join. */
  #awaitNext(kind: AnyKind): void {
    const next = this.#gathering(kind);
    if (next === undefined || !this.#pace(kind).bringsMore(next.tickets.length)) return;
    next.since = this.clock.now();
    this.#schedule(next);
  }

  #keepParked(done: Group): void {
    const parked = done.tickets.filter((ticket) => ticket.state === "parked");
    if (parked.length === 0) return;
    // A group of the kind that gathered meanwhile is the next one.
    const next = this.#gathering(done.kind);
    const group = next ?? this.#parked.get(done.kind.name) ?? new Group(done.kind, 0);
    group.tickets.unshift(...parked);
    if (next === undefined) this.#parked.set(done.kind.name, group);
  }

  #giveLastChances(): void {
    for (const group of this.#parked.values()) {
      const last = new Group(group.kind, 0, true);
      last.tickets.push(...group.tickets);
      this.#waiting.push(last);
    }
    this.#parked.clear();
    this.#next();
  }
}

type AnyKind = GroupKind<unknown, unknown>;
type AnyTicket = QueueTicket<unknown, unknown>;

interface Entry {
  label: string;
  /** It runs before all others, and at once. */
  first: boolean;
  /** The moment from which it may run. */
  readyAt: number;
  /** Never rejects. */
  run(): Promise<void>;
}

class Group implements Entry {
  readonly first = false;
  readonly tickets: AnyTicket[] = [];
  readyAt: number;

  /** @param since the moment from which it gathers */
  constructor(
    readonly kind: AnyKind,
    public since: number,
    private readonly lastChance = false,
  ) {
    this.readyAt = since;
  }

  get label(): string {
    return this.kind.name;
  }

  /** Whether a job of that kind can join. */
  takes(kind: AnyKind): boolean {
    return this.kind.name === kind.name && !this.lastChance;
  }

  async run(): Promise<void> {
    for (const ticket of this.tickets) ticket.begin(this.lastChance);
    let error: unknown = new Error(`internal error: ${this.label} left a job without a result`);
    try {
      // A copy: what the run does to its list is no business of the queue.
      await this.kind.run([...this.tickets]);
    } catch (thrown) {
      error = thrown;
    }
    for (const ticket of this.tickets) ticket.end(error);
  }
}

class QueueTicket<J, R> implements Ticket<J, R> {
  attempts = 0;
  lastChance = false;
  state: "open" | "parked" | "settled" = "open";

  constructor(
    readonly job: J,
    private readonly resolved: (result: R) => void,
    private readonly rejected: (error: unknown) => void,
  ) {}

  begin(lastChance: boolean): void {
    this.attempts++;
    this.lastChance = lastChance;
    this.state = "open";
  }

  end(error: unknown): void {
    if (this.state === "open") this.reject(error);
  }

  resolve(result: R): void {
    if (this.state === "settled") return;
    this.state = "settled";
    this.resolved(result);
  }

  reject(error: unknown): void {
    if (this.state === "settled") return;
    this.state = "settled";
    this.rejected(error);
  }

  park(): void {
    if (this.lastChance)
      this.reject(new Error("internal error: a job was put off although it had its last chance"));
    else if (this.state === "open") this.state = "parked";
  }
}
