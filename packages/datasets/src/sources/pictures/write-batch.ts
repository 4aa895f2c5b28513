import type { Pixels } from "@featuremap/images";
import { HostArray } from "@featuremap/tensor";
import { oneHot } from "../batches/one-hot.ts";
import type { CheckedImageOptions } from "./image-options.ts";

/** Pictures as a model's input: float32, `[size, height, width, channels]` or with the channels first. */
export function writeInputs(
  pictures: readonly Pixels[],
  { imageSize, channels }: CheckedImageOptions,
  scale: number,
  dataFormat: "channelsLast" | "channelsFirst",
): HostArray<Float32Array> {
  const [height, width] = imageSize;
  const area = height * width;
  const values = new Float32Array(pictures.length * area * channels);
  pictures.forEach(({ data }, picture) => {
    const to = values.subarray(picture * area * channels, (picture + 1) * area * channels);
    if (dataFormat === "channelsLast") {
      for (let index = 0; index < to.length; index++) to[index] = (data[index] ?? 0) * scale;
      return;
    }
    for (let pixel = 0; pixel < area; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        to[channel * area + pixel] = (data[pixel * channels + channel] ?? 0) * scale;
      }
    }
  });
  const shape = dataFormat === "channelsLast" ? [height, width, channels] : [channels, height, width];
  return new HostArray(values, [pictures.length, ...shape]);
}

/**
 * Labels in the form that a loss takes. Without labels there is nothing for each picture, `[size, 0]`: prediction does not
 * look at it, and no loss takes it.
 */
export function writeLabels(
  labels: readonly number[],
  mode: "int" | "categorical" | "binary" | null,
  classCount: number,
): HostArray<Int32Array> | HostArray<Float32Array> {
  if (mode === "categorical") return oneHot(labels, classCount);
  if (mode === "binary") return new HostArray(Float32Array.from(labels), [labels.length, 1]);
  if (mode === null) return new HostArray(new Float32Array(0), [labels.length, 0]);
  return new HostArray(Int32Array.from(labels), [labels.length]);
}
