import { NonFiniteError } from "@featuremap/tensor";
import { concat1d, tidy } from "@tensorflow/tfjs-core";
import type { Clock } from "../../run/every-minutes.ts";
import type { Logs } from "../../run/logs.ts";
import type { MeasuredBatch } from "../../step/step.ts";
import type { Totals } from "../../step/totals.ts";
import { giveWay } from "../give-way.ts";
import { Pace } from "../pace.ts";

/** What a pass does with the results of its steps. */
export interface ResultsOptions {
  readonly clock: Clock;
  /** Takes the sums. */
  readonly totals: Totals;
  /** Steps done before, by a call that was interrupted. Default: 0. */
  readonly done?: number;
  /** Where a step stands, counted from 1, for an error: `epoch 1 of 2, step 17 of 938`. */
  readonly place: (step: number) => string;
}

/** The results of a pass's steps, which wait on the device until a few times a second all of them are read at once. */
export class Results {
  readonly totals: Totals;
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #place: (step: number) => string;
  #step: number;
  #waiting: MeasuredBatch[] = [];

  constructor({ clock, totals, done = 0, place }: ResultsOptions) {
    this.totals = totals;
    this.#clock = clock;
    this.#pace = new Pace(clock());
    this.#place = place;
    this.#step = done;
  }

  /** Steps whose results have been read. */
  get step(): number {
    return this.#step;
  }

  /** Whether none waits. */
  get areRead(): boolean {
    return this.#waiting.length === 0;
  }

  /** Whether so many wait, or for so long, that they should be read. */
  get readIsDue(): boolean {
    return this.#pace.readIsDue(this.#waiting.length, this.#clock());
  }

  /** Takes over what a step has left on the device. */
  add(batch: MeasuredBatch): void {
    this.#waiting.push(batch);
  }

  /**
   * Waits for the device, and adds what waits to the totals.
   *
   * @throws {NonFiniteError} the loss of a step is NaN or infinite; the message names that step.
   */
  async read(): Promise<void> {
    const batches = this.#waiting;
    this.#waiting = [];
    for (const [index, numbers] of (await readTogether(batches)).entries()) {
      this.#step += 1;
      const [loss = Number.NaN] = numbers;
      if (!Number.isFinite(loss)) throw nonFinite(loss, this.#place(this.#step));
      this.totals.add(batches[index] as MeasuredBatch, numbers);
    }
    this.#pace.hasRead(batches.length, this.#clock());
  }

  /** Loss and metrics so far, once the device has done all that was sent. */
  async readLogs(): Promise<Logs> {
    await this.read();
    return this.totals.logs;
  }

  /** Whether others have waited so long for the thread that they should have it. */
  get pauseIsDue(): boolean {
    return this.#pace.pauseIsDue(this.#clock());
  }

  async pause(): Promise<void> {
    await giveWay();
    this.#pace.paused(this.#clock());
  }

  /** Frees what nobody will read. */
  dispose(): void {
    for (const { numbers } of this.#waiting) numbers.dispose();
  }
}

/** The numbers of all batches in one read; frees them on the device. */
async function readTogether(batches: readonly MeasuredBatch[]): Promise<Float32Array[]> {
  if (batches.length === 0) return [];
  const tensors = batches.map(({ numbers }) => numbers);
  const joined = tidy(() => concat1d(tensors));
  for (const tensor of tensors) tensor.dispose();
  try {
    const all = (await joined.data()) as Float32Array;
    const length = all.length / batches.length;
    return batches.map((_, index) => all.subarray(index * length, (index + 1) * length));
  } finally {
    joined.dispose();
  }
}

function nonFinite(loss: number, place: string): NonFiniteError {
  const remedy = "Lower the learning rate, or look for inputs that are not finite.";
  return new NonFiniteError(`The loss became ${Number.isNaN(loss) ? "NaN" : "infinite"} in ${place}. ${remedy}`);
}
