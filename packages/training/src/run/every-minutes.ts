import { InvalidConfigError } from "@featuremap/tensor";
import type { SaveMoments } from "./every-batches.ts";

/** A time in minutes, such as `{ minutes: 5 }` or `{ minutes: 0.5 }`. */
export interface Minutes {
  readonly minutes: number;
}

/** Milliseconds from a moment of no meaning. */
export type Clock = () => number;

/** @returns milliseconds @throws {InvalidConfigError} it is not such an object, or not above 0. */
export function millisecondsOf(owner: string, option: string, given: unknown, others = ""): number {
  const { minutes, ...more } = (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;
  if (typeof minutes === "number" && minutes > 0 && Number.isFinite(minutes) && Object.keys(more).length === 0) {
    return minutes * 60_000;
  }
  const received = minutes === undefined || Object.keys(more).length > 0 ? given : minutes;
  throw new InvalidConfigError(owner, option, `${others}{ minutes } with a number above 0`, received);
}

/** Tells by a clock which batches are to be saved after: the first that ends so long after the last save. */
export class EveryMinutes implements SaveMoments {
  readonly #span: number;
  readonly #clock: Clock;
  #last: number;
  #asked: boolean | undefined;

  /** @param span milliseconds */
  constructor(span: number, clock: Clock) {
    this.#span = span;
    this.#clock = clock;
    this.#last = clock();
  }

  /** A training that goes on begins its time anew. */
  get since(): number {
    return 0;
  }

  set since(_batches: number) {
    this.#last = this.#clock();
  }

  /** Time goes on between this question and {@link count}, which gives the same answer. */
  get nextIsDue(): boolean {
    this.#asked = this.#clock() - this.#last >= this.#span;
    return this.#asked;
  }

  count(): boolean {
    const due = this.#asked ?? this.nextIsDue;
    this.#asked = undefined;
    return due;
  }
}
