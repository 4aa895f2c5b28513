import type { PlainOptions } from "../config/configured.ts";
import { CosineSimilarity } from "../losses/regression/cosine-similarity.ts";
import { LossMetric } from "./loss-metric.ts";
import { type MetricConfig, metricOptions } from "./metric.ts";

/** The mean cosine of the angle between targets and outputs. Source: Keras 3's metric `CosineSimilarity`. */
export class MeanCosine extends LossMetric {
  static override readonly className: string = "MeanCosine";
  static override readonly options: PlainOptions<MetricConfig> = metricOptions;
  override readonly loss: CosineSimilarity = new CosineSimilarity();

  constructor(config: MetricConfig) {
    super(config, "up");
  }

  override result(sums: Float64Array): number {
    return 0 - super.result(sums);
  }
}
