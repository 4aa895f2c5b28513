import type { Preprocessing } from "@featuremap/images";
import { InvalidConfigError } from "@featuremap/tensor";
import type { Application, InputShape } from "./application.ts";
import { requireInputShape } from "./define-application.ts";

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
  const [mean = 0] = preprocessing.mean;
  const [deviation = 1] = preprocessing.standardDeviation;
  return {
    ...preprocessing,
    size: [height, width],
    channels: channels === 1 ? "grayscale" : "rgb",
    mean: new Array<number>(channels).fill(mean),
    standardDeviation: new Array<number>(channels).fill(deviation),
  };
}
