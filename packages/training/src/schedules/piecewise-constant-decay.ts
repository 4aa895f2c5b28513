import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { checkNotNegative } from "../config/check-numbers.ts";
import { LearningRateSchedule, type ScheduleConfig, scheduleOptions } from "./learning-rate-schedule.ts";

export interface PiecewiseConstantDecayConfig extends ScheduleConfig {
  /** The last step of each value but the final one, ascending. */
  readonly boundaries: readonly number[];
  /** One more than `boundaries`. */
  readonly values: readonly number[];
}

const options: OptionNames<PiecewiseConstantDecayConfig> = { boundaries: true, values: true, ...scheduleOptions };

/**
 * `values[0]` up to and with step `boundaries[0]`, then `values[1]` up to and with `boundaries[1]`, and so on.
 *
 * Source: Keras 3 `PiecewiseConstantDecay`.
 */
export class PiecewiseConstantDecay extends LearningRateSchedule {
  static override readonly className: string = "PiecewiseConstantDecay";
  readonly config: PiecewiseConstantDecayConfig;

  /** @throws {InvalidConfigError} the lists do not fit, boundaries do not ascend, or an option is unknown. */
  constructor(config: PiecewiseConstantDecayConfig) {
    super(config, options, "PiecewiseConstant");
    const { boundaries, values } = config;
    for (const [name, list] of Object.entries({ boundaries, values })) {
      if (!Array.isArray(list)) throw new InvalidConfigError("PiecewiseConstantDecay", name, "a list of numbers", list);
    }
    if (boundaries.some((boundary, index) => !(boundary > (boundaries[index - 1] ?? Number.NEGATIVE_INFINITY)))) {
      throw new InvalidConfigError("PiecewiseConstantDecay", "boundaries", "in ascending order", boundaries);
    }
    if (values.length !== boundaries.length + 1) {
      const expected = `${boundaries.length + 1} numbers, one more than boundaries`;
      throw new InvalidConfigError("PiecewiseConstantDecay", "values", expected, values);
    }
    for (const value of values) checkNotNegative("PiecewiseConstantDecay", "values", value);
    this.config = { boundaries: [...boundaries], values: [...values] };
  }

  override at(step: number): number {
    const { boundaries, values } = this.config;
    const piece = boundaries.findIndex((boundary) => step <= boundary);
    return values.at(piece) ?? Number.NaN;
  }
}
