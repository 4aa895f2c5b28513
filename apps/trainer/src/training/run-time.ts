import type { Progress } from "@featuremap/training";

/** How much longer a picture takes that is learned from by all layers than one that they only see. */
const learningPerSeeing = 3;

/**
 * How long a run will still take, as far as its epochs are alike, but for the first ones where frozen layers see each picture once.
 * Clocks are in milliseconds.
 */
export class RunTime {
  readonly #limit: number;
  readonly #frozenEpochs: number;
  #began = 0;
  #epochBegan = 0;
  /** Seconds from the begin of an epoch to its first step, in which features are computed. */
  #beforeSteps = 0;
  /** When the last steps of the epoch under way were told of. */
  #lastStep = 0;
  /** Seconds for all steps of an epoch. */
  #stepsOfEpoch = 0;
  /** Seconds from the last step of an epoch to its end. */
  #afterSteps = 0;

  /**
   * @param limit seconds after which the run ends in any case
   * @param frozenEpochs first epochs in which but the last layer learns
   */
  constructor(limit: number = Number.POSITIVE_INFINITY, frozenEpochs = 0) {
    this.#limit = limit;
    this.#frozenEpochs = frozenEpochs;
  }

  begin(now: number): void {
    this.#began = now;
  }

  beginEpoch(now: number): void {
    this.#epochBegan = now;
  }

  /** Seconds that are left. */
  left(progress: Pick<Progress, "epoch" | "epochs" | "step" | "steps" | "secondsLeft">, now: number): number {
    const { epoch, epochs, step, steps, secondsLeft } = progress;
    this.#lastStep = now;
    if (step < steps) this.#stepsOfEpoch = (secondsLeft * steps) / (steps - step);
    const before = (now - this.#epochBegan) / 1000 - (this.#stepsOfEpoch * step) / steps;
    const unfrozen = epochs - Math.max(this.#frozenEpochs, epoch + 1);
    const isFrozen = epoch < this.#frozenEpochs;
    if (isFrozen) this.#beforeSteps = Math.max(this.#beforeSteps, before);
    const stepsUnfrozen = isFrozen
      ? Math.max(this.#stepsOfEpoch, learningPerSeeing * this.#beforeSteps)
      : this.#stepsOfEpoch;
    const others =
      (epochs - epoch - 1 - unfrozen) * (this.#stepsOfEpoch + this.#afterSteps) +
      unfrozen * (stepsUnfrozen + this.#afterSteps);
    return Math.max(0, Math.min(secondsLeft + this.#afterSteps + others, this.#limit - (now - this.#began) / 1000));
  }

  /** All that follows an epoch's steps is done. */
  endEpoch(now: number): void {
    this.#afterSteps = (now - this.#lastStep) / 1000;
  }
}
