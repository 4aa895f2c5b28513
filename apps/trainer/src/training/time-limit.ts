import { Callback, type Progress, type TrainingRun } from "@featuremap/training";

/** Ends training once so many seconds have passed since it began. */
export class TimeLimit extends Callback {
  static override readonly className: string = "TimeLimit";
  readonly #seconds: number;
  readonly #now: () => number;
  #began = 0;

  /** @param now milliseconds of a clock that never goes back */
  constructor(seconds: number, now: () => number = () => performance.now()) {
    super();
    this.#seconds = seconds;
    this.#now = now;
  }

  override onTrainBegin(): void {
    this.#began = this.#now();
  }

  override onProgress(_progress: Progress, run: TrainingRun): void {
    if (this.#now() - this.#began >= this.#seconds * 1000) run.stop();
  }
}
