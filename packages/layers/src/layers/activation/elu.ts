import { Option, type Options, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";

export interface ELUConfig extends LayerConfig {
  /** The limit of the output for very negative inputs, negated. Default: 1. */
  readonly alpha?: number | undefined;
}

const declared = { alpha: Option.number().default(1) };

/**
 * `y = x` where `x > 0`, `y = alpha (exp(x) - 1)` elsewhere.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Clevert et al., ICLR 2016; Keras `ELU`.
 *
 * @throws {InvalidConfigError} `alpha` is not finite.
 */
export class ELU extends Layer<ELUConfig> {
  static override readonly className: string = "ELU";
  static override readonly options: Options<ELUConfig> = { ...declared, ...commonOptions };
  readonly alpha: number;

  constructor(config: ELUConfig = {}) {
    super(config);
    this.alpha = this.settle(declared).alpha;
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    const output = tf.elu(input);
    return this.alpha === 1 ? output : tf.where(tf.greater(input, 0), output, tf.mul(output, this.alpha));
  }
}
