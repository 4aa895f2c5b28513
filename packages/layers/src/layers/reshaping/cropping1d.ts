import type { OptionNames } from "@featuremap/tensor";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Cropping } from "./cropping.ts";
import { type Margins1D, readMargins, requireMargins } from "./margins.ts";

export interface Cropping1DConfig extends LayerConfig {
  /** Steps taken away at the start and at the end, or one number for both. Default: 1. */
  readonly cropping?: Margins1D | undefined;
}

/**
 * Takes steps away from both ends of rows.
 *
 * Shape: `[batch, steps, channels]` to `[batch, steps - start - end, channels]`. Source: Keras `Cropping1D`.
 *
 * @throws {InvalidConfigError} `cropping` is not an integer of at least 0, or two of them.
 */
export class Cropping1D extends Cropping<Cropping1DConfig> {
  static override readonly className = "Cropping1D";
  static override readonly options: OptionNames<Cropping1DConfig> = { cropping: true, ...layerOptions };

  constructor(config: Cropping1DConfig = {}) {
    super(config, ({ cropping = 1 }) => ({
      margins: requireMargins(Cropping1D.className, "cropping", cropping, 1),
      dataFormat: "channelsLast",
    }));
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), cropping: this.margins[0] };
  }

  static fromConfig(reader: ConfigReader): Cropping1D {
    return new Cropping1D({ ...reader.base(), cropping: readMargins(reader, "cropping", 1) });
  }
}
