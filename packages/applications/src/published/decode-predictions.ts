import { type HostArray, InvalidConfigError, ShapeError, formatShape, requireHostArray } from "@featuremap/tensor";
import { type ImagenetClass, imagenetClasses, imagenetCount } from "./imagenet-classes.ts";
import type { PublishedOptions } from "./published-options.ts";

/** A class of ImageNet that a picture may be of. */
export interface DecodedPrediction extends ImagenetClass {
  /** What the network gave for it: a probability, unless it gives logits. */
  readonly score: number;
}

/**
 * The likeliest classes of each picture, the likeliest first; of equal ones first what comes first in ImageNet.
 *
 * Source: Keras `decode_predictions`. The names of classes are a file of Keras's, which is found as published weights are.
 *
 * @param predictions of shape `[pictures, 1000]`, as networks with weights from ImageNet give them
 * @param top how many for each picture
 * @throws {ShapeError} they are of another shape.
 * @throws {InvalidConfigError} `top` is no integer of at least 1, a prediction is not a number, or as {@link imagenetClasses}.
 * @throws {UnavailableError} the names cannot be reached; one line says which file to put where.
 */
export async function decodePredictions(
  predictions: HostArray,
  top = 5,
  options: PublishedOptions = {},
): Promise<readonly (readonly DecodedPrediction[])[]> {
  const owner = "decodePredictions";
  requireHostArray(owner, "predictions", predictions);
  const { data, shape } = predictions;
  if (shape.length !== 2 || shape[1] !== imagenetCount) {
    throw new ShapeError(owner, "predictions", `[pictures, ${imagenetCount}]`, formatShape(shape));
  }
  if (!Number.isInteger(top) || top < 1) throw new InvalidConfigError(owner, "top", "an integer of at least 1", top);
  if (data.some((value: number | bigint) => Number.isNaN(Number(value)))) {
    throw new InvalidConfigError(owner, "predictions", "numbers", "NaN");
  }
  const classes = await imagenetClasses(options);
  return Array.from({ length: shape[0] ?? 0 }, (_, picture) => {
    const scores = Array.from(data.subarray(picture * imagenetCount, (picture + 1) * imagenetCount), Number);
    const named = classes.map((entry, place) => ({ ...entry, score: scores[place] ?? 0 }));
    return named.toSorted((a, b) => b.score - a.score).slice(0, top);
  });
}
