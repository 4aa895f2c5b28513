import {
  type FixedShape,
  InvalidConfigError,
  type OptionNames,
  type Shape,
  ShapeError,
  formatShape,
} from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import { isList } from "../../config/options.ts";
import { withFirstOption } from "../../config/first-option.ts";

export interface ReshapeConfig extends LayerConfig {
  /** Lengths after the batch axis; one may be -1, and takes what the others leave. */
  readonly targetShape: readonly number[];
}

/**
 * Gives each input another shape of as many elements, in the same order.
 *
 * Shape: `[batch, ...]` to `[batch, ...targetShape]`. Source: Keras `Reshape`.
 *
 * @throws {InvalidConfigError} a length is neither an integer of at least 0 nor the only -1.
 */
export class Reshape extends Layer<ReshapeConfig> {
  static override readonly className = "Reshape";
  static override readonly options: OptionNames<ReshapeConfig> = { targetShape: true, ...layerOptions };

  /**
   * @param config the config, or just the target shape
   * @param options the others, after the target shape alone
   */
  constructor(config: ReshapeConfig | FixedShape, options?: Omit<ReshapeConfig, "targetShape">) {
    super(withFirstOption<ReshapeConfig>("Reshape", "targetShape", config, isList(config), options));
    const target: unknown = this.config.targetShape;
    const valid =
      Array.isArray(target) &&
      target.every((length) => Number.isInteger(length) && length >= -1) &&
      target.filter((length) => length === -1).length <= 1;
    if (!valid) {
      throw new InvalidConfigError("Reshape", "targetShape", "lengths, of which one may be -1", target);
    }
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    const { targetShape } = this.config;
    const [batch = null, ...rest] = input;
    const known = rest.filter((length) => length !== null);
    const open = known.length < rest.length;
    const size = product(known);
    const fixed = product(targetShape.filter((length) => length !== -1));
    const fits = targetShape.includes(-1) ? fixed > 0 && size % fixed === 0 : size === fixed;
    if (input.length === 0 || (!open && !fits)) {
      const expected = `of as many elements as ${formatShape([null, ...targetShape])}`;
      throw new ShapeError(this.name, "input", expected, formatShape(input));
    }
    return [batch, ...targetShape.map((length) => (length !== -1 ? length : open ? null : size / fixed))];
  }

  override call(input: tf.Tensor): tf.Tensor {
    const [batch = 1, ...rest] = this.outputShape(input.shape);
    return tf.reshape(input, [batch ?? 1, ...rest.map((length) => length ?? -1)]);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), target_shape: this.config.targetShape };
  }

  static fromConfig(reader: ConfigReader): Reshape {
    const target = reader.numbers("target_shape");
    return new Reshape({
      ...readLayerConfig(reader),
      targetShape: isList(target) ? target : reader.fail("target_shape", "a list of lengths", target),
    });
  }
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((size, length) => size * length, 1);
}
