import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { checkNotNegative, checkPositive } from "../config/check-numbers.ts";
import { LearningRateSchedule, type ScheduleConfig, scheduleOptions } from "./learning-rate-schedule.ts";

export interface CosineDecayRestartsConfig extends ScheduleConfig {
  readonly initialLearningRate: number;
  /** Steps until the first restart. */
  readonly firstDecaySteps: number;
  /** How much longer each period is than the one before, at least 1. Default: 2. */
  readonly tMul?: number;
  /** Rate at each restart, as a share of that at the one before. Default: 1. */
  readonly mMul?: number;
  /** Share of the initial rate that is left at the end of a period. Default: 0. */
  readonly alpha?: number;
}

const options: OptionNames<CosineDecayRestartsConfig> = {
  initialLearningRate: true,
  firstDecaySteps: true,
  tMul: true,
  mMul: true,
  alpha: true,
  ...scheduleOptions,
};

/**
 * Half cosine waves down, one after another: in period `i`, of which a share `f` is over,
 * `initialLearningRate * ((1 - alpha) * mMul^i * (1 + cos(pi * f)) / 2 + alpha)`.
 *
 * Source: Loshchilov and Hutter, ICLR 2017; Keras 3 `CosineDecayRestarts`.
 */
export class CosineDecayRestarts extends LearningRateSchedule {
  static override readonly className: string = "CosineDecayRestarts";
  readonly config: Required<CosineDecayRestartsConfig>;

  /** @throws {InvalidConfigError} a number is outside its range, or an option is unknown. */
  constructor(config: CosineDecayRestartsConfig) {
    super(config, options, "SGDRDecay");
    this.config = { name: this.name, tMul: 2, mMul: 1, alpha: 0, ...config };
    checkNotNegative("CosineDecayRestarts", "initialLearningRate", config.initialLearningRate);
    checkPositive("CosineDecayRestarts", "firstDecaySteps", config.firstDecaySteps);
    if (!(this.config.tMul >= 1)) {
      throw new InvalidConfigError("CosineDecayRestarts", "tMul", "a number of at least 1", this.config.tMul);
    }
    checkNotNegative("CosineDecayRestarts", "mMul", this.config.mMul);
    checkNotNegative("CosineDecayRestarts", "alpha", this.config.alpha);
  }

  override at(step: number): number {
    const { initialLearningRate, firstDecaySteps, tMul, mMul, alpha } = this.config;
    let [period, begin, length] = [0, 0, firstDecaySteps];
    if (tMul === 1) {
      period = Math.floor(step / firstDecaySteps);
      begin = period * firstDecaySteps;
    } else {
      for (; step >= begin + length; period++) {
        begin += length;
        length *= tMul;
      }
    }
    const wave = (mMul ** period * (1 + Math.cos((Math.PI * (step - begin)) / length))) / 2;
    return initialLearningRate * ((1 - alpha) * wave + alpha);
  }
}
