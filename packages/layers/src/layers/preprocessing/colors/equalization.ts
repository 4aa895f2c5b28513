import { Option, type Options, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { countValues, lookUp, steps, type InnerWork } from "@featuremap/operations";
import { type ImageLayerConfig, imageOptions } from "../image-layer.ts";
import { ImageTransformLayer } from "../image-transform-layer.ts";
import { type ValueRange, type ValueRangeConfig, bytes, valueRangeOption } from "../value-range.ts";

export interface EqualizationConfig extends ImageLayerConfig, ValueRangeConfig {
  /** Number of bins of the histogram. Default: 256. */
  readonly bins?: number | undefined;
}

const declared = { valueRange: valueRangeOption(), bins: Option.integer().default(256) };

/**
 * Spreads the values of each channel evenly over the value range while training; prediction leaves images as they are.
 *
 * As in Keras 3.15, all images of a batch share one histogram for each channel: an image by itself is a batch of one.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `Equalization`.
 *
 * @throws {InvalidConfigError} `bins` is not an integer of at least 1, or the value range is not two different numbers.
 */
export class Equalization extends ImageTransformLayer<EqualizationConfig, null> {
  static override readonly className: string = "Equalization";
  static override readonly options: Options<EqualizationConfig> = { ...declared, ...imageOptions };
  readonly valueRange: ValueRange;
  readonly bins: number;

  constructor(config: EqualizationConfig = {}) {
    super(config);
    ({ valueRange: this.valueRange, bins: this.bins } = this.settle(declared));
  }

  /** Prediction does nothing; a training step makes tables. */
  protected override innerWork(_inputs: readonly Shape[], [output = []]: readonly Shape[]): InnerWork {
    return { operations: 0, elements: 2 * this.bins * (this.imagesOf(output).channels ?? 1) };
  }

  protected override drawTransformation(): null {
    return null;
  }

  protected override transform(images: tf.Tensor): tf.Tensor {
    const { bins, valueRange } = this;
    const channels = images.shape.at(-1) ?? 1;
    const values = scaleValues(images, valueRange, bytes);
    const rows = steps(channels, bins, 3);
    // Keras counts with one formula and looks up with another, which may round to the bin below.
    const counted = this.#places(tf.div(tf.mul(values, bins - 1), 255), rows);
    const sums = tf.cumsum(countValues(counted, channels, bins), 1);
    const total = tf.slice(sums, [0, bins - 1], [channels, 1]);
    const first = tf.min(tf.where(tf.greater(sums, 0), sums, total), 1, true);
    const others = tf.sub(total, first);
    const isVaried = tf.greater(others, 0);
    const table = tf.div(tf.mul(tf.sub(sums, first), 255), tf.where(isVaried, others, tf.onesLike(others)));
    const found = this.#places(tf.mul(tf.div(values, 255), bins - 1), rows);
    const equalized = lookUp(tf.clipByValue(tf.round(table), 0, 255), found);
    const chosen = tf.where(tf.reshape(isVaried, [1, 1, 1, channels]), equalized, values);
    return scaleValues(chosen, bytes, valueRange);
  }

  #places(values: tf.Tensor, rows: tf.Tensor): tf.Tensor {
    return tf.add(tf.cast(tf.clipByValue(values, 0, this.bins - 1), "int32"), rows);
  }
}

/** Converts pixels from one range to another, rounding as Keras does. Source: Keras `Equalization._scale_values`. */
function scaleValues(values: tf.Tensor, [lowest, highest]: ValueRange, [smallest, largest]: ValueRange): tf.Tensor {
  const scale = (largest - smallest) / (highest - lowest);
  const offset = smallest - lowest * scale;
  const scaled = scale === 1 ? values : tf.mul(values, scale);
  return offset === 0 ? scaled : tf.add(scaled, offset);
}
