import { type Preprocessing, plainPreprocessing } from "@featuremap/images";

/** Pixels from -2 to 2, about what a picture's own mean and deviation would make of them: all photos go through the same. */
export function centredPreprocessing(
  height: number,
  width: number,
  channels: Preprocessing["channels"],
): Preprocessing {
  const plain = plainPreprocessing([height, width], channels, 1 / 255);
  return { ...plain, mean: plain.mean.map(() => 0.5), standardDeviation: plain.mean.map(() => 0.25) };
}
