import { InvalidConfigError, type OptionNames, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { withFirstOption } from "../../config/first-option.ts";

export interface RescalingConfig extends LayerConfig {
  /** Factor, or one for each entry of the last axis. */
  readonly scale: number | readonly number[];
  /** Added afterwards, or one for each entry of the last axis. Default: 0. */
  readonly offset?: number | readonly number[] | undefined;
}

/**
 * `y = x * scale + offset`, in training and prediction alike.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Keras `Rescaling`.
 *
 * @throws {InvalidConfigError} scale or offset is not finite.
 */
export class Rescaling extends Layer<RescalingConfig> {
  static override readonly className = "Rescaling";
  static override readonly options: OptionNames<RescalingConfig> = { scale: true, offset: true, ...layerOptions };

  /**
   * @param config the config, or just the scale
   * @param options the others, after the scale alone
   */
  constructor(config: RescalingConfig | number | readonly number[], options?: Omit<RescalingConfig, "scale">) {
    super(
      withFirstOption<RescalingConfig>(
        "Rescaling",
        "scale",
        config,
        typeof config === "number" || Array.isArray(config),
        options,
      ),
    );
    const { scale, offset = 0 } = this.config;
    for (const [option, value] of [
      ["scale", scale],
      ["offset", offset],
    ] as const) {
      if (![value].flat().every((entry) => Number.isFinite(entry))) {
        throw new InvalidConfigError("Rescaling", option, "a finite number, or a list of them", value);
      }
    }
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    const { scale, offset = 0 } = this.config;
    const scaled = tf.mul(input, asOperand(scale));
    return offset === 0 ? scaled : tf.add(scaled, asOperand(offset));
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), scale: this.config.scale, offset: this.config.offset ?? 0 };
  }

  static fromConfig(reader: ConfigReader): Rescaling {
    return new Rescaling({
      ...reader.base(),
      scale: reader.numbers("scale") ?? Number.NaN,
      offset: reader.numbers("offset"),
    });
  }
}

function asOperand(value: number | readonly number[]): number | number[] {
  return typeof value === "number" ? value : [...value];
}
