import type { Options } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type ImageLayerConfig, imageOptions } from "../image-layer.ts";
import { ImageTransformLayer } from "../image-transform-layer.ts";
import { type ValueRange, type ValueRangeConfig, bytes, toValueRange, valueRangeOption } from "../value-range.ts";

export interface AutoContrastConfig extends ImageLayerConfig, ValueRangeConfig {}

const declared = { valueRange: valueRangeOption() };

/**
 * Stretches each channel of each image over the whole value range, in training and prediction alike; a channel of one value
 * stays as it is.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `AutoContrast`.
 * @differs with `channelsFirst`, stretches each channel; Keras 3.15 stretches each column over all channels
 *
 * @throws {InvalidConfigError} the value range is not two different numbers.
 */
export class AutoContrast extends ImageTransformLayer<AutoContrastConfig, null> {
  static override readonly className: string = "AutoContrast";
  static override readonly options: Options<AutoContrastConfig> = { ...declared, ...imageOptions };
  readonly valueRange: ValueRange;

  constructor(config: AutoContrastConfig = {}) {
    super(config);
    ({ valueRange: this.valueRange } = this.settle(declared));
  }

  protected override isActive(): boolean {
    return true;
  }

  protected override drawTransformation(): null {
    return null;
  }

  protected override transform(images: tf.Tensor): tf.Tensor {
    const values = toValueRange(images, this.valueRange, bytes);
    const low = tf.min(values, [1, 2], true);
    const range = tf.sub(tf.max(values, [1, 2], true), low);
    const hasContrast = tf.greater(range, 0);
    const scale = tf.div(255, tf.where(hasContrast, range, tf.onesLike(range)));
    const stretched = tf.clipByValue(tf.sub(tf.mul(values, scale), tf.mul(low, scale)), 0, 255);
    return tf.where(hasContrast, toValueRange(stretched, bytes, this.valueRange), images);
  }
}
