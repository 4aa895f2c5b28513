import { InvalidConfigError } from "@featuremap/tensor";
import type { Preprocessing } from "../preprocessing/preprocessing.ts";
import { DIGIT_SIZE } from "./normalise-digit.ts";

/** What a model says about itself: a bundle and a classifier both do. */
export interface DigitReaderTraits {
  readonly preprocessing: Pick<Preprocessing, "size" | "channels">;
  readonly labels: readonly string[];
}

/**
 * Whether a model reads digits as MNIST has them: it takes 28 x 28 grey pictures, and each of its two or more labels is
 * another digit.
 *
 * Pictures for such a model go through `digitOfImage` first, in the page and in the command alike; all others are
 * classified as they are.
 *
 * @throws {InvalidConfigError} the model has no labels or no preprocessing.
 */
export function readsDigits(model: DigitReaderTraits): boolean {
  const { labels, preprocessing } = model ?? {};
  if (!(Array.isArray(labels) && Array.isArray(preprocessing?.size))) {
    throw new InvalidConfigError("readsDigits", "model", "a bundle or a classifier", model);
  }
  const { size, channels } = preprocessing;
  const [height, width] = size;
  if (height !== DIGIT_SIZE || width !== DIGIT_SIZE || channels !== "grayscale") return false;
  return (
    labels.length >= 2 &&
    labels.length <= 10 &&
    new Set(labels).size === labels.length &&
    labels.every((label) => /^\d$/.test(label))
  );
}
