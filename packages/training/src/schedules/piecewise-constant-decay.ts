import { InvalidConfigError } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { nameOption, numbersOption } from "../config/kinds.ts";
import { LearningRateSchedule, type ScheduleConfig } from "./learning-rate-schedule.ts";

export interface PiecewiseConstantDecayConfig extends ScheduleConfig {
  /** The last step of each value but the final one, ascending. */
  readonly boundaries: readonly number[];
  /** One more than `boundaries`. */
  readonly values: readonly number[];
}

/**
 * `values[0]` up to and with step `boundaries[0]`, then `values[1]` up to and with `boundaries[1]`, and so on.
 *
 * Source: Keras 3 `PiecewiseConstantDecay`.
 */
export class PiecewiseConstantDecay extends LearningRateSchedule {
  static override readonly className: string = "PiecewiseConstantDecay";
  static override readonly options: PlainOptions<PiecewiseConstantDecayConfig> = {
    boundaries: numbersOption("a list of numbers in ascending order", (boundaries) =>
      boundaries.every((boundary, index) => boundary > (boundaries[index - 1] ?? Number.NEGATIVE_INFINITY)),
    ),
    values: numbersOption("a list of numbers of at least 0", (values) =>
      values.every((value) => Number.isFinite(value) && value >= 0),
    ),
    name: nameOption.default("PiecewiseConstant"),
  };
  readonly config: Required<PiecewiseConstantDecayConfig>;

  /** @throws {InvalidConfigError} the lists do not fit, boundaries do not ascend, or an option is unknown. */
  constructor(config: PiecewiseConstantDecayConfig) {
    super(config);
    this.config = this.settle(config, PiecewiseConstantDecay.options);
    const { boundaries, values } = this.config;
    if (values.length !== boundaries.length + 1) {
      const expected = `${boundaries.length + 1} numbers, one more than boundaries`;
      throw new InvalidConfigError("PiecewiseConstantDecay", "values", expected, values);
    }
  }

  override at(step: number): number {
    const { boundaries, values } = this.config;
    const piece = boundaries.findIndex((boundary) => step <= boundary);
    return values.at(piece) ?? Number.NaN;
  }
}
