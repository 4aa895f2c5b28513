import { plainPreprocessing } from "@featuremap/images";
import { HostArray } from "@featuremap/tensor";
import { ImageDataset } from "./image-dataset.ts";

/** At most 256 images of two pixels; image i has pixels i and 255 - i and label i, so that a mix-up shows. */
export function countingDataset(count: number): ImageDataset {
  const pixels = Array.from({ length: count }, (_, index) => [index, 255 - index]);
  return new ImageDataset({
    images: new HostArray(Uint8Array.from(pixels.flat()), [count, 2, 1, 1]),
    labels: new HostArray(
      Int32Array.from({ length: count }, (_, index) => index),
      [count],
    ),
    classNames: Array.from({ length: count }, (_, index) => `class ${index}`),
    preprocessing: plainPreprocessing([2, 1], "grayscale"),
  });
}

export function labelsOf(dataset: ImageDataset): number[] {
  return [...dataset.labels.data];
}
