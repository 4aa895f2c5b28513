import { plainPreprocessing, requirePreprocessing } from "@featuremap/images";
import { Model } from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";
import { labelCount } from "./bundle.ts";
import type { SaveBundleOptions } from "./save-bundle.ts";

/** What is known of the pictures that a model was trained on, all of it or some. */
export interface KnownPictures {
  /** How they became the model's input. */
  readonly preprocessing?: SaveBundleOptions["preprocessing"];
  /** Where `preprocessing` is not known: the factor that made numbers of pixels in [0, 255]. */
  readonly scale?: number;
  /** Names of the classes, where the data say. */
  readonly labels?: readonly string[];
}

const colorModes = { 1: "grayscale", 3: "rgb", 4: "rgba" } as const;

/** Whether a model takes pictures, (None, height, width, 1, 3 or 4), and gives classes, (None, classes). */
export function classifiesPictures(model: Model): boolean {
  return endsOf("classifiesPictures", model) !== undefined;
}

/**
 * What a bundle holds of a classifier of pictures by what is known of those it was trained on. Where only their scale is
 * known, they are of the model's own size; classes without names are called by their numbers.
 *
 * @param owner who saves, for the error
 * @returns undefined where nothing tells how pictures become the model's input, or it does not classify pictures
 * @throws {InvalidConfigError} what is known is not a description.
 */
export function knownBundle(
  model: Model,
  pictures: KnownPictures = {},
  owner: string = "knownBundle",
): SaveBundleOptions | undefined {
  if (typeof owner !== "string") throw new InvalidConfigError("knownBundle", "owner", "a text", owner);
  const ends = endsOf(owner, model);
  if (ends === undefined) return undefined;
  const { size, channels, units } = ends;
  const { preprocessing, scale, labels } = pictures ?? {};
  const numbers = Array.from({ length: labelCount(units) }, (_, index) => String(index));
  const described = (known: SaveBundleOptions["preprocessing"]): SaveBundleOptions => ({
    preprocessing: known,
    labels: labels ?? numbers,
  });
  if (preprocessing !== undefined) return described(requirePreprocessing(preprocessing, owner));
  return scale === undefined || size === undefined
    ? undefined
    : described(plainPreprocessing(size, colorModes[channels], scale));
}

interface Ends {
  /** Undefined where the model takes any size. */
  readonly size: readonly [height: number, width: number] | undefined;
  readonly channels: keyof typeof colorModes;
  readonly units: number;
}

/** What stands at the ends of a classifier of pictures; undefined for other models. */
function endsOf(owner: string, model: Model): Ends | undefined {
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a Model of @featuremap/layers", model);
  if (model.inputs.length !== 1 || model.outputs.length !== 1) return undefined;
  const { inputShape, output } = model;
  const [, height, width, channels] = inputShape;
  const [, units] = output.shape;
  if (inputShape.length !== 4 || (channels !== 1 && channels !== 3 && channels !== 4)) return undefined;
  if (output.shape.length !== 2 || typeof units !== "number") return undefined;
  return { size: height && width ? [height, width] : undefined, channels, units };
}
