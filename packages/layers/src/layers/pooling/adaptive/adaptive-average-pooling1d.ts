import type { Options } from "@featuremap/tensor";
import { AdaptivePooling, type AdaptivePoolingConfig, adaptivePoolingOptions } from "./adaptive-pooling.ts";

/**
 * The mean of each window, channel by channel; windows share the rows evenly, so that inputs of any size give outputs of
 * one size.
 *
 * Window `i` of `n` over `length` elements reaches from `floor(i * length / n)` to `ceil((i + 1) * length / n)`.
 * Shape: `[batch, steps, channels]` to `[batch, outputSize, channels]`, channels second with `channelsFirst`.
 * Source: Keras `AdaptiveAveragePooling1D`; PyTorch's has the same windows.
 *
 * @throws {InvalidConfigError} `outputSize` is not an integer of at least 1.
 */
export class AdaptiveAveragePooling1D extends AdaptivePooling<1> {
  static override readonly className: string = "AdaptiveAveragePooling1D";
  static override readonly options: Options<AdaptivePoolingConfig<1>> = adaptivePoolingOptions(1);
  protected override readonly kind = "average";

  constructor(config: AdaptivePoolingConfig<1>) {
    super(config, 1);
  }
}
