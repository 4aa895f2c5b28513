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

export interface PermuteConfig extends LayerConfig {
  /** For each axis of the output, which of the input's it is: 1 is the first after the batch axis. */
  readonly dims: readonly number[];
}

/**
 * Reorders the axes of each input.
 *
 * Shape: `[batch, ...]` to the same lengths in the order of `dims`. Source: Keras `Permute`.
 *
 * @throws {InvalidConfigError} `dims` does not hold each of 1, 2, ... once.
 */
export class Permute extends Layer<PermuteConfig> {
  static override readonly className = "Permute";
  static override readonly options: OptionNames<PermuteConfig> = { dims: true, ...layerOptions };

  /**
   * @param config the config, or just `dims`
   * @param options the others, after `dims` alone
   */
  constructor(config: PermuteConfig | FixedShape, options?: Omit<PermuteConfig, "dims">) {
    super(withFirstOption<PermuteConfig>("Permute", "dims", config, isList(config), options));
    const dims: unknown = this.config.dims;
    if (!isList(dims) || dims.toSorted((a, b) => a - b).some((axis, index) => axis !== index + 1)) {
      throw new InvalidConfigError("Permute", "dims", "each of 1, 2, ... once", dims);
    }
  }

  override outputShape(input: Shape): Shape {
    const { dims } = this.config;
    if (input.length !== dims.length + 1) {
      throw new ShapeError(this.name, "input", `of ${dims.length + 1} axes`, formatShape(input));
    }
    return [input[0] ?? null, ...dims.map((axis) => input[axis] ?? null)];
  }

  override call(input: tf.Tensor): tf.Tensor {
    return tf.transpose(input, [0, ...this.config.dims]);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), dims: this.config.dims };
  }

  static fromConfig(reader: ConfigReader): Permute {
    const dims = reader.numbers("dims");
    return new Permute({
      ...readLayerConfig(reader),
      dims: isList(dims) ? dims : reader.fail("dims", "a list of axes", dims),
    });
  }
}
