import { InvalidConfigError, Option, type Options, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import {
  borderOfProportions,
  cropToProportions,
  padToProportions,
  resizeImages,
  resizingWork,
  type InnerWork,
  type Interpolation,
} from "@featuremap/operations";
import { elementsOf } from "../../config/element-counts.ts";
import { type ImageShape, readImageShape } from "../../config/options.ts";
import { ImageLayer, type ImageLayerConfig, imageOptions } from "./image-layer.ts";
import { oneOf } from "./interpolation.ts";

export interface ResizingConfig extends ImageLayerConfig {
  readonly height: number;
  readonly width: number;
  /** Default: `bilinear`. */
  readonly interpolation?: Interpolation | undefined;
  /** Whether images are first cut to the target's proportions; otherwise they are stretched. Default: false. */
  readonly cropToAspectRatio?: boolean | undefined;
  /** Whether images first get a border that gives them the target's proportions. Default: false. */
  readonly padToAspectRatio?: boolean | undefined;
  /** How the border is filled: with one number. */
  readonly fillMode?: "constant" | undefined;
  /** The number that fills the border. Default: 0. */
  readonly fillValue?: number | undefined;
  /** Whether images are smoothed before they shrink, except with `nearest` and `area`. Default: false. */
  readonly antialias?: boolean | undefined;
}

const declared = {
  height: Option.integer(),
  width: Option.integer(),
  interpolation: oneOf<Interpolation>("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5").default(
    "bilinear",
  ),
  cropToAspectRatio: Option.flag().default(false),
  padToAspectRatio: Option.flag().default(false),
  fillMode: Option.word<"constant">(["constant"], '"constant"', { refusesNull: false }).default("constant"),
  fillValue: Option.number().default(0),
  antialias: Option.flag().default(false),
};

/**
 * Resizes images, in training and prediction alike.
 *
 * Shape: `[batch, any, any, channels]` to `[batch, height, width, channels]`. Source: Keras `Resizing`.
 *
 * @throws {InvalidConfigError} a length is not an integer of at least 1, there is no such interpolation or fill mode, or images
 * are both cut and given a border.
 */
export class Resizing extends ImageLayer<ResizingConfig> {
  static override readonly className: string = "Resizing";
  static override readonly options: Options<ResizingConfig> = { ...declared, ...imageOptions };
  readonly height: number;
  readonly width: number;
  readonly interpolation: Interpolation;
  readonly #crops: boolean;
  readonly #pads: boolean;
  readonly #fillValue: number;
  readonly #antialias: boolean;

  constructor(config: ResizingConfig) {
    super(config);
    const values = this.settle(declared);
    this.height = values.height;
    this.width = values.width;
    this.interpolation = values.interpolation;
    this.#crops = values.cropToAspectRatio;
    this.#pads = values.padToAspectRatio;
    this.#fillValue = values.fillValue;
    this.#antialias = values.antialias;
    if (this.#crops && this.#pads)
      throw new InvalidConfigError("Resizing", "padToAspectRatio", "false with cropToAspectRatio", true);
  }

  protected override outputImageShape(input: ImageShape): ImageShape {
    return { ...input, height: this.height, width: this.width };
  }

  /** Ignores what cutting saves. */
  protected override innerWork([input = []]: readonly Shape[]): InnerWork {
    const size = [this.height, this.width] as const;
    const image = readImageShape(this.name, input.length === 3 ? [1, ...input] : input, this.dataFormat);
    const lengths = [image.batch ?? 1, image.height ?? 1, image.width ?? 1] as const;
    const [rows, columns] = this.#pads ? borderOfProportions(lengths, size) : [0, 0];
    const padded = [lengths[0], lengths[1] + 2 * rows, lengths[2] + 2 * columns, image.channels];
    const { operations, elements } = resizingWork(padded, size, this.interpolation, this.#antialias);
    return { operations: operations + elementsOf(padded), elements: elements + elementsOf(padded) };
  }

  protected override process(images: tf.Tensor): tf.Tensor {
    const size = [this.height, this.width] as const;
    const cut = this.#crops ? cropToProportions(images, size) : images;
    const prepared = this.#pads ? padToProportions(cut, size, this.#fillValue) : cut;
    return resizeImages(prepared, size, this.interpolation, this.#antialias);
  }
}
