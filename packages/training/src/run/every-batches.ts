/** `epoch`, or every so many batches. */
export type SaveFrequency = "epoch" | number;

/** Whether a value is `epoch` or a number of batches. */
export function isSaveFrequency(value: unknown): value is SaveFrequency {
  return value === "epoch" || (typeof value === "number" && Number.isInteger(value) && value >= 1);
}

/** When to save within an epoch; batches are told to it one after another. */
export interface SaveMoments {
  /** What must be saved for the count to go on: batches since the last one that was due. */
  since: number;
  /** Whether the batch that is done now will be due. */
  readonly nextIsDue: boolean;
  /** Counts a batch. Says whether it is due. */
  count(): boolean;
}

/** Counts batches through epochs, to tell which of them are to be saved after. Source: Keras's `_should_save_on_batch`. */
export class EveryBatches implements SaveMoments {
  readonly frequency: SaveFrequency;
  #since = 0;

  constructor(frequency: SaveFrequency) {
    this.frequency = frequency;
  }

  /** Batches since the last one that was due. */
  get since(): number {
    return this.#since;
  }

  set since(batches: number) {
    this.#since = batches;
  }

  get nextIsDue(): boolean {
    return this.frequency !== "epoch" && this.#since + 1 >= this.frequency;
  }

  count(): boolean {
    const due = this.nextIsDue;
    this.#since = due ? 0 : this.#since + 1;
    return due;
  }
}
