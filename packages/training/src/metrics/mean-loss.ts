import { type FixedShape, InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { checkOptions } from "../config/check-options.ts";
import { type Rank, type Tensor, cast, concat1d, mul, reshape, scalar, sum } from "@tensorflow/tfjs-core";
import { givenTensor } from "../config/given-tensor.ts";
import { type LogitActivation, Loss } from "../losses/loss.ts";
import { type MetricConfig, metricOptions } from "./accuracy/accuracy.ts";
import { type Direction, Metric, ratio, weightsFor } from "./metric.ts";

export interface MeanLossConfig extends MetricConfig {
  /** Its reduction does not matter. */
  readonly loss: Loss;
  /** Key in logs and histories. Default: the loss's name. */
  readonly name?: string;
  /** Which way it goes when a model gets better. Default: down. */
  readonly direction?: Direction | undefined;
}

const options: OptionNames<MeanLossConfig> = { ...metricOptions, loss: true, direction: true };

/**
 * A loss as a metric: its mean over all examples, those that it masks out not counted.
 *
 * Source: Keras 3 `MeanSquaredError`, `BinaryCrossentropy` and the other metrics that are losses.
 */
export class MeanLoss extends Metric {
  static override readonly className: string = "MeanLoss";
  readonly loss: Loss;
  override readonly activation: LogitActivation | undefined;

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: MeanLossConfig) {
    checkOptions("MeanLoss", config, options);
    const { loss } = config;
    if (!(loss instanceof Loss)) throw new InvalidConfigError("MeanLoss", "loss", "a loss, such as new Huber()", loss);
    super(config.name ?? loss.name, "direction" in config ? config.direction : "down");
    this.loss = config.loss;
    this.activation = config.loss.activation;
  }

  override length(): number {
    return 2;
  }

  /** The sum of losses, then their number, or that of their weights. */
  override measure(target: Tensor, output: Tensor, sampleWeight?: Tensor, logits?: Tensor): Tensor {
    const values = givenTensor(this.loss.name, "call", this.loss.call(target, output, { logits }));
    const mask = this.loss.mask(target, output);
    const weights = [
      ...(mask ? [cast(mask, "float32")] : []),
      ...(sampleWeight ? [weightsFor(this.name, sampleWeight, values.shape)] : []),
    ];
    const weighted = weights.reduce((product: Tensor, weight) => mul(product, weight), values);
    const [first, second] = weights;
    const count = first ? sum(second ? mul(first, second) : first) : scalar(values.size);
    return concat1d([sum(weighted), count].map((each) => reshape<Rank.R1>(each, [1])));
  }

  override count(output: FixedShape): number {
    return output[0] ?? 0;
  }

  override result(sums: Float64Array): number {
    return ratio(sums[0] ?? 0, sums[1] ?? 0);
  }
}
