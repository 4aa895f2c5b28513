/** Longest time in milliseconds that the loop keeps its thread from everything else. */
const longestHold = 50;
/** Time in milliseconds between two reads of what the device has computed. */
const readInterval = 250;
/** Steps whose numbers may wait on the device. */
const mostWaiting = 512;

/**
 * When the loop reads results and when it lets others run.
 *
 * A device that works by itself takes steps faster than it does them, so time alone does not tell how much waits for
 * it: from the steps done between two reads comes how many steps the next read interval is worth.
 */
export class Pace {
  #lastRead: number;
  #lastPause: number;
  #stepsToRead = 1;

  constructor(now: number) {
    this.#lastRead = now;
    this.#lastPause = now;
  }

  readIsDue(waiting: number, now: number): boolean {
    return waiting >= this.#stepsToRead || now - this.#lastRead >= readInterval;
  }

  pauseIsDue(now: number): boolean {
    return now - this.#lastPause >= longestHold;
  }

  paused(now: number): void {
    this.#lastPause = now;
  }

  /** @param steps how many steps the read waited for */
  hasRead(steps: number, now: number): void {
    const milliseconds = Math.max(now - this.#lastRead, 0.001);
    this.#stepsToRead = Math.min(Math.max(Math.floor((steps / milliseconds) * readInterval), 1), mostWaiting);
    this.#lastRead = now;
  }
}
