import {
  InvalidConfigError,
  type OptionNames,
  type Padding,
  type Shape,
  ShapeError,
  formatShape,
} from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import {
  conv2d,
  conv2dMaxPool,
  convolveInFormat,
  type Conv2DGeometry,
  type FusableActivation,
  type InnerWork,
} from "@featuremap/operations";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName, serializePart } from "../../config/keras-object.ts";
import type { FusedCall, Layer } from "../../layer/layer.ts";
import { readKernelConfig } from "../../layer/part-readers.ts";
import { type KernelConfig, kernelOptions } from "../../layer/kernel-config.ts";
import { elementsOf } from "../../config/element-counts.ts";
import { KernelLayer } from "../../layer/kernel-layer.ts";
import { MaxPooling2D } from "../pooling/max-pooling2d.ts";
import {
  type DataFormat,
  type InEitherCase,
  type Size2D,
  commonPaddings,
  readImageShape,
  requireDataFormat,
  requirePadding,
  requirePositiveInteger,
  requireSize,
} from "../../config/options.ts";
import { convolutionWork } from "../../layer/sliding-work.ts";
import { readSpatialShape } from "../../config/spatial.ts";
import { slidingOutputShape } from "../../config/window.ts";

export interface Conv2DConfig extends KernelConfig {
  /** Number of output channels. */
  readonly filters: number;
  /** Height and width of the kernel. */
  readonly kernelSize: Size2D;
  /** Steps of the kernel; 1 unless said otherwise. */
  readonly strides?: Size2D | undefined;
  /** `valid` (no zeros around the image) unless said otherwise. */
  readonly padding?: InEitherCase<Padding> | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
  /** Distance between kernel elements; 1 unless said otherwise. */
  readonly dilationRate?: Size2D | undefined;
  /** Number of parts into which channels fall, each convolved by itself; 1 unless said otherwise. */
  readonly groups?: number | undefined;
}

/**
 * Cross-correlates images with learned kernels: `y = activation(x * kernel + bias)`.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, height', width', filters]`, channels second with
 * `channelsFirst`. The kernel is `[kernelHeight, kernelWidth, channels / groups, filters]`.
 * Source: Keras `Conv2D`.
 *
 * @throws {InvalidConfigError} an option is out of range, `filters` is no multiple of `groups`, or strides and
 * dilation are both other than 1.
 * @differs with `channelsFirst`, the bias belongs to the channels always; Keras 3.15 on TensorFlow adds it along the last axis
 * where that is as long as the channels are many
 */
export class Conv2D extends KernelLayer<Conv2DConfig> {
  static override readonly className = "Conv2D";
  static override readonly options: OptionNames<Conv2DConfig> = {
    filters: true,
    kernelSize: true,
    strides: true,
    padding: true,
    dataFormat: true,
    dilationRate: true,
    groups: true,
    ...kernelOptions,
  };
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly dataFormat: DataFormat;
  readonly #geometry: Conv2DGeometry;

  constructor(config: Conv2DConfig) {
    super(config);
    const strides = requireSize("Conv2D", "strides", config.strides ?? 1);
    const dilation = requireSize("Conv2D", "dilationRate", config.dilationRate ?? 1);
    if (Math.max(...strides) > 1 && Math.max(...dilation) > 1) {
      throw new InvalidConfigError("Conv2D", "dilationRate", `1 where strides are ${formatShape(strides)}`, dilation);
    }
    this.filters = requirePositiveInteger("Conv2D", "filters", config.filters);
    this.kernelSize = requireSize("Conv2D", "kernelSize", config.kernelSize);
    this.dataFormat = requireDataFormat("Conv2D", config.dataFormat);
    const groups = requirePositiveInteger("Conv2D", "groups", config.groups ?? 1);
    if (this.filters % groups !== 0) {
      throw new InvalidConfigError("Conv2D", "groups", `a divisor of filters, ${this.filters}`, groups);
    }
    this.#geometry = { strides, padding: requirePadding("Conv2D", config.padding, commonPaddings), dilation, groups };
  }

