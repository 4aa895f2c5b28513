import type { FixedShape } from "@featuremap/tensor";
import type { Tensor } from "@tensorflow/tfjs-core";

/** Which way a metric or loss goes when a model gets better. */
export type Direction = "up" | "down";

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
  /** How many numbers {@link measure} gives. */
  abstract readonly length: number;

  constructor(name: string, direction: Direction) {
    this.name = name;
    this.direction = direction;
  }

  /**
   * What a batch adds.
   *
   * @param target int32 or float32
   * @param output float32 `[batch, ...]`
   * @returns float32 of {@link length} elements, a scalar if that is 1
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
  abstract result(sums: Float64Array, count: number): number;
}
