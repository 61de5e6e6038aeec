import { type Clock, systemClock } from "../clock";
import { HandOver } from "./pace";
import { ReadCache } from "./read-cache";
import { ResetRegister } from "./reset-register";
import { WriteQueue } from "./write-queue";

/** Names something that is remembered of a device, and makes it when it is first asked for. */
export class Slot<T> {
  constructor(readonly make: () => T) {}
}

/** The form in which a device takes uploads: the bare file, or a multipart form. */
export type UploadForm = "raw" | "multipart";

/**
 * What a process remembers of the device at one origin: its writes wait in one queue, its documents are read once, its
 * resets hold up everything else. Origins found to be one device share queue and cache only (`becomePartOf`).
 */
export class Device {
  readonly #queue: WriteQueue;
  readonly #cache: ReadCache;
  readonly resets = new ResetRegister();
  /** The device that this one turned out to be. */
  #same: Device | undefined;
  /** What is known of the form of uploads: what its firmware should take (asked once), and what it has taken. */
  readonly uploads: { expected?: Promise<UploadForm>; proven?: UploadForm } = {};
  readonly #slots = new Map<Slot<unknown>, unknown>();

  /** @param handOver how fast jobs come to all devices of the process */
  constructor(clock: Clock = systemClock, handOver = new HandOver()) {
    this.#queue = new WriteQueue(undefined, clock, handOver);
    this.#cache = new ReadCache(clock);
  }

  get queue(): WriteQueue {
    return this.#same?.queue ?? this.#queue;
  }

  get cache(): ReadCache {
    return this.#same?.cache ?? this.#cache;
  }

  /** From here on both have one queue and one cache; what waits in the queue of this one goes first. */
  becomePartOf(other: Device): void {
    const [left, queue] = [this.queue, other.queue];
    if (left === queue) return;
    for (const { cache } of [this, other]) cache.drop();
    this.#root().#same = other.#root();
    if (!left.idle) void queue.exclusive("joining", () => left.exclusive("joining", async () => {}));
  }

  #root(): Device {
    return this.#same === undefined ? this : this.#same.#root();
  }

  /** What another room remembers of the device, under a slot of its own. */
  recall<T>(slot: Slot<T>): T {
    if (!this.#slots.has(slot)) this.#slots.set(slot, slot.make());
    return this.#slots.get(slot) as T;
  }
}
