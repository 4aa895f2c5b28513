import { type Pixels, type Preprocessing, channelCount, pictureChannels, preprocessPixels } from "@featuremap/images";

/** RGBA, 4 bytes per pixel, row by row. */
export interface SeenPicture extends Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * What a model is given, as a picture: preprocessed by the model's own description, and scaled back to 0 to 255.
 *
 * @returns of the size that the model takes
 */
export function seenPicture(pixels: Pixels, preprocessing: Preprocessing): SeenPicture {
  const [height, width] = preprocessing.size;
  const { data: input } = preprocessPixels(pixels, preprocessing);
  const channels = channelCount(preprocessing.channels);
  const places = pictureChannels(preprocessing);
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      const channel = channels === 1 ? 0 : (places[colour] ?? 0);
      const { [channel]: mean = 0 } = preprocessing.mean;
      const { [channel]: deviation = 1 } = preprocessing.standardDeviation;
      data[pixel * 4 + colour] = ((input[pixel * channels + channel] ?? 0) * deviation + mean) / preprocessing.scale;
    }
  }
  return { data, width, height };
}
