import type { HostArray } from "@featuremap/tensor";
import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { inputTensor, labelTensor } from "../data/device-tensors.ts";
import { type Metric, type MetricValue, weightedMeasure } from "./metric.ts";
import { type MetricObject, asMetric } from "./resolve-metric.ts";

/**
 * A metric over batches of predictions made elsewhere: what Keras's `update_state` and `result` do.
 *
 * No tensor stays between calls.
 */
export class MetricStream {
  readonly metric: Metric;
  #sums = new Float64Array();
  #count = 0;

  /** @param metric a metric, or what {@link MeanLoss} makes one of: a loss, or a function */
  constructor(metric: MetricObject) {
    this.metric = asMetric("MetricStream", "metric", metric);
  }

  /**
   * Counts a batch.
   *
   * @param target labels `[batch, ...]`
   * @param output what a model made of the inputs, `[batch, ...]`
   * @param sampleWeight how much each example counts: `[batch]`. Default: all alike.
   * @throws {ShapeError} target, output and weights do not fit.
   */
  async updateState(target: HostArray, output: HostArray, sampleWeight?: HostArray): Promise<void> {
    const measured = tidy(() => this.#measure(target, output, sampleWeight));
    try {
      const numbers = await measured.data<"float32">();
      const count = sampleWeight ? (numbers.at(-1) ?? 0) : this.metric.count(output.shape);
      this.#add(sampleWeight ? numbers.subarray(0, -1) : numbers, count);
    } finally {
      measured.dispose();
    }
  }

  /** Over all batches since the beginning, or the last {@link resetState}. */
  result(): MetricValue {
    return this.metric.result(this.#sums, this.#count);
  }

  resetState(): void {
    this.#sums = new Float64Array();
    this.#count = 0;
  }

  #measure(target: HostArray, output: HostArray, sampleWeight: HostArray | undefined): Tensor {
    const [labels, outputs] = [labelTensor(target), inputTensor(output)];
    return sampleWeight
      ? weightedMeasure(this.metric, labels, outputs, inputTensor(sampleWeight))
      : this.metric.measure(labels, outputs);
  }

  #add(numbers: Float32Array, count: number): void {
    if (this.#sums.length === 0) this.#sums = new Float64Array(numbers.length);
    for (const [index, value] of numbers.entries()) this.#sums[index] = (this.#sums[index] ?? 0) + value;
    this.#count += count;
  }
}
