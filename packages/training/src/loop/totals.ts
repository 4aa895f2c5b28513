import type { Metric } from "../metrics/metric.ts";
import type { MeasuredBatch } from "./step.ts";

/** Loss and metrics by name: `loss`, `accuracy`, and with `val_` before them those on validation data. */
export type Logs = Readonly<Record<string, number>>;

interface MetricTotal {
  readonly metric: Metric;
  readonly sums: Float64Array;
  count: number;
}

/**
 * Loss and metrics over the batches of one pass.
 *
 * The loss is the mean over examples, so a smaller last batch counts for less, as in Keras.
 */
export class Totals {
  #metrics: readonly MetricTotal[] = [];
  #loss = 0;
  #examples = 0;

  /** Examples counted so far. */
  get examples(): number {
    return this.#examples;
  }

  /** Adds a batch, whose metrics are those of every other. @param numbers what it had measured, read back */
  add({ output, metrics }: MeasuredBatch, numbers: Float32Array): void {
    if (this.#examples === 0) {
      this.#metrics = metrics.map((metric) => ({ metric, sums: new Float64Array(metric.length(output)), count: 0 }));
    }
    const size = output[0] ?? 0;
    this.#examples += size;
    this.#loss += (numbers[0] ?? 0) * size;
    let offset = 1;
    for (const total of this.#metrics) {
      for (let index = 0; index < total.sums.length; index++) {
        total.sums[index] = (total.sums[index] ?? 0) + (numbers[offset++] ?? 0);
      }
      total.count += total.metric.count(output);
    }
  }

  /** The mean loss; NaN before the first batch. */
  get loss(): number {
    return this.#loss / this.#examples;
  }

  /** The metrics by name, without the loss. */
  get metrics(): Record<string, number> {
    return Object.fromEntries(
      this.#metrics.flatMap(({ metric, sums, count }) => metric.entries(metric.result(sums, count))),
    );
  }

  get logs(): Record<string, number> {
    return { loss: this.loss, ...this.metrics };
  }
}
