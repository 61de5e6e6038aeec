/** With this many jobs of a kind a queue serves a large run: only there a wait for more pays. */
const MANY = 32;

/**
 * How the jobs of one kind come to a queue. The engine works on so many at once and brings the next ones as earlier
 * ones end; the more resources its checkpoint has, the more slowly it does.
 */
export class Pace {
  #came = 0;
  #atOnce = 0;

  /** Another job came. @param unsettled the jobs that wait or run now, this one included */
  joined(unsettled: number): void {
    this.#came++;
    this.#atOnce = Math.max(this.#atOnce, unsettled);
  }

  /** A group went out. What it waited for in vain is not waited for again. */
  left(jobs: number): void {
    this.#atOnce = Math.min(this.#atOnce, jobs);
  }

  /** Whether a group that is so large now will likely grow. */
  bringsMore(jobs: number): boolean {
    return this.#came >= MANY && jobs < this.#atOnce;
  }
}
