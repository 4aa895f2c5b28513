import {
  HostArray,
  type OptionNames,
  ShapeError,
  checkOptions,
  formatShape,
  requireHostArray,
} from "@featuremap/tensor";
import { requireInteger } from "../svg/drawing-options.ts";

export interface ChannelPicturesOptions {
  /** Which image of a batch. Default: 0, the first. */
  readonly image?: number | undefined;
}

const channelOptions: OptionNames<ChannelPicturesOptions> = { image: true };

/**
 * Each channel of a layer's output as a picture of its own: feature maps.
 *
 * @param output of shape [height, width, channels] or [images, height, width, channels], as a model and `featureMaps` of
 *   `@featuremap/explain` give it
 * @returns as many arrays of shape [height, width]; `range: "picture"` of a grid shows each in its own contrast
 * @throws {InvalidConfigError | ShapeError} it is not such an output, or has no such image.
 */
export function channelPictures(output: HostArray, options: ChannelPicturesOptions = {}): readonly HostArray[] {
  const owner = "channelPictures";
  requireHostArray(owner, "output", output);
  checkOptions(owner, options, channelOptions);
  if (output.rank !== 3 && output.rank !== 4) {
    const expected = "(height, width, channels) or (images, height, width, channels)";
    throw new ShapeError(owner, "shape of output", expected, formatShape(output.shape));
  }
  const { image = 0 } = options;
  const images = output.rank === 4 ? (output.shape[0] ?? 0) : 1;
  requireInteger(owner, "image", image, 0, images - 1);
  const shown = output.rank === 4 ? output.entry(image) : output;
  return Array.from({ length: shown.shape[2] ?? 0 }, (_, channel) => channelOf(shown, channel));
}

export interface FilterPicturesOptions {
  /** Which input channel is shown of filters that are neither grey nor RGB. Default: 0. */
  readonly inputChannel?: number | undefined;
}

const filterOptions: OptionNames<FilterPicturesOptions> = { inputChannel: true };

/**
 * Each filter of a convolution as a picture: in colours where the input is RGB, in grey otherwise.
 *
 * @param filters of shape [filters, height, width, inputChannels], as `filtersOf` of `@featuremap/explain` gives them
 * @returns as many arrays of shape [height, width, 3] or [height, width]; `range: "picture"` shows each in its own contrast
 * @throws {InvalidConfigError | ShapeError} they are not such filters, or have no such input channel.
 */
export function filterPictures(filters: HostArray, options: FilterPicturesOptions = {}): readonly HostArray[] {
  const owner = "filterPictures";
  requireHostArray(owner, "filters", filters);
  checkOptions(owner, options, filterOptions);
  const [count = 0, , , inputs = 0] = filters.shape;
  if (filters.rank !== 4) {
    const expected = "(filters, height, width, inputChannels)";
    throw new ShapeError(owner, "shape of filters", expected, formatShape(filters.shape));
  }
  const { inputChannel } = options;
  if (inputChannel !== undefined) requireInteger(owner, "inputChannel", inputChannel, 0, inputs - 1);
  const inColor = inputs === 3 && inputChannel === undefined;
  return Array.from({ length: count }, (_, index) => {
    const filter = filters.entry(index);
    return inColor ? filter : channelOf(filter, inputChannel ?? 0);
  });
}

/** One channel of an array of shape [height, width, channels]. */
function channelOf(array: HostArray, channel: number): HostArray {
  const [height = 0, width = 0, channels = 1] = array.shape;
  const values = Float32Array.from(
    { length: height * width },
    (_, pixel) => array.data[pixel * channels + channel] ?? 0,
  );
  return new HostArray(values, [height, width]);
}
