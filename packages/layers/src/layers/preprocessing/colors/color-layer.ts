import type { Option } from "@featuremap/tensor";
import { type AugmentationConfig, AugmentationLayer } from "../augmentation-layer.ts";
import { type Factor, type FactorBounds, type FactorRange, factorOption } from "../factor.ts";
import { type ValueRange, type ValueRangeConfig, valueRangeOption } from "../value-range.ts";

/** Options of layers that change the values of pixels by a factor. */
export interface ColorConfig extends AugmentationConfig, ValueRangeConfig {
  readonly factor?: Factor | undefined;
}

/** The declared options that {@link AugmentationConfig} lacks. */
export type ColorOptions = {
  readonly factor: Option<Factor | undefined, FactorRange>;
  readonly valueRange: Option<ValueRange | undefined, ValueRange>;
};

/** Declares them. @param usual the default of the factor; without one, a factor must be given */
export function colorOptions(bounds: FactorBounds, usual?: Factor): ColorOptions {
  return { factor: factorOption(bounds).default(usual), valueRange: valueRangeOption() };
}

/** One number for each image. */
export interface FactorOfEach {
  readonly factor: readonly number[];
}

/** A layer that changes the values of pixels by a factor, but not their places. */
export abstract class ColorLayer<Config extends ColorConfig, Transformation> extends AugmentationLayer<
  Config,
  Transformation
> {
  /** The range that factors are drawn from. */
  readonly factor: FactorRange;
  readonly valueRange: ValueRange;

  constructor(config: Config, options: ColorOptions) {
    super(config);
    ({ factor: this.factor, valueRange: this.valueRange } = this.settle(options));
  }
}
