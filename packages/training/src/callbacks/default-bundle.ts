import type { SaveBundleOptions } from "@featuremap/formats";
import type { Model } from "@featuremap/layers";
import type { KnownPictures } from "../data/known-pictures.ts";
import { InvalidConfigError, formatShape, plainPreprocessing } from "@featuremap/tensor";

/**
 * What a bundle holds of a model where nobody says it: what is known of the pictures it was trained on; else pictures of
 * its own size whose numbers, 0 to 255, it takes as they are, and classes that are called by their numbers.
 *
 * @throws {InvalidConfigError} the model does not tell classes of pictures of one size apart.
 */
export function defaultBundle(owner: string, model: Model, pictures: KnownPictures | undefined): SaveBundleOptions {
  const expected =
    "one that takes pictures, (None, height, width, 1 or 3), and gives classes, (None, classes), unless saveWeightsOnly is true";
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    const found = `${model.inputs.length} inputs and ${model.outputs.length} outputs`;
    throw new InvalidConfigError(owner, "model", expected, found);
  }
  const { inputShape, output } = model;
  const [, height, width, channels] = inputShape;
  const [, units] = output.shape;
  const isPicture = inputShape.length === 4 && (channels === 1 || channels === 3);
  if (!isPicture || !height || !width || !units || output.shape.length !== 2) {
    const found = `${formatShape(inputShape)} to ${formatShape(output.shape)}`;
    throw new InvalidConfigError(owner, "model", expected, found);
  }
  const plain = plainPreprocessing([height, width], channels === 1 ? "grayscale" : "rgb");
  // A single output tells two classes apart.
  const numbers = Array.from({ length: units === 1 ? 2 : units }, (_, index) => String(index));
  return { preprocessing: pictures?.preprocessing ?? plain, labels: pictures?.labels ?? numbers };
}
