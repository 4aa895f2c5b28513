import {
  type FixedShape,
  Option,
  type Options,
  type RandomStream,
  ShapeError,
  formatShape,
  sizeOf,
} from "@featuremap/tensor";
import { RandomInitializer, type RandomInitializerConfig, randomInitializerOptions } from "./initializer.ts";

export interface OrthogonalConfig extends RandomInitializerConfig {
  /** Length of each row or column. Default: 1. */
  readonly gain?: number | undefined;
}

const declared = { gain: Option.number().notNull().default(1) };

/**
 * A matrix whose rows or columns, whichever are fewer, stand upright on each other, uniform among all such matrices.
 *
 * All axes of the weight but the last count as rows. Source: Saxe et al., ICLR 2014; Keras `Orthogonal`.
 *
 * @throws {InvalidConfigError} `gain` is not finite, or the seed is not an integer in [0, 2^32).
 */
export class Orthogonal extends RandomInitializer {
  static override readonly className: string = "Orthogonal";
  static override readonly options: Options<OrthogonalConfig> = { ...declared, ...randomInitializerOptions };
  readonly gain: number;

  constructor(config: OrthogonalConfig = {}) {
    super(config);
    this.gain = this.settle(declared).gain;
  }

  protected override sampler(_shape: FixedShape, random: RandomStream): () => number {
    return () => random.normal();
  }

  /** @throws {ShapeError} the weight has fewer than two axes. */
  override initialize(shape: FixedShape, random: RandomStream): Float32Array {
    if (shape.length < 2) throw new ShapeError("Orthogonal", "weight", "of two axes or more", formatShape(shape));
    const [rows, columns] = [sizeOf(shape.slice(0, -1)), shape.at(-1) ?? 1];
    const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
    const vectors = orthonormalize(super.initialize([count, length], random), count, length);
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [vector, place] = rows >= columns ? [column, row] : [row, column];
        values[row * columns + column] = this.gain * (vectors[vector * length + place] ?? 0);
      }
    }
    return values;
  }
}

/** Makes each row orthogonal to those before it, and of length 1 (Gram and Schmidt; twice, as rounding asks for). */
function orthonormalize(matrix: Float32Array, count: number, length: number): Float64Array {
  const rows = Float64Array.from(matrix);
  const row = (index: number): Float64Array => rows.subarray(index * length, (index + 1) * length);
  for (let index = 0; index < count; index++) {
    const own = row(index);
    for (let before = 0; before < 2 * index; before++) {
      const other = row(before % index);
      const share = product(own, other);
      for (let place = 0; place < length; place++) own[place] = (own[place] ?? 0) - share * (other[place] ?? 0);
    }
    const norm = Math.sqrt(product(own, own));
    for (let place = 0; place < length; place++) own[place] = (own[place] ?? 0) / norm;
  }
  return rows;
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < a.length; place++) sum += (a[place] ?? 0) * (b[place] ?? 0);
  return sum;
}
