import { type Clock, type Minutes, millisecondsOf } from "../run/every-minutes.ts";
import type { EndSignal } from "./read-ahead.ts";

/** Says whether the signal has ended training, or the time is over that began now. */
export class TrainingEnd implements EndSignal {
  readonly #signal: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #deadline: number;

  /** @throws {InvalidConfigError} the limit is not a time. */
  constructor(owner: string, signal: AbortSignal | undefined, limit: Minutes | undefined, clock: Clock) {
    this.#signal = signal;
    this.#clock = clock;
    const milliseconds = limit === undefined ? Number.POSITIVE_INFINITY : millisecondsOf(owner, "timeLimit", limit);
    this.#deadline = clock() + milliseconds;
  }

  addEventListener(...listener: Parameters<EndSignal["addEventListener"]>): void {
    this.#signal?.addEventListener(...listener);
  }

  removeEventListener(...listener: Parameters<EndSignal["removeEventListener"]>): void {
    this.#signal?.removeEventListener(...listener);
  }

  get aborted(): boolean {
    return this.reason !== undefined;
  }

  /** Which of both has; the signal, where both have. */
  get reason(): "aborted" | "timeLimit" | undefined {
    if (this.#signal?.aborted) return "aborted";
    return Number.isFinite(this.#deadline) && this.#clock() >= this.#deadline ? "timeLimit" : undefined;
  }
}
