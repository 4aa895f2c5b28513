import type { Options } from "@featuremap/tensor";
import { AdaptivePooling, type AdaptivePoolingConfig, adaptivePoolingOptions } from "./adaptive-pooling.ts";

/**
 * Keeps the largest element of each of the windows that share the volumes evenly, channel by channel, so that outputs have one size whatever the inputs have: window
 * `i` of `n` over `length` elements reaches from `floor(i * length / n)` to `ceil((i + 1) * length / n)`.
 *
 * Shape: `[batch, depth, height, width, channels]` to `[batch, depth', height', width', channels]` with the lengths of `outputSize`, channels second
 * with `channelsFirst`.
 * Source: Keras `AdaptiveMaxPooling3D`; PyTorch's has the same windows.
 *
 * @throws {InvalidConfigError} `outputSize` is not an integer of at least 1, or three of them.
 */
export class AdaptiveMaxPooling3D extends AdaptivePooling<3> {
  static override readonly className = "AdaptiveMaxPooling3D";
  static override readonly options: Options<AdaptivePoolingConfig<3>> = adaptivePoolingOptions(3);
  protected override readonly kind = "max";

  constructor(config: AdaptivePoolingConfig<3>) {
    super(config, 3);
  }
}
