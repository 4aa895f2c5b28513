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
  const length = area * channels;
  for (const [picture, { data }] of pictures.entries()) {
    const from = picture * length;
    if (dataFormat === "channelsLast") {
      if (scale === 1) values.set(data.subarray(0, length), from);
      else for (let index = 0; index < length; index++) values[from + index] = (data[index] ?? 0) * scale;
      continue;
    }
    for (let pixel = 0; pixel < area; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        values[from + channel * area + pixel] = (data[pixel * channels + channel] ?? 0) * scale;
      }
    }
  }
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
