import { Option, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { withFirstOption } from "../../config/first-option.ts";

export interface RepeatVectorConfig extends LayerConfig {
  /** How many times each vector appears. */
  readonly n: number;
}

const declared = { n: Option.integer() };

/**
 * Repeats each vector along a new axis.
 *
 * Shape: `[batch, length]` to `[batch, n, length]`. Source: Keras `RepeatVector`.
 *
 * @throws {InvalidConfigError} `n` is not an integer of at least 1.
 */
export class RepeatVector extends Layer<RepeatVectorConfig> {
  static override readonly className: string = "RepeatVector";
  static override readonly options: Options<RepeatVectorConfig> = { ...declared, ...commonOptions };
  readonly n: number;

  /**
   * @param config the config, or just `n`
   * @param options the others, after `n` alone
   */
  constructor(config: RepeatVectorConfig | number, options?: Omit<RepeatVectorConfig, "n">) {
    super(withFirstOption<RepeatVectorConfig>("RepeatVector", "n", config, typeof config === "number", options));
    this.n = this.settle(declared).n;
  }

  override outputShape(input: Shape): Shape {
    const [batch = null, length = null] = input;
    if (input.length !== 2) throw new ShapeError(this.name, "input", "(batch, length)", formatShape(input));
    return [batch, this.n, length];
  }

  override call(input: tf.Tensor): tf.Tensor {
    return tf.tile(tf.expandDims(input, 1), [1, this.n, 1]);
  }
}
