import type { Options } from "@featuremap/tensor";
import { AdaptivePooling, type AdaptivePoolingConfig, adaptivePoolingOptions } from "./adaptive-pooling.ts";

/**
 * The mean of each window, channel by channel; windows share the images evenly, so that inputs of any size give outputs of
 * one size.
 *
 * Window `i` of `n` over `length` elements reaches from `floor(i * length / n)` to `ceil((i + 1) * length / n)`.
 * Shape: `[batch, height, width, channels]` to `[batch, height', width', channels]` with the lengths of
 * `outputSize`, channels second with `channelsFirst`.
 * Source: Keras `AdaptiveAveragePooling2D`; PyTorch's has the same windows.
 *
 * @throws {InvalidConfigError} `outputSize` is not an integer of at least 1, or two of them.
 */
export class AdaptiveAveragePooling2D extends AdaptivePooling<2> {
  static override readonly className: string = "AdaptiveAveragePooling2D";
  static override readonly options: Options<AdaptivePoolingConfig<2>> = adaptivePoolingOptions(2);
  protected override readonly kind = "average";

  constructor(config: AdaptivePoolingConfig<2>) {
    super(config, 2);
  }
}
