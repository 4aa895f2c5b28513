import { type FixedShape, type OptionNames, checkOptions } from "@featuremap/tensor";
import { type Rank, type Tensor, cast, concat1d, reshape, scalar, sum } from "@tensorflow/tfjs-core";
import type { Loss } from "../losses/loss.ts";
import { type MetricConfig, metricOptions } from "./accuracy.ts";
import { Metric, ratio } from "./metric.ts";

export interface MeanLossConfig extends MetricConfig {
  /** Its reduction does not matter. */
  readonly loss: Loss;
  /** Key in logs and histories. */
  readonly name: string;
}

const options: OptionNames<MeanLossConfig> = { ...metricOptions, loss: true };

/**
 * A loss as a metric: its mean over all examples, those that it masks out not counted.
 *
 * Source: Keras 3 `MeanSquaredError`, `BinaryCrossentropy` and the other metrics that are losses.
 */
export class MeanLoss extends Metric {
  readonly loss: Loss;

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: MeanLossConfig) {
    checkOptions("MeanLoss", config, options);
    super(config.name, "down");
    this.loss = config.loss;
  }

  override length(): number {
    return 2;
  }

  /** The sum of losses, then their number. */
  override measure(target: Tensor, output: Tensor): Tensor {
    const values = this.loss.call(target, output);
    const mask = this.loss.mask(target, output);
    const count = mask ? sum(cast(mask, "float32")) : scalar(values.size);
    return concat1d([sum(values), count].map((each) => reshape<Rank.R1>(each, [1])));
  }

  override count(output: FixedShape): number {
    return output[0] ?? 0;
  }

  override result(sums: Float64Array): number {
    return ratio(sums[0] ?? 0, sums[1] ?? 0);
  }
}
