import type { Options, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";

/**
 * Gives back its input: holds the place of a layer that may be left out.
 *
 * Shape: any, to the same shape. Source: Keras `Identity`.
 */
export class Identity extends Layer {
  static override readonly className: string = "Identity";
  static override readonly options: Options<LayerConfig> = commonOptions;

  constructor(config: LayerConfig = {}) {
    super(config);
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    return input;
  }
}
