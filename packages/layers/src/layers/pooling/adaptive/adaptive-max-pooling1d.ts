import type { Options } from "@featuremap/tensor";
import { AdaptivePooling, type AdaptivePoolingConfig, adaptivePoolingOptions } from "./adaptive-pooling.ts";

/**
 * Keeps the largest element of each of the windows that share the rows evenly, channel by channel, so that outputs have one size whatever the inputs have: window
 * `i` of `n` over `length` elements reaches from `floor(i * length / n)` to `ceil((i + 1) * length / n)`.
 *
 * Shape: `[batch, steps, channels]` to `[batch, outputSize, channels]` with the lengths of `outputSize`, channels second
 * with `channelsFirst`.
 * Source: Keras `AdaptiveMaxPooling1D`; PyTorch's has the same windows.
 *
 * @throws {InvalidConfigError} `outputSize` is not an integer of at least 1.
 */
export class AdaptiveMaxPooling1D extends AdaptivePooling<1> {
  static override readonly className = "AdaptiveMaxPooling1D";
  static override readonly options: Options<AdaptivePoolingConfig<1>> = adaptivePoolingOptions(1);
  protected override readonly kind = "max";

  constructor(config: AdaptivePoolingConfig<1>) {
    super(config, 1);
  }
}
