import {
  HostArray,
  type OptionNames,
  ShapeError,
  checkOptions,
  formatShape,
  requireHostArray,
} from "@featuremap/tensor";
import { requireInteger } from "../svg/drawing-options.ts";

/**
 * Each channel of a layer's output as a picture of its own.
 *
 * @param output of shape [height, width, channels], or [1, height, width, channels] as a model gives it for one picture
 * @returns as many arrays of shape [height, width]; `range: "picture"` of a grid shows each in its own contrast
 * @throws {InvalidConfigError | ShapeError} it is not such an output.
 */
export function featureMapsOf(output: HostArray): readonly HostArray[] {
  const owner = "featureMapsOf";
  requireHostArray(owner, "output", output);
  const shape = output.rank === 4 && output.shape[0] === 1 ? output.shape.slice(1) : output.shape;
  const [height = 0, width = 0, channels = 0] = shape;
  if (shape.length !== 3) {
    const expected = "(height, width, channels) or (1, height, width, channels)";
    throw new ShapeError(owner, "shape of output", expected, formatShape(output.shape));
  }
  return Array.from({ length: channels }, (_, channel) => {
    const data = Float32Array.from(
      { length: height * width },
      (_unused, pixel) => output.data[pixel * channels + channel] ?? 0,
    );
    return new HostArray(data, [height, width]);
  });
}

export interface FiltersOptions {
  /** Which input channel is shown of filters that are neither grey nor RGB. Default: 0. */
  readonly inputChannel?: number | undefined;
}

const filterOptions: OptionNames<FiltersOptions> = { inputChannel: true };

/**
 * Each filter of a convolution as a picture: in colours where the input is RGB, in grey otherwise.
 *
 * @param kernel of shape [height, width, inputChannels, filters], the layer's first weight
 * @returns as many arrays of shape [height, width, 3] or [height, width]; `range: "picture"` shows each in its own contrast
 * @throws {InvalidConfigError | ShapeError} it is not a kernel, or has no such input channel.
 */
export function filtersOf(kernel: HostArray, options: FiltersOptions = {}): readonly HostArray[] {
  const owner = "filtersOf";
  requireHostArray(owner, "kernel", kernel);
  checkOptions(owner, options, filterOptions);
  const [height = 0, width = 0, inputs = 0, filters = 0] = kernel.shape;
  if (kernel.rank !== 4) {
    throw new ShapeError(
      owner,
      "shape of kernel",
      "(height, width, inputChannels, filters)",
      formatShape(kernel.shape),
    );
  }
  const { inputChannel } = options;
  if (inputChannel !== undefined) requireInteger(owner, "inputChannel", inputChannel, 0, Math.max(inputs - 1, 0));
  const shown = inputs === 3 && inputChannel === undefined ? 3 : 1;
  return Array.from({ length: filters }, (_, filter) => {
    const data = Float32Array.from({ length: height * width * shown }, (_unused, at) => {
      const [pixel, channel] = [Math.floor(at / shown), (inputChannel ?? 0) + (at % shown)];
      return kernel.data[(pixel * inputs + channel) * filters + filter] ?? 0;
    });
    return new HostArray(data, shown === 3 ? [height, width, 3] : [height, width]);
  });
}
