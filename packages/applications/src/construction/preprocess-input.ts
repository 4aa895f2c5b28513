import { type Preprocessing, pictureChannels } from "@featuremap/images";
import { HostArray, ShapeError, formatShape, requireHostArray } from "@featuremap/tensor";

/** Pictures of 0 to 255 as a network takes them. @throws {ShapeError} the last axis is not that of red, green and blue. */
export function preprocessInput(
  owner: string,
  images: HostArray,
  preprocessing: Preprocessing,
): HostArray<Float32Array> {
  requireHostArray(owner, "images", images);
  const { data, shape } = images;
  if (shape.at(-1) !== 3) throw new ShapeError(owner, "images", "[..., height, width, 3]", formatShape(shape));
  const { scale, mean, standardDeviation } = preprocessing;
  const places = pictureChannels(preprocessing);
  const values = new Float32Array(data.length);
  for (let index = 0; index < values.length; index++) {
    const channel = index % 3;
    const value = Number(data[index - channel + (places[channel] ?? 0)]);
    values[index] = (value * scale - (mean[channel] ?? 0)) / (standardDeviation[channel] ?? 1);
  }
  return new HostArray(values, shape);
}
