import type { Metric } from "../metrics/metric.ts";
import type { MeasuredBatch } from "./step.ts";

/** Loss and metrics by name: `loss`, `accuracy`, and with `val_` before them those on validation data. */
export type Logs = Readonly<Record<string, number>>;

interface MetricTotal {
  readonly metric: Metric;
  readonly sums: Float64Array;
  count: number;
}

interface OutputTotal {
  readonly prefix: string;
  readonly metrics: readonly MetricTotal[];
  loss: number;
}

/**
 * Loss and metrics over the batches of one pass.
 *
 * The loss is the mean over examples, so a smaller last batch counts for less, as in Keras.
 */
export class Totals {
  #outputs: readonly OutputTotal[] = [];
  #loss = 0;
  #examples = 0;

  /** Examples counted so far. */
  get examples(): number {
    return this.#examples;
  }

  /** Adds a batch, whose metrics are those of every other. @param numbers what it had measured, read back */
  add(batch: MeasuredBatch, numbers: Float32Array): void {
    const { size, shapes } = batch;
    if (this.#examples === 0) this.#outputs = emptyTotals(batch);
    this.#examples += size;
    this.#loss += (numbers[0] ?? 0) * size;
    let offset = 1;
    if (this.#outputs.length > 1) {
      for (const output of this.#outputs) output.loss += (numbers[offset++] ?? 0) * size;
    }
    for (const [index, { metrics }] of this.#outputs.entries()) {
      for (const total of metrics) {
        for (let at = 0; at < total.sums.length; at++) {
          total.sums[at] = (total.sums[at] ?? 0) + (numbers[offset++] ?? 0);
        }
        total.count += total.metric.count(shapes[index] ?? []);
      }
    }
  }

  /** The mean loss; NaN before the first batch. */
  get loss(): number {
    return this.#loss / this.#examples;
  }

  /** The metrics by name, without the loss; where there are several outputs, with the loss of each. */
  get metrics(): Record<string, number> {
    const several = this.#outputs.length > 1;
    return Object.fromEntries(
      this.#outputs.flatMap(({ prefix, metrics, loss }) => [
        ...(several ? [[`${prefix}loss`, loss / this.#examples] as const] : []),
        ...metrics.flatMap(({ metric, sums, count }) =>
          metric.entries(metric.result(sums, count)).map(([name, value]) => [prefix + name, value] as const),
        ),
      ]),
    );
  }

  get logs(): Record<string, number> {
    return { loss: this.loss, ...this.metrics };
  }
}

/** Logs by the names they have on validation data. */
export function validationLogs(logs: Logs): Logs {
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [`val_${name}`, value]));
}

function emptyTotals({ outputs, shapes }: MeasuredBatch): OutputTotal[] {
  return outputs.map(({ prefix, metrics }, index) => ({
    prefix,
    loss: 0,
    metrics: metrics.map((metric) => ({
      metric,
      sums: new Float64Array(metric.length(shapes[index] ?? [])),
      count: 0,
    })),
  }));
}
