import type { Options } from "@featuremap/tensor";
import { AdaptivePooling, type AdaptivePoolingConfig, adaptivePoolingOptions } from "./adaptive-pooling.ts";

/**
 * The mean of each window, channel by channel; windows share the volumes evenly, so that inputs of any size give outputs of
 * one size.
 *
 * Window `i` of `n` over `length` elements reaches from `floor(i * length / n)` to `ceil((i + 1) * length / n)`.
 * Shape: `[batch, depth, height, width, channels]` to `[batch, depth', height', width', channels]` with the lengths of
 * `outputSize`, channels second with `channelsFirst`.
 * Source: Keras `AdaptiveAveragePooling3D`; PyTorch's has the same windows.
 *
 * @throws {InvalidConfigError} `outputSize` is not an integer of at least 1, or three of them.
 */
export class AdaptiveAveragePooling3D extends AdaptivePooling<3> {
  static override readonly className: string = "AdaptiveAveragePooling3D";
  static override readonly options: Options<AdaptivePoolingConfig<3>> = adaptivePoolingOptions(3);
  protected override readonly kind = "average";

  constructor(config: AdaptivePoolingConfig<3>) {
    super(config, 3);
  }
}
