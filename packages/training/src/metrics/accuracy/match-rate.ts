import { type FixedShape, sizeOf } from "@featuremap/tensor";
import { type Tensor, cast, mul, sum } from "@tensorflow/tfjs-core";
import { Metric, type MetricConfig, ratio, weightsFor } from "../metric.ts";

/** The share of right predictions among all: what the accuracies have in common. */
export abstract class MatchRate extends Metric {
  static override readonly className: string = "MatchRate";

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: MetricConfig = {}) {
    super(config, "up");
  }

  /** Which predictions are right: bool `[batch, ...]`. */
  protected abstract matches(target: Tensor, output: Tensor): Tensor;

  override length(): number {
    return 1;
  }

  override measure(target: Tensor, output: Tensor, sampleWeight?: Tensor): Tensor {
    const matches = cast(this.matches(target, output), "float32");
    return sum(sampleWeight ? mul(matches, weightsFor(this.name, sampleWeight, matches.shape)) : matches);
  }

  override count(output: FixedShape): number {
    return sizeOf(output.slice(0, -1));
  }

  override result(sums: Float64Array, count: number): number {
    return ratio(sums[0] ?? 0, count);
  }
}
