import type { OptionNames } from "@featuremap/tensor";
import type { ConfigReader } from "../../../config/config-reader.ts";
import {
  type AugmentationConfig,
  AugmentationLayer,
  type Factor,
  type FactorBounds,
  augmentationOptions,
  readAugmentationConfig,
  requireFactor,
} from "../augmentation-layer.ts";
import { type ValueRange, type ValueRangeConfig, readValueRange, requireValueRange } from "../value-range.ts";

/** What layers take that change the values of pixels by a factor. */
export interface ColorConfig extends AugmentationConfig, ValueRangeConfig {
  readonly factor?: Factor | undefined;
}

/** The names of these options. */
export const colorOptions: OptionNames<ColorConfig> = { factor: true, valueRange: true, ...augmentationOptions };

/** One number for each image. */
export interface FactorOfEach {
  readonly factor: readonly number[];
}

/** A layer that changes the values of pixels by a factor, and not their places. */
export abstract class ColorLayer<Config extends ColorConfig, Transformation> extends AugmentationLayer<
  Config,
  Transformation
> {
  /** Between which factors are drawn. */
  readonly factor: readonly [number, number];
  readonly valueRange: ValueRange;

  /**
   * @param bounds of the factor
   * @param otherwise the factor where there is none; without it, there must be one
   */
  constructor(config: Config, bounds: FactorBounds, otherwise?: Factor) {
    super(config);
    this.factor = requireFactor(this.className, "factor", config.factor ?? otherwise, bounds);
    this.valueRange = requireValueRange(this.className, config.valueRange);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), factor: this.factor, value_range: this.valueRange };
  }
}

/** What {@link ColorConfig} holds, in Keras's config. */
export function readColorConfig(
  reader: ConfigReader,
  otherwise: Factor = Number.NaN,
): ColorConfig & { factor: Factor } {
  return {
    ...readAugmentationConfig(reader),
    factor: reader.pair("factor") ?? otherwise,
    valueRange: readValueRange(reader),
  };
}
