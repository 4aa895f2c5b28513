import { type FixedShape, InvalidConfigError } from "@featuremap/tensor";
import { type Rank, Tensor, type Tensor1D, broadcastTo, concat1d, mul, reshape, sum } from "@tensorflow/tfjs-core";
import { declaringClassName } from "../config/class-name.ts";
import { Configured, type PlainOptions } from "../config/configured.ts";
import { nameOption } from "../config/kinds.ts";
import { snakeCase } from "../config/resolve-name.ts";
import type { LogitActivation } from "../losses/loss.ts";
import { givenTensor } from "../config/given-tensor.ts";
import { spreadWeights } from "../losses/reduction.ts";

/** Which way a metric or loss changes when a model improves. */
export type Direction = "up" | "down";

/** The value of a metric: one number, or one for each class or threshold. */
export type MetricValue = number | readonly number[];

/** What every metric takes beside its own options. */
export interface MetricConfig {
  /** Its key in logs and histories. Default: the class's `className` in snake_case, as in Keras. */
  readonly name?: string;
}

/** For other metrics to declare their own options beside, as their `static options`. */
export const metricOptions: PlainOptions<MetricConfig> = { name: nameOption };

/**
 * A number that tells how good a model is, over any number of batches.
 *
 * A metric has no state. On the device it measures numbers of one batch, which the loop reads now and then and adds up in
 * double precision; the result is computed from their sums. So it does not depend on how the data are batched.
 */
export abstract class Metric extends Configured {
  /** Its name in errors. Give your own subclasses one: minifiers rename classes. */
  static override readonly className: string = "Metric";
  static override readonly constants: Readonly<Record<string, unknown>> = { dtype: "float32" };
  /** Its key in logs and histories. */
  readonly name: string;
  /** Which way it changes when a model improves; undefined if unknown. */
  readonly direction: Direction | undefined;
  /** The activation whose logits this metric uses if it can get them, as losses do. */
  readonly activation: LogitActivation | undefined = undefined;

  /**
   * @param config or the name alone
   * @throws {InvalidConfigError} an option is unknown or outside its range.
   */
  constructor(config: string | MetricConfig, direction: Direction | undefined) {
    super();
    // Classes that declare no options pass their own name; the others pass on what their users give.
    const isName = typeof config === "string" && new.target.options === undefined;
    this.name = this.settle(isName ? { name: config } : (config as MetricConfig), metricOptions).name;
    this.direction = direction;
  }

  protected override usualName(_config: object): string {
    return snakeCase(declaringClassName(this));
  }

  /** How many numbers {@link measure} gives for outputs of this shape. */
  abstract length(output: FixedShape): number;

  /**
   * What a batch adds.
   *
   * @param target int32 or float32
   * @param output float32 `[batch, ...]`
   * @param sampleWeight among `weightedMetrics`: how much each example counts, `[batch]`, or one weight for each of its
   * elements. Default: all alike.
   * @param logits what entered the {@link activation} that made the output, where it is known
   * @returns float32 of {@link length} elements
   * @throws {ShapeError} target, output and weights do not fit.
   */
  abstract measure(target: Tensor, output: Tensor, sampleWeight?: Tensor, logits?: Tensor): Tensor;

  /** How many elements a batch counts for. */
  abstract count(output: FixedShape): number;

  /** {@link count} of weighted examples: the sum of the weights of all elements, on the device. */
  weightedCount(output: FixedShape, sampleWeight: Tensor): Tensor {
    return mul(sum(sampleWeight), this.count(output) / Math.max(sampleWeight.size, 1));
  }

  /**
   * The metric over all batches.
   *
   * @param sums of what {@link measure} gave, over all batches: `[length]`
   * @param count sum of what {@link count} gave
   */
  abstract result(sums: Float64Array, count: number): MetricValue;

  /** The result's numbers by the keys they have in logs: the name, or `<name>_0`, `<name>_1`, and so on. */
  entries(value: MetricValue): readonly (readonly [string, number])[] {
    if (typeof value === "number") return [[this.name, value]];
    return value.map((part, index) => [`${this.name}_${index}`, part]);
  }
}

/** Weights for values of this shape, one for each. @throws {ShapeError} they do not fit. */
export function weightsFor(owner: string, sampleWeight: Tensor, values: FixedShape): Tensor {
  if (!(sampleWeight instanceof Tensor)) {
    throw new InvalidConfigError("weightsFor", "sampleWeight", "a tensor", sampleWeight);
  }
  if (!Array.isArray(values)) throw new InvalidConfigError("weightsFor", "values", "a shape", values);
  return broadcastTo(spreadWeights(owner, sampleWeight, values), [...values]);
}

/** What a batch adds to a metric. @throws {InvalidConfigError} it is not a tensor. */
export function measureBatch(
  metric: Metric,
  target: Tensor,
  output: Tensor,
  weights?: Tensor,
  logits?: Tensor,
): Tensor {
  return givenTensor(metric.name, "measure", metric.measure(target, output, weights, logits));
}

/** What a batch of examples of these weights adds to a metric, and after it their {@link Metric.weightedCount}. */
export function weightedMeasure(
  metric: Metric,
  target: Tensor,
  output: Tensor,
  sampleWeight: Tensor,
  logits?: Tensor,
): Tensor1D {
  const parts = [
    measureBatch(metric, target, output, sampleWeight, logits),
    metric.weightedCount(output.shape, sampleWeight),
  ];
  return concat1d(parts.map((part) => reshape<Rank.R1>(part, [-1])));
}

/** The quotient, or 0 if the divisor is 0, as Keras's metrics give for what never occurs. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
