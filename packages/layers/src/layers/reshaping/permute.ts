import { type FixedShape, Option, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { isList } from "../../config/options.ts";
import { withFirstOption } from "../../config/first-option.ts";

export interface PermuteConfig extends LayerConfig {
  /** For each axis of the output, which of the input's it is: 1 is the first after the batch axis. */
  readonly dims: readonly number[];
}

const isOrder = (dims: unknown): boolean =>
  isList(dims) && dims.toSorted((a, b) => a - b).every((axis, index) => axis === index + 1);

const declared = { dims: Option.plain<readonly number[]>({ expected: "each of 1, 2, ... once", accepts: isOrder }) };

/**
 * Reorders the axes of each input.
 *
 * Shape: `[batch, ...]` to the same lengths in the order of `dims`. Source: Keras `Permute`.
 *
 * @throws {InvalidConfigError} `dims` does not hold each of 1, 2, ... once.
 */
export class Permute extends Layer<PermuteConfig> {
  static override readonly className: string = "Permute";
  static override readonly options: Options<PermuteConfig> = { ...declared, ...commonOptions };
  readonly dims: readonly number[];

  /**
   * @param config the config, or just `dims`
   * @param options the others, after `dims` alone
   */
  constructor(config: PermuteConfig | FixedShape, options?: Omit<PermuteConfig, "dims">) {
    super(withFirstOption<PermuteConfig>("Permute", "dims", config, isList(config), options));
    this.dims = this.settle(declared).dims;
  }

  override outputShape(input: Shape): Shape {
    const { dims } = this;
    if (input.length !== dims.length + 1) {
      throw new ShapeError(this.name, "input", `of ${dims.length + 1} axes`, formatShape(input));
    }
    return [input[0] ?? null, ...dims.map((axis) => input[axis] ?? null)];
  }

  override call(input: tf.Tensor): tf.Tensor {
    return tf.transpose(input, [0, ...this.dims]);
  }
}
