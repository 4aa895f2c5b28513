import type { FixedShape } from "@featuremap/tensor";
import type { Tensor } from "@tensorflow/tfjs-core";

/** Which way a metric or loss goes when a model gets better. */
export type Direction = "up" | "down";

/** What a metric comes to: one number, or one for each class or threshold. */
export type MetricValue = number | readonly number[];

/**
 * A number that tells how good a model is, over any number of batches.
 *
 * A metric has no state. On the device it measures numbers of one batch that add up over batches; the loop reads them
 * now and then and adds them in double precision; from their sums comes the result. So the result is the same however
 * the data are batched.
 */
export abstract class Metric {
  /** Its key in logs and histories. */
  readonly name: string;
  readonly direction: Direction;

  constructor(name: string, direction: Direction) {
    this.name = name;
    this.direction = direction;
  }

  /** How many numbers {@link measure} gives for outputs of this shape. */
  abstract length(output: FixedShape): number;

  /**
   * What a batch adds.
   *
   * @param target int32 or float32
   * @param output float32 `[batch, ...]`
   * @returns float32 of {@link length} elements
   * @throws {ShapeError} target and output do not fit.
   */
  abstract measure(target: Tensor, output: Tensor): Tensor;

  /** For how many elements a batch counts. */
  abstract count(output: FixedShape): number;

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

/** The quotient, or 0 where nothing is divided by: what Keras's metrics give for what never occurs. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
