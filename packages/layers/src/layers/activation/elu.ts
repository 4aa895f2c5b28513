import { InvalidConfigError, type OptionNames, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { readLayerConfig } from "../../layer/reading/read-config.ts";

export interface ELUConfig extends LayerConfig {
  /** What the output comes near for very negative inputs, negated. Default: 1. */
  readonly alpha?: number | undefined;
}

/**
 * `y = x` where `x > 0`, `y = alpha (exp(x) - 1)` elsewhere.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Clevert et al., ICLR 2016; Keras `ELU`.
 *
 * @throws {InvalidConfigError} `alpha` is not finite.
 */
export class ELU extends Layer<ELUConfig> {
  static override readonly className = "ELU";
  static override readonly options: OptionNames<ELUConfig> = { alpha: true, ...layerOptions };
  readonly alpha: number;

  constructor(config: ELUConfig = {}) {
    super(config);
    this.alpha = config.alpha ?? 1;
    if (!Number.isFinite(this.alpha)) throw new InvalidConfigError("ELU", "alpha", "a finite number", this.alpha);
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

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), alpha: this.alpha };
  }

  static fromConfig(reader: ConfigReader): ELU {
    return new ELU({ ...readLayerConfig(reader), alpha: reader.number("alpha") });
  }
}
