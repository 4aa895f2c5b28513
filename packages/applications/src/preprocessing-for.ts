import type { Preprocessing } from "@featuremap/images";
import { InvalidConfigError } from "@featuremap/tensor";
import type { Application } from "./application.ts";
import { requireInputShape } from "./define-application.ts";
import type { InputShape } from "./input-shape.ts";

/**
 * How a picture becomes an input of another shape than the network's own: other size and channels, the same numbers.
 *
 * @throws {InvalidConfigError} the shape leaves height or width open, or has neither 1 nor 3 channels.
 */
export function preprocessingFor({ name, preprocessing }: Application, inputShape: InputShape): Preprocessing {
  const [height, width, channels] = requireInputShape(name, inputShape);
  if (height === null || width === null || (channels !== 1 && channels !== 3)) {
    const expected = "[height, width, channels] of whole numbers, with 1 or 3 channels";
    throw new InvalidConfigError(name, "inputShape", expected, inputShape);
  }
  const { channelOrder, ...others } = preprocessing;
  return {
    ...others,
    ...(channels === 3 && channelOrder !== undefined && { channelOrder }),
    size: [height, width],
    channels: channels === 1 ? "grayscale" : "rgb",
    mean: inChannels(preprocessing.mean, channels),
    standardDeviation: inChannels(preprocessing.standardDeviation, channels),
  };
}

/** The same numbers, or of another number of channels their mean for each. */
function inChannels(numbers: readonly number[], channels: 1 | 3): readonly number[] {
  if (numbers.length === channels) return numbers;
  return new Array<number>(channels).fill(numbers.reduce((sum, number) => sum + number, 0) / numbers.length);
}
