import { InvalidConfigError, type OptionNames, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { layerOptions } from "../../layer/layer-config.ts";
import {
  borderOfProportions,
  cropToProportions,
  padToProportions,
  resizeImages,
  resizingWork,
  type InnerWork,
  type Interpolation,
} from "@featuremap/operations";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import { elementsOf } from "../../config/element-counts.ts";
import { ImageLayer, type ImageLayerConfig } from "./image-layer.ts";
import { type ImageShape, readImageShape, requirePositiveInteger } from "../../config/options.ts";

export interface ResizingConfig extends ImageLayerConfig {
  readonly height: number;
  readonly width: number;
  /** Default: `bilinear`. */
  readonly interpolation?: Interpolation | undefined;
  /** Whether images are first cut to the target's proportions; otherwise they are stretched. Default: false. */
  readonly cropToAspectRatio?: boolean | undefined;
  /** Whether images first get a border, to the target's proportions. Default: false. */
  readonly padToAspectRatio?: boolean | undefined;
  /** What the border is: one number. */
  readonly fillMode?: "constant" | undefined;
  /** Which. Default: 0. */
  readonly fillValue?: number | undefined;
  /** Whether shrinking smooths first, but for `nearest` and `area`. Default: false. */
  readonly antialias?: boolean | undefined;
}

const interpolations: readonly Interpolation[] = ["bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5"];

/**
 * Resizes images, in training and prediction alike.
 *
 * Shape: `[batch, any, any, channels]` to `[batch, height, width, channels]`. Source: Keras `Resizing`.
 *
 * @throws {InvalidConfigError} a length is not an integer of at least 1, there is no such interpolation or fill mode, or images
 * are both cut and given a border.
 */
export class Resizing extends ImageLayer<ResizingConfig> {
  static override readonly className = "Resizing";
  static override readonly options: OptionNames<ResizingConfig> = {
    height: true,
    width: true,
    interpolation: true,
    cropToAspectRatio: true,
    padToAspectRatio: true,
    fillMode: true,
    fillValue: true,
    dataFormat: true,
    antialias: true,
    ...layerOptions,
  };
  readonly height: number;
  readonly width: number;
  readonly interpolation: Interpolation;

  constructor(config: ResizingConfig) {
    super(config);
    this.height = requirePositiveInteger("Resizing", "height", config.height);
    this.width = requirePositiveInteger("Resizing", "width", config.width);
    this.interpolation = config.interpolation ?? "bilinear";
    if (!interpolations.includes(this.interpolation)) {
      const expected = `one of ${interpolations.join(", ")}`;
      throw new InvalidConfigError("Resizing", "interpolation", expected, config.interpolation);
    }
    if ((config.fillMode ?? "constant") !== "constant") {
      throw new InvalidConfigError("Resizing", "fillMode", '"constant"', config.fillMode);
    }
    if (config.cropToAspectRatio === true && config.padToAspectRatio === true) {
      throw new InvalidConfigError("Resizing", "padToAspectRatio", "false with cropToAspectRatio", true);
    }
    if (!Number.isFinite(config.fillValue ?? 0)) {
      throw new InvalidConfigError("Resizing", "fillValue", "a finite number", config.fillValue);
    }
  }

  protected override outputImageShape(input: ImageShape): ImageShape {
    return { ...input, height: this.height, width: this.width };
  }

  /** As if nothing were cut off, which only lessens the work. */
  protected override innerWork([input = []]: readonly Shape[]): InnerWork {
    const { padToAspectRatio = false, antialias = false } = this.config;
    const size = [this.height, this.width] as const;
    const image = readImageShape(this.name, input.length === 3 ? [1, ...input] : input, this.dataFormat);
    const lengths = [image.batch ?? 1, image.height ?? 1, image.width ?? 1] as const;
    const [rows, columns] = padToAspectRatio ? borderOfProportions(lengths, size) : [0, 0];
    const padded = [lengths[0], lengths[1] + 2 * rows, lengths[2] + 2 * columns, image.channels];
    const { operations, elements } = resizingWork(padded, size, this.interpolation, antialias);
    return { operations: operations + elementsOf(padded), elements: elements + elementsOf(padded) };
  }

  protected override process(images: tf.Tensor): tf.Tensor {
    const { cropToAspectRatio = false, padToAspectRatio = false, fillValue = 0, antialias = false } = this.config;
    const size = [this.height, this.width] as const;
    const cut = cropToAspectRatio ? cropToProportions(images, size) : images;
    const prepared = padToAspectRatio ? padToProportions(cut, size, fillValue) : cut;
    return resizeImages(prepared, size, this.interpolation, antialias);
  }

  override getConfig(): Record<string, unknown> {
    const { cropToAspectRatio = false, padToAspectRatio = false, fillValue = 0, antialias = false } = this.config;
    return {
      ...super.getConfig(),
      height: this.height,
      width: this.width,
      interpolation: this.interpolation,
      crop_to_aspect_ratio: cropToAspectRatio,
      pad_to_aspect_ratio: padToAspectRatio,
      fill_mode: "constant",
      fill_value: fillValue,
      antialias,
    };
  }

  static fromConfig(reader: ConfigReader): Resizing {
    return new Resizing({
      ...readLayerConfig(reader),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
      height: reader.number("height") ?? Number.NaN,
      width: reader.number("width") ?? Number.NaN,
      interpolation: reader.word("interpolation", interpolations),
      cropToAspectRatio: reader.boolean("crop_to_aspect_ratio"),
      padToAspectRatio: reader.boolean("pad_to_aspect_ratio"),
      fillMode: reader.word("fill_mode", ["constant"]),
      fillValue: reader.number("fill_value"),
      antialias: reader.boolean("antialias"),
    });
  }
}