  override outputShape(input: Shape): Shape {
    const { channels } = readImageShape(this.name, input, this.dataFormat);
    const expected = this.kernelShape === null ? null : (this.kernelShape[2] ?? 0) * this.#geometry.groups;
    if (channels === null || (expected !== null && channels !== expected)) {
      throw new ShapeError(this.name, "channels of the input", `${expected ?? "known"}`, formatShape(input));
    }
    if (channels % this.#geometry.groups !== 0) {
      throw new ShapeError(this.name, "channels", `a multiple of groups, ${this.#geometry.groups}`, `${channels}`);
    }
    const window = { ...this.#geometry, size: this.kernelSize };
    return slidingOutputShape(this.name, input, window, this.dataFormat, this.filters);
  }

  protected override createWeights(input: Shape): void {
    const channels = readImageShape(this.name, input, this.dataFormat).channels ?? 0;
    this.addKernel([...this.kernelSize, channels / this.#geometry.groups, this.filters], this.filters);
  }

  protected override innerWork([input = []]: readonly Shape[], [output = []]: readonly Shape[]): InnerWork {
    const shape = readSpatialShape(this.name, input, this.dataFormat, 2);
    const window = { ...this.#geometry, size: this.kernelSize };
    return convolutionWork(shape, elementsOf(output), window, (shape.channels ?? 1) / this.#geometry.groups);
  }

  override call(input: tf.Tensor): tf.Tensor {
    return convolveInFormat(input, this.dataFormat, this.activation, (images, activation) =>
      this.#convolve(images, activation, conv2d),
    );
  }

  /** With a maximum over windows of 2 x 2, which a device may take before it writes the convolution's output. */
  override fuseWith(next: Layer): FusedCall | undefined {
    // Subclasses compute what they like.
    if (this.constructor !== Conv2D || !(next instanceof MaxPooling2D) || next.constructor !== MaxPooling2D) {
      return undefined;
    }
    const { size, strides, padding } = next.window;
    const halves = [...size, ...strides].every((length) => length === 2);
    if (!halves || this.dataFormat !== "channelsLast" || next.dataFormat !== "channelsLast") return undefined;
    return (input) => {
      const fits = padding === "valid" || this.#givesEvenLengths(input);
      return (fits ? this.#convolve(input, this.activation, conv2dMaxPool) : undefined) ?? next.call(this.call(input));
    };
  }

  #convolve<Output>(
    images: tf.Tensor,
    activation: FusableActivation,
    operation: (...given: Parameters<typeof conv2d>) => Output,
  ): Output {
    const kernel = this.kernel.variable as tf.Tensor as tf.Tensor4D;
    const bias = (this.bias?.variable ?? null) as tf.Tensor1D | null;
    return operation(images as tf.Tensor4D, kernel, bias, activation, this.#geometry);
  }

  /** Then windows of 2 x 2 need no padding. */
  #givesEvenLengths(images: tf.Tensor): boolean {
    const [, height, width] = this.outputShape(images.shape);
    return [height, width].every((length) => typeof length === "number" && length % 2 === 0);
  }

  override getConfig(): Record<string, unknown> {
    const { strides, padding, dilation, groups } = this.#geometry;
    return {
      ...super.getConfig(),
      filters: this.filters,
      kernel_size: this.kernelSize,
      strides,
      padding,
      data_format: pythonName(this.dataFormat),
      dilation_rate: dilation,
      groups,
      ...this.kernelOptions(),
      activity_regularizer: serializePart(this.activityRegularizer),
    };
  }

  static fromConfig(reader: ConfigReader): Conv2D {
    return new Conv2D({
      ...readKernelConfig(reader),
      filters: reader.number("filters") ?? 0,
      kernelSize: reader.pair("kernel_size") ?? 0,
      strides: reader.pair("strides"),
      padding: reader.word("padding", commonPaddings),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
      dilationRate: reader.pair("dilation_rate"),
      groups: reader.number("groups"),
    });
  }
}
