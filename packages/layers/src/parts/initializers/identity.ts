import { type FixedShape, Option, type Options, ShapeError, formatShape } from "@featuremap/tensor";
import { Initializer } from "./initializer.ts";

export interface IdentityConfig {
  /** Default: 1. */
  readonly gain?: number | undefined;
}

const declared = { gain: Option.number().notNull().default(1) };

/** A matrix of `gain` on its diagonal, and 0 elsewhere. Source: Keras `Identity`. */
export class Identity extends Initializer {
  static override readonly className: string = "Identity";
  static override readonly options: Options<IdentityConfig> = declared;
  readonly gain: number;

  /** @throws {InvalidConfigError} `gain` is not finite. */
  constructor(config: IdentityConfig = {}) {
    super(config);
    this.gain = this.settle(declared).gain;
  }

  /** @throws {ShapeError} the weight is not a matrix. */
  override initialize(shape: FixedShape): Float32Array {
    const [rows = 0, columns = 0] = shape;
    if (shape.length !== 2) throw new ShapeError("Identity", "weight", "of two axes", formatShape(shape));
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < Math.min(rows, columns); row++) values[row * columns + row] = this.gain;
    return values;
  }

  /** Keras forgets the gain; it reads one all the same. */
  override getConfig(): Record<string, unknown> {
    return this.gain === 1 ? {} : super.getConfig();
  }
}
