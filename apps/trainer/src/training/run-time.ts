import type { Progress } from "@featuremap/training";

/** How long a run will still take, as far as its epochs are alike. Clocks are in milliseconds. */
export class RunTime {
  readonly #limit: number;
  #began = 0;
  /** When the last steps of the epoch under way were told of. */
  #lastStep = 0;
  /** Seconds for all steps of an epoch. */
  #stepsOfEpoch = 0;
  /** Seconds from the last step of an epoch to its end. */
  #afterSteps = 0;

  /** @param limit seconds after which the run ends in any case */
  constructor(limit: number = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  begin(now: number): void {
    this.#began = now;
  }

  /** Seconds that are left. */
  left(progress: Pick<Progress, "epoch" | "epochs" | "step" | "steps" | "secondsLeft">, now: number): number {
    const { epoch, epochs, step, steps, secondsLeft } = progress;
    this.#lastStep = now;
    if (step < steps) this.#stepsOfEpoch = (secondsLeft * steps) / (steps - step);
    const others = (epochs - epoch - 1) * (this.#stepsOfEpoch + this.#afterSteps);
    return Math.max(0, Math.min(secondsLeft + this.#afterSteps + others, this.#limit - (now - this.#began) / 1000));
  }

  /** All that follows an epoch's steps is done. */
  endEpoch(now: number): void {
    this.#afterSteps = (now - this.#lastStep) / 1000;
  }
}
