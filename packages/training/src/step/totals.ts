import { type FixedShape, InvalidConfigError } from "@featuremap/tensor";
import type { JudgedMetric, JudgedOutput } from "./objective.ts";
import { hasSeveralLosses } from "./output-plan.ts";
import type { TotalsState } from "../run/logs.ts";
import type { MeasuredBatch } from "./step.ts";

interface MetricTotal extends JudgedMetric {
  readonly sums: Float64Array;
  count: number;
}

interface OutputTotal {
  readonly prefix: string;
  /** Whether the loss of this output is logged beside that of all. */
  readonly logsLoss: boolean;
  readonly metrics: readonly MetricTotal[];
  loss: number;
}

/**
 * Loss and metrics over the batches of one pass.
 *
 * Every loss is the mean over examples, so a smaller last batch counts for less. Keras does so too, but for the losses of
 * single outputs in its logs, which compiled are means of batches' means, and with `run_eagerly` those of examples.
 */
export class Totals {
  #outputs: readonly OutputTotal[] | undefined;
  #loss = 0;
  #examples = 0;

  /** Examples counted so far. */
  get examples(): number {
    return this.#examples;
  }

  /** Adds a batch, whose metrics are those of every other. @param numbers what it had measured, read back */
  add(batch: MeasuredBatch, numbers: Float32Array): void {
    const { size, shapes } = batch;
    this.#outputs ??= emptyTotals(batch.outputs, shapes);
    this.#examples += size;
    this.#loss += (numbers[0] ?? 0) * size;
    let offset = 1;
    for (const output of this.#outputs) if (output.logsLoss) output.loss += (numbers[offset++] ?? 0) * size;
    for (const [index, { metrics }] of this.#outputs.entries()) {
      for (const total of metrics) {
        for (let at = 0; at < total.sums.length; at++) {
          total.sums[at] = (total.sums[at] ?? 0) + (numbers[offset++] ?? 0);
        }
        const isWeighted = total.weighted && batch.weighted[index];
        total.count += isWeighted ? (numbers[offset++] ?? 0) : total.metric.count(shapes[index] ?? []);
      }
    }
  }

  /** The mean loss; NaN before the first batch. */
  get loss(): number {
    return this.#loss / this.#examples;
  }

  /** The metrics by name, without the loss; where there are several losses, with that of each output. */
  get metrics(): Record<string, number> {
    const outputs = this.#outputs ?? [];
    return Object.fromEntries(
      outputs.flatMap(({ prefix, metrics, loss, logsLoss }) => [
        ...(logsLoss ? [[`${prefix}loss`, loss / this.#examples] as const] : []),
        ...metrics.flatMap((total) =>
          total.metric
            .entries(total.metric.result(total.sums, total.count))
            .map(([name, value]) => [total.prefix + name, value] as const),
        ),
      ]),
    );
  }

  get logs(): Record<string, number> {
    return { loss: this.loss, ...this.metrics };
  }

  /** What {@link restore} needs to go on with these sums. */
  save(): TotalsState {
    const outputs = this.#outputs ?? [];
    return {
      loss: this.#loss,
      examples: this.#examples,
      outputs: outputs.map(({ loss, metrics }) => ({
        loss,
        metrics: metrics.map(({ sums, count }) => ({ sums: [...sums], count })),
      })),
    };
  }

  /**
   * Goes on with the sums of a pass that was interrupted, over the same outputs and metrics.
   *
   * @throws {InvalidConfigError} there are others now.
   */
  restore(state: TotalsState, outputs: readonly JudgedOutput[], shapes: readonly FixedShape[]): void {
    const totals = emptyTotals(outputs, shapes);
    const [then, now] = [lengthsOf(state.outputs), lengthsOf(totals)];
    if (then !== now) {
      throw new InvalidConfigError("Trainer.fit", "sums of each output's metrics", `${then}, as before`, now);
    }
    for (const [index, total] of totals.entries()) {
      const saved = state.outputs[index];
      total.loss = saved?.loss ?? 0;
      for (const [at, metric] of total.metrics.entries()) {
        const { sums = [], count = 0 } = saved?.metrics[at] ?? {};
        metric.sums.set(sums.slice(0, metric.sums.length));
        metric.count = count;
      }
    }
    this.#outputs = totals;
    this.#loss = state.loss;
    this.#examples = state.examples;
  }
}

/** How many sums each metric of each output has. */
function lengthsOf(outputs: readonly { readonly metrics: readonly { readonly sums: ArrayLike<number> }[] }[]): string {
  return JSON.stringify(outputs.map(({ metrics }) => metrics.map(({ sums }) => sums.length)));
}

function emptyTotals(outputs: readonly JudgedOutput[], shapes: readonly FixedShape[]): OutputTotal[] {
  return outputs.map(({ prefix, loss, metrics }, index) => ({
    prefix,
    logsLoss: loss !== undefined && hasSeveralLosses(outputs),
    loss: 0,
    metrics: metrics.map((each) => ({
      ...each,
      sums: new Float64Array(each.metric.length(shapes[index] ?? [])),
      count: 0,
    })),
  }));
}
