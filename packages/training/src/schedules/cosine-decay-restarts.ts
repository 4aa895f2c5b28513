import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { nameOption, positiveOption } from "../config/kinds.ts";
import { LearningRateSchedule, type ScheduleConfig } from "./learning-rate-schedule.ts";

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

/**
 * Half cosine waves down, one after another: in period `i`, of which a share `f` is over,
 * `initialLearningRate * ((1 - alpha) * mMul^i * (1 + cos(pi * f)) / 2 + alpha)`.
 *
 * Source: Loshchilov and Hutter, ICLR 2017; Keras 3 `CosineDecayRestarts`.
 */
export class CosineDecayRestarts extends LearningRateSchedule {
  static override readonly className: string = "CosineDecayRestarts";
  static override readonly options: PlainOptions<CosineDecayRestartsConfig> = {
    initialLearningRate: Option.nonNegative(),
    firstDecaySteps: positiveOption(),
    tMul: Option.within("a number of at least 1", (value) => value >= 1).default(2),
    mMul: Option.nonNegative().default(1),
    alpha: Option.nonNegative().default(0),
    name: nameOption.default("SGDRDecay"),
  };
  readonly config: Required<CosineDecayRestartsConfig>;

  /** @throws {InvalidConfigError} a number is outside its range, or an option is unknown. */
  constructor(config: CosineDecayRestartsConfig) {
    super(config);
    this.config = this.settle(config, CosineDecayRestarts.options);
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
