import type { FixedShape, HostArray } from "@featuremap/tensor";
import { tidy } from "@tensorflow/tfjs-core";
import { inputTensor, labelTensor } from "../loop/device-tensors.ts";
import type { Metric, MetricValue } from "./metric.ts";

/**
 * A metric over batches of predictions made elsewhere: what Keras's `update_state` and `result` do.
 *
 * No tensor stays between calls.
 */
export class MetricStream {
  readonly metric: Metric;
  #sums = new Float64Array();
  #count = 0;

  constructor(metric: Metric) {
    this.metric = metric;
  }

  /**
   * Counts a batch.
   *
   * @param target labels `[batch, ...]`
   * @param output what a model made of the inputs, `[batch, ...]`
   * @throws {ShapeError} target and output do not fit.
   */
  async updateState(target: HostArray, output: HostArray): Promise<void> {
    const measured = tidy(() => this.metric.measure(labelTensor(target), inputTensor(output)));
    try {
      this.#add(await measured.data<"float32">(), output.shape);
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

  #add(numbers: Float32Array, output: FixedShape): void {
    if (this.#sums.length === 0) this.#sums = new Float64Array(numbers.length);
    for (const [index, value] of numbers.entries()) this.#sums[index] = (this.#sums[index] ?? 0) + value;
    this.#count += this.metric.count(output);
  }
}
