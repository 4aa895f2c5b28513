import { plainPreprocessing, requirePreprocessing } from "@featuremap/images";
import { Model } from "@featuremap/layers";
import { InvalidConfigError, formatShape } from "@featuremap/tensor";
import type { SaveBundleOptions } from "./save-bundle.ts";

/** What is known of the pictures that a model was trained on, all of it or some. */
export interface KnownPictures {
  /** How they became the model's input. */
  readonly preprocessing?: SaveBundleOptions["preprocessing"];
  /** Where `preprocessing` is not known: the factor that made numbers of pixels in [0, 255]. Default: 1. */
  readonly scale?: number;
  /** Names of the classes, where the data say. */
  readonly labels?: readonly string[];
}

/**
 * What a bundle holds of a model where nobody says it: what is known of the pictures it was trained on; else pictures of
 * its own size whose numbers, 0 to 255, it takes as they are, and classes that are called by their numbers.
 *
 * @param owner who saves, for the error
 * @throws {InvalidConfigError} the model does not tell classes of pictures of one size apart, or what is known of them is
 * no description.
 */
export function defaultBundle(
  model: Model,
  pictures: KnownPictures = {},
  owner: string = "defaultBundle",
): SaveBundleOptions {
  if (typeof owner !== "string") throw new InvalidConfigError("defaultBundle", "owner", "a text", owner);
  const expected =
    "one that takes pictures, (None, height, width, 1, 3 or 4), and gives classes, (None, classes); of other models save only the weights";
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a Model of @featuremap/layers", model);
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    const found = `${model.inputs.length} inputs and ${model.outputs.length} outputs`;
    throw new InvalidConfigError(owner, "model", expected, found);
  }
  const { inputShape, output } = model;
  const [, height, width, channels] = inputShape;
  const [, units] = output.shape;
  const modes = { 1: "grayscale", 3: "rgb", 4: "rgba" } as const;
  const isPicture = inputShape.length === 4 && (channels === 1 || channels === 3 || channels === 4);
  if (!isPicture || !height || !width || !units || output.shape.length !== 2) {
    const found = `${formatShape(inputShape)} to ${formatShape(output.shape)}`;
    throw new InvalidConfigError(owner, "model", expected, found);
  }
  const { preprocessing, scale = 1, labels } = pictures ?? {};
  // A single output tells two classes apart.
  const numbers = Array.from({ length: units === 1 ? 2 : units }, (_, index) => String(index));
  const described =
    preprocessing === undefined
      ? plainPreprocessing([height, width], modes[channels], scale)
      : requirePreprocessing(preprocessing, owner);
  return { preprocessing: described, labels: labels ?? numbers };
}
