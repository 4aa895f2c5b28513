import { type Pixels, type Preprocessing, channelCount, pictureChannels } from "@featuremap/images";
import type { HostArray } from "@featuremap/tensor";

/** A model's input of one picture, back to colours: what the network sees. */
export function pixelsOfInput(input: HostArray, preprocessing: Preprocessing): Pixels {
  const { scale, mean, standardDeviation, channels } = preprocessing;
  const depth = channelCount(channels);
  const places = pictureChannels(preprocessing);
  const isFirst = input.shape[2] !== depth && input.shape[0] === depth;
  const [height = 1, width = 1] = isFirst ? input.shape.slice(1) : input.shape;
  const data = new Uint8ClampedArray(height * width * depth);
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let channel = 0; channel < depth; channel++) {
      const value = input.data[isFirst ? channel * height * width + pixel : pixel * depth + channel] ?? 0;
      const byte = (value * (standardDeviation[channel] ?? 1) + (mean[channel] ?? 0)) / scale;
      data[pixel * depth + (places[channel] ?? 0)] = byte;
    }
  }
  return { data, width, height };
}
